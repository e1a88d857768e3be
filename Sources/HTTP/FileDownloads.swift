import Diagnostics
import Glibc
import SystemPackage

/// Fetches single files over HTTP and HTTPS, with the machine's proxies and certificates.
package struct FileDownloads: Sendable {
    private static let mostRedirects = 5
    private let client: HTTPClient

    /// Creates a client.
    /// - Parameter certificates: a file of certificates to trust besides the system's.
    package init(certificates: String? = nil) { client = HTTPClient(certificates: certificates) }

    /// Fetches what stands at an address; redirects are followed, but never from HTTPS to HTTP.
    /// - Parameters:
    ///   - file: takes the body of a good answer; made, or emptied where it is there.
    ///   - limit: the most bytes that are taken.
    /// - Returns: the status of the answer, such as 200 or 404.
    /// - Throws: `Failure` when there is no answer, when it breaks off, or when it is longer than the limit.
    package func fetch(_ url: String, to file: FilePath, limit: Int64) async throws(Failure) -> Int {
        try Self.empty(file)
        var url = url
        for _ in 0...Self.mostRedirects {
            var request = HTTPRequest("GET", url)
            request.file = file
            request.fileLimit = limit
            let response = try await client.send(request)
            guard (301...308).contains(response.status), let location = response.headers["location"] else {
                return response.status
            }
            let next = URLText.resolve(location, from: url)
            guard next.hasPrefix("https://") || url.hasPrefix("http://") else {
                throw Failure(.transport, "\(URLText.server(of: url)) redirects from HTTPS to something else")
            }
            url = next
        }
        throw Failure(.transport, "\(URLText.server(of: url)) redirects more than \(Self.mostRedirects) times")
    }

    private static func empty(_ file: FilePath) throws(Failure) {
        let number = open(file.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else {
            throw .system(.unwritable, file.string)
        }
        close(number)
    }
}
