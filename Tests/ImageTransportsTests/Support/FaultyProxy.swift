import Glibc
import Synchronization
import SystemPackage
import TestSupport

/// A server between client and registry that misbehaves on purpose.
final class FaultyProxy: Sendable {
    /// What is done to a request instead of passing it on in peace.
    enum Fault: Sendable {
        /// The answer, whole, in place of the registry's.
        case answer(String)
        /// The connection ends after so many bytes of the registry's answer.
        case cut(after: Int)
        /// A byte of the answer's body is another one.
        case flip
        /// After so many bytes of the registry's answer nothing comes any more, and the connection stays.
        case stall(after: Int)
        /// The answer comes in pieces of so many bytes.
        case drip(Int)
        /// The connection ends after so many bytes of the request.
        case cutRequest(after: Int)
    }

    /// A fault for the first `times` requests whose first line holds `match`.
    struct Rule: Sendable {
        var match: String
        var times: Int
        var fault: Fault
    }

    let host: String
    private let socket: Int32
    private let target: UInt16
    private let rules: Mutex<[Rule]>
    private let received = Mutex<[String]>([])

    /// Starts it on a free port, or on one that is known to be free.
    init(to target: UInt16, _ rules: [Rule], on port: UInt16 = 0) throws {
        let (socket, port) = try TCPSocket.listen(on: port)
        self.socket = socket
        self.target = target
        host = "127.0.0.1:\(port)"
        self.rules = Mutex(rules)
        Self.thread { [self] in
            while true {
                let client = accept(self.socket, nil, nil)
                guard client >= 0 else { return }
                Self.thread { self.serve(client) }
            }
        }
    }

    /// Puts other rules in place of those there are.
    func set(_ rules: [Rule]) { self.rules.withLock { $0 = rules } }

    /// Ends it.
    func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// The heads of all requests so far; of those that were not passed on with their body.
    var heads: [String] { received.withLock { $0 } }
    /// The first lines of all requests so far.
    var requests: [String] { heads.map { String($0.prefix { $0 != "\r\n" }) } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var head: [UInt8] = []
        while Self.headEnd(head) == nil, let more = Self.read(client) { head += more }
        let line = String(decoding: head.prefix { $0 != 13 }, as: UTF8.self)
        let fault = rules.withLock { rules -> Fault? in
            guard let index = rules.firstIndex(where: { $0.times > 0 && line.contains($0.match) }) else { return nil }
            rules[index].times -= 1
            return rules[index].fault
        }
        if case .answer = fault { Self.readBody(client, &head) }
        received.withLock { $0.append(String(decoding: head, as: UTF8.self)) }
        if case .answer(let text) = fault {
            Self.write(client, Array(text.utf8))
            shutdown(client, Int32(SHUT_WR))
            while Self.read(client) != nil {}
            return
        }
        guard let server = try? TCPSocket.connect(target) else { return }
        Self.write(server, head)
        if case .cutRequest(let limit) = fault {
            var sent = head.count
            while sent < limit, let more = Self.read(client) {
                Self.write(server, more)
                sent += more.count
            }
            close(server)
            return
        }
        let copier = Self.thread {
            while let more = Self.read(client) { Self.write(server, more) }
        }
        answer(from: server, to: client, fault)
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        pthread_join(copier, nil)
        close(server)
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        bytes.firstRange(of: [13, 10, 13, 10])?.upperBound
    }

    /// Reads the rest of a small request.
    private static func readBody(_ client: Int32, _ bytes: inout [UInt8]) {
        guard let end = headEnd(bytes) else { return }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap {
            Int($0.dropFirst(15).filter(\.isNumber))
        }
        guard let length, length < 1 << 20 else { return }
        while bytes.count < end + length, let more = read(client) { bytes += more }
    }

    private func answer(from server: Int32, to client: Int32, _ fault: Fault?) {
        var passed = 0
        while var more = Self.read(server) {
            if case .cut(let limit) = fault, passed + more.count > limit {
                Self.write(client, Array(more.prefix(limit - passed)))
                return
            }
            if case .stall(let limit) = fault, passed + more.count > limit {
                Self.write(client, Array(more.prefix(limit - passed)))
                while Self.read(client) != nil {}
                return
            }
            if case .drip(let size) = fault {
                for start in stride(from: 0, to: more.count, by: size) {
                    Self.write(client, Array(more[start..<min(start + size, more.count)]))
                }
                continue
            }
            if case .flip = fault, let last = more.indices.last { more[last] ^= 1 }
            Self.write(client, more)
            passed += more.count
        }
    }

    private static func read(_ socket: Int32) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { space, count in
            count = max(0, recv(socket, space.baseAddress, space.count, 0))
        }
        return bytes.isEmpty ? nil : bytes
    }

    private static func write(_ socket: Int32, _ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { part in
                send(socket, part.baseAddress?.advanced(by: done), part.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    @discardableResult
    private static func thread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
        return thread
    }
}
