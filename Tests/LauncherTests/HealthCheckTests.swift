import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("The launcher's health check") struct HealthCheckTests {
    /// What a path is answered with, the exit code, and what the engine keeps of it.
    static let answers: [(status: Int, code: Int32, says: String)] = [
        (200, 0, ""), (204, 0, ""), (302, 0, ""), (399, 0, ""), (404, 1, "answers with status 404"),
        (500, 1, "answers with status 500"), (199, 1, "answers with status 199"),
    ]

    @Test("An answer from 200 to 399 is healthy", arguments: answers)
    func status(status: Int, code: Int32, says: String) async throws {
        try await withTemporaryFolder { folder in
            let server = try FileServer(serving: folder)
            defer { server.stop() }
            server.answer("/health", with: .status(status, "x"))
            let end = try await LaunchFixture(folder).check("\(server.port)", "/health?full=1")
            #expect(end.status == code, "\(end)")
            #expect(server.requests == ["GET /health?full=1"])
            #expect(end.errorOutput.contains(says) && end.output.isEmpty)
            #expect(
                says.isEmpty || end.errorOutput.hasPrefix("launcher: http://localhost:\(server.port)/health?full=1 "))
        }
    }

    @Test("A server that listens on IPv6 alone is asked there")
    func ipv6() async throws {
        try await withTemporaryFolder { folder in
            let (socket, port) = try listenOnIPv6()
            onOwnThread {
                let connection = accept(socket, nil, nil)
                var request = [UInt8](repeating: 0, count: 4096)
                _ = recv(connection, &request, request.count, 0)
                // In pieces, as a busy network has it.
                for piece in ["HTTP", "/1.1 2", "00 OK\r\n\r\n"] { _ = send(connection, piece, piece.utf8.count, 0) }
                close(connection)
                close(socket)
            }
            #expect(try await LaunchFixture(folder).check("\(port)", "/").status == 0)
        }
    }

    @Test("Nobody listens, something else than HTTP answers, or nothing does in time: the reason is said")
    func failures() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try LaunchFixture(folder)
            let closed = try await fixture.check("\(try TCPSocket.freePort())", "/")
            #expect(
                closed.status == 1 && closed.errorOutput.hasSuffix("does not answer: Connection refused\n"), "\(closed)"
            )
            let (other, otherPort) = try TCPSocket.listen()
            onOwnThread {
                let connection = accept(other, nil, nil)
                _ = send(connection, "SSH-2.0-OpenSSH_9\r\n", 19, 0)
                shutdown(connection, Int32(SHUT_WR))
                var request = [UInt8](repeating: 0, count: 4096)
                while recv(connection, &request, request.count, 0) > 0 {}
                close(connection)
            }
            let foreign = try await fixture.check("\(otherPort)", "/")
            #expect(foreign.status == 1 && foreign.errorOutput.contains("Protocol error"), "\(foreign)")
            let (silent, silentPort) = try TCPSocket.listen()
            defer { [silent, other].forEach { close($0) } }
            let start = ContinuousClock.now
            let late = try await fixture.check("\(silentPort)", "/")
            #expect(late.status == 1 && late.errorOutput.contains("Connection timed out"), "\(late)")
            #expect(ContinuousClock.now - start > .seconds(3))
        }
    }

    @Test(
        "It needs a port and a path, and nothing of the image", arguments: [[], ["4000"], ["x", "/"], ["4000", "x"]])
    func usage(arguments: [String]) async throws {
        try await withTemporaryFolder { folder in
            let words = ["-i", try LaunchFixture(folder).launcher.string, "--health-check"] + arguments
            let end = try await run("/usr/bin/env", words)
            #expect(end.status == 1)
            #expect(end.errorOutput == "launcher: --health-check takes a port and a path, such as 4000 /health\n")
        }
    }

    private func listenOnIPv6() throws -> (socket: Int32, port: UInt16) {
        let made = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        var only: Int32 = 1
        setsockopt(made, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, length) == 0 && listen(made, 8) == 0 && getsockname(made, $0, &length) == 0
            }
        }
        guard made >= 0, isBound else { throw Errno(rawValue: errno) }
        return (made, UInt16(bigEndian: address.sin6_port))
    }
}

extension LaunchFixture {
    /// Runs the check as an engine does: without the image's variables.
    fileprivate func check(_ port: String, _ path: String) async throws -> ProgramEnd {
        try await run("/usr/bin/env", ["-i", launcher.string, "--health-check", port, path], within: .seconds(30))
    }
}
