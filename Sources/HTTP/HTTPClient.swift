import Diagnostics
import Files

/// Sends requests with libcurl, each on a thread of its own, so that tasks wait without holding one.
package struct HTTPClient: Sendable {
    /// A file of certificates to trust besides the system's; `nil` for none.
    private let certificates: String?
    private let handles: HTTPHandles?

    /// - Parameter keepsConnections: whether a request without a body takes a connection that an earlier one has left open.
    package init(certificates: String? = nil, keepsConnections: Bool = false) {
        self.certificates = certificates
        handles = keepsConnections ? HTTPHandles() : nil
    }

    /// Sends a request; redirects are not followed, and any status is an answer.
    /// - Throws: `Failure` of code `transport` when there is no answer.
    package func send(_ request: HTTPRequest) async throws(Failure) -> HTTPResponse {
        let transfer = HTTPTransfer(request, certificates: certificates, handles: handles)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let work = { continuation.resume(returning: transfer.perform()) }
                // Without a thread to spare the work is done here.
                if let thread = WorkThread(work) { thread.detach() } else { work() }
            }
        } onCancel: {
            transfer.cancel()
        }
        return try result.get()
    }
}
