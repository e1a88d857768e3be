import Glibc
import Synchronization
public import SystemPackage

/// A small HTTP server on 127.0.0.1 that serves the files of a folder, and misbehaves where a test says so.
public final class FileServer: Sendable {
    /// What a path is answered with instead of its file.
    public enum Answer: Sendable {
        /// A status and a body.
        case status(Int, String)
        /// The file's length is promised, and the connection ends after so many bytes.
        case cutOff(after: Int)
        /// Another path is named.
        case redirect(String)
    }

    private struct State {
        var requests: [String] = []
        var authorizations: [String] = []
        var answers: [String: Answer] = [:]
        var isStopped = false
    }

    private let folder: FilePath
    private let authorizations: [String: String]
    private let listener: Int32
    private let state = Mutex(State())
    /// The port it listens on.
    public let port: Int

    /// Starts a server.
    /// - Parameter authorization: the header that requests must bear, such as `Basic …`; others are answered with 401.
    public convenience init(serving folder: FilePath, authorization: String? = nil) throws {
        try self.init(serving: folder, authorizations: authorization.map { ["/": $0] } ?? [:])
    }

    /// Starts a server.
    /// - Parameter authorizations: the header that requests must bear, by how their paths begin.
    public init(serving folder: FilePath, authorizations: [String: String]) throws {
        self.folder = folder
        self.authorizations = authorizations
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Errno(rawValue: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, raw, &length) == 0
            }
        }
        guard isBound else {
            close(listener)
            throw Errno(rawValue: errno)
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        onOwnThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self, !self.state.withLock({ $0.isStopped }) else {
                    if connection >= 0 { close(connection) }
                    break
                }
                onOwnThread { self.serve(connection) }
            }
            close(listener)
        }
    }

    deinit { stop() }

    /// Its address, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// What was asked for so far: `GET /path`.
    public var requests: [String] { state.withLock { $0.requests } }

    /// The credentials that came with requests so far: `Basic …`.
    public var authorizationsSeen: [String] { state.withLock { $0.authorizations } }

    /// Has a path answered otherwise; `nil` serves the file again.
    public func answer(_ path: String, with answer: Answer?) { state.withLock { $0.answers[path] = answer } }

    /// Ends the server: later connections are refused.
    public func stop() {
        let wasStopped = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped
        }
        if !wasStopped { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    // MARK: - One connection

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        guard let head = Self.readHead(connection) else { return }
        let words = head.split(separator: "\r\n")[0].split(separator: " ")
        guard words.count >= 2 else { return }
        let path = String(words[1].prefix { $0 != "?" })
        let credentials = head.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("authorization: ") }
        let special = state.withLock { state in
            state.requests.append("\(words[0]) \(words[1])")
            state.authorizations += credentials.map { String($0.dropFirst("authorization: ".count)) }
            return state.answers[path]
        }
        let authorization = authorizations.first { path.hasPrefix($0.key) }?.value
        if let authorization, !head.contains("uthorization: \(authorization)\r\n") {
            return Self.send(connection, 401, [UInt8](), "WWW-Authenticate: Basic realm=\"test\"\r\n")
        }
        let bytes = (try? folder.appending(String(path.dropFirst())).readBytes()) ?? nil
        switch special {
        case .status(let status, let text): Self.send(connection, status, Array(text.utf8))
        case .redirect(let place): Self.send(connection, 302, [], "Location: \(place)\r\n")
        case .cutOff(let count):
            Self.send(connection, 200, Array((bytes ?? []).prefix(count)), length: bytes?.count ?? 0)
        case nil:
            if let bytes { Self.send(connection, 200, bytes) } else { Self.send(connection, 404, Array("none".utf8)) }
        }
    }

    private static func readHead(_ connection: Int32) -> String? {
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0, head.count < 1 << 16 else { return nil }
            // Whoever tries TLS first is told at once that there is none.
            if head.isEmpty, chunk[0] == 0x16 { return nil }
            head += chunk.prefix(count)
        }
        return String(decoding: head, as: UTF8.self)
    }

    private static func send(
        _ connection: Int32, _ status: Int, _ body: [UInt8], _ headers: String = "", length: Int? = nil
    ) {
        let head =
            "HTTP/1.1 \(status) x\r\nContent-Length: \(length ?? body.count)\r\nConnection: close\r\n\(headers)\r\n"
        var rest = (Array(head.utf8) + body)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
