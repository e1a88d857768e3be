import Diagnostics
import SystemPackage

/// One request to a server or an engine.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)] = []
    package var body: HTTPBody?
    /// The socket that leads to the server; `nil` is the network.
    package var socket: FilePath?
    /// The certificates of both sides, where the server has its own.
    package var identity: TLSIdentity?
    /// Seconds until it must be connected.
    package var connectTimeout: Double = 10
    /// Seconds until all is done; `nil` waits as long as bytes come.
    package var timeout: Double?
    /// Seconds without a byte after which the server is taken for dead; where there is no `timeout`.
    package var stall = 60
    /// The most bytes of an answer that is kept in memory.
    package var limit = 32 << 20
    /// The file, which is there, that takes the body of a good answer, instead of memory.
    package var file: FilePath?
    /// The most bytes that the file may take.
    package var fileLimit: Int64 = .max
    /// The sha256 that the file must have, in hex; it is computed as the bytes come in.
    package var fileSHA256: String?
    /// Told of the bytes sent.
    package var progress: (@Sendable (_ done: Int64, _ total: Int64) -> Void)?

    package init(_ method: String, _ url: String) {
        self.method = method
        self.url = url
    }
}

/// The bytes that go out with a request, read as they are sent.
package struct HTTPBody: Sendable {
    package let size: Int64
    let makeReader: @Sendable () -> any HTTPBodyReader

    /// Creates a body; each transfer makes a reader of its own.
    package init(size: Int64, makeReader: @escaping @Sendable () -> any HTTPBodyReader) {
        self.size = size
        self.makeReader = makeReader
    }
}

/// Reads a body from its beginning to its end.
package protocol HTTPBodyReader {
    /// Fills a buffer as far as there are bytes.
    /// - Returns: how many bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
}
