import OCIImage
import SystemPackage

/// One request to a server or an engine.
struct HTTPRequest: Sendable {
    var method = "GET"
    var url: String
    var headers: [(name: String, value: String)] = []
    var body: JoinedContent?
    /// The socket that leads to the server; `nil` is the network.
    var socket: FilePath?
    /// Seconds until it must be connected.
    var connectTimeout: Double = 10
    /// Seconds until all is done; `nil` waits as long as bytes come.
    var timeout: Double?
    /// Seconds without a byte after which the server is taken for dead; where there is no `timeout`.
    var stall = 60
    /// The most bytes of an answer that is kept in memory.
    var limit = 32 << 20
    /// The file, which is there, that takes the body of a good answer, instead of memory.
    var file: FilePath?
    /// The most bytes that the file may take.
    var fileLimit: Int64 = .max
    /// The digest that the file must have; it is computed as the bytes come in.
    var fileDigest: Digest?
    /// Told of the bytes sent.
    var progress: BlobProgress?

    init(_ method: String = "GET", _ url: String) {
        self.method = method
        self.url = url
    }
}

/// The answer to a request.
struct HTTPResponse: Sendable {
    var status: Int
    /// The headers, with names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    /// Whether the status is 2xx.
    var isSuccess: Bool { (200..<300).contains(status) }
    /// The digest that a registry says its content has; `nil` where it does not say.
    var contentDigest: String? { headers["docker-content-digest"].flatMap { $0.isEmpty ? nil : $0 } }
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
