import Diagnostics
import Files
import Glibc
import HTTP
import SystemPackage
import TestSupport
import Testing

struct FileDownloadsTests {
    @Test("five redirects are followed, a sixth is not")
    func redirects() async throws {
        try await withServer { server, file in
            for number in 0..<6 { server.answer("/\(number)", with: .redirect("/\(number + 1)")) }
            server.answer("/6", with: .status(200, "here"))
            let status = try await status(of: "\(server.url)/1", file, limit: 10)
            #expect(status == 200)
            #expect(file.text == "here")
            let error = await #expect(throws: Failure.self) {
                try await FileDownloads().fetch("\(server.url)/0", to: file, limit: 10)
            }
            #expect(error?.code == .transport)
            #expect(error?.message == "127.0.0.1:\(server.port) redirects more than 5 times")
        }
    }

    @Test("a file may have as many bytes as were promised, and none more")
    func limit() async throws {
        try await withServer { server, file in
            server.answer("/file", with: .status(200, String(repeating: "x", count: 100)))
            let status = try await status(of: "\(server.url)/file", file, limit: 100)
            #expect(status == 200)
            #expect(file.fileSize == 100)
            let error = await #expect(throws: Failure.self) {
                try await FileDownloads().fetch("\(server.url)/file", to: file, limit: 99)
            }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("an answer without a file empties the one that is there, which is for its owner alone")
    func emptied() async throws {
        try await withServer { server, file in
            server.answer("/gone", with: .status(404, "a page"))
            #expect(try await status(of: "\(server.url)/gone", file, limit: 10) == 404)
            #expect(FileStamp(of: file)?.permissions == 0o600)
            try file.replace(with: "old".utf8)
            #expect(try await status(of: "\(server.url)/gone", file, limit: 10) == 404)
            #expect(file.text == "")
        }
    }

    @Test("a server cannot lead to a file of this machine", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x"])
    func otherSchemes(place: String) async throws {
        try await withServer { server, file in
            server.answer("/file", with: .redirect(place))
            let error = await #expect(throws: Failure.self) {
                try await FileDownloads().fetch("\(server.url)/file", to: file, limit: 1 << 20)
            }
            #expect(error?.code == .transport)
            #expect(file.text == "")
        }
    }

    @Test("a server with TLS cannot lead to one without")
    func withoutTLS() async throws {
        try await withServer { server, file in
            let folder = file.removingLastComponent()
            let certificates = try await TestCertificates(in: folder)
            try folder.appending("moved").write("HTTP/1.0 302 Found\r\nLocation: \(server.url)/file\r\n\r\n")
            server.answer("/file", with: .status(200, "in the clear"))
            let port = try TCPSocket.freePort()
            let secure = try RunningProgram(
                try findTool("openssl"),
                [
                    "s_server", "-quiet", "-HTTP", "-accept", "127.0.0.1:\(port)", "-cert",
                    certificates.certificate.string, "-key", certificates.key.string,
                ], workingDirectory: folder)
            defer { secure.send(SIGKILL) }
            try await eventually("openssl listens") {
                guard let socket = try? TCPSocket.connect(port) else { return false }
                close(socket)
                return true
            }
            let error = await #expect(throws: Failure.self) {
                try await FileDownloads(certificates: certificates.authority.string)
                    .fetch("https://127.0.0.1:\(port)/moved", to: file, limit: 100)
            }
            #expect(error?.message == "127.0.0.1:\(port) redirects from HTTPS to something else")
            #expect(server.requests.isEmpty)
        }
    }

    private func status(of url: String, _ file: FilePath, limit: Int64) async throws -> Int {
        try await FileDownloads().fetch(url, to: file, limit: limit)
    }

    private func withServer(_ body: (FileServer, FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let server = try FileServer(serving: folder)
            defer { server.stop() }
            try await body(server, folder.appending("download"))
        }
    }
}
