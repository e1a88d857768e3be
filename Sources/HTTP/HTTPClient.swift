import Diagnostics
import Glibc
import Synchronization

/// Sends requests with libcurl, each on a thread of its own, so that tasks wait without holding one.
package struct HTTPClient: Sendable {
    /// A file of certificates to trust besides the system's; `nil` for none.
    private let certificates: String?
    private let handles: HTTPHandles?

    /// Creates a client; by default only the system's certificates are trusted.
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
                DetachedThread.run { continuation.resume(returning: transfer.perform()) }
            }
        } onCancel: {
            transfer.cancel()
        }
        return try result.get()
    }
}

/// Runs work that blocks on a thread of its own.
package enum DetachedThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs it; nobody waits for its end.
    package static func run(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        // Without a thread to spare the work is done here.
        if status != 0 { work.takeRetainedValue().body() }
    }
}
