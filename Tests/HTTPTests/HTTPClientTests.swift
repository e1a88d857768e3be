import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import HTTP

struct HTTPClientTests {
    @Test("a header whose value has a line end is not sent: the rest of it would be another header")
    func lineEnds() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("file").write("here")
            let server = try FileServer(serving: folder, authorization: "Basic x")
            defer { server.stop() }
            var request = HTTPRequest("GET", "\(server.url)/file")
            request.headers = [("Authorization", "Basic x")]
            #expect(try await status(of: request) == 200)
            for value in ["a\r\nAuthorization: Basic x", "a\nAuthorization: Basic x"] {
                request.headers = [("X-Name", value)]
                #expect(try await status(of: request) == 401)
            }
        }
    }

    private func status(of request: HTTPRequest) async throws -> Int {
        try await HTTPClient().send(request).status
    }

    @Test("a failure names the server, and neither the user nor the password of an address")
    func secretAddress() async throws {
        let port = try TCPSocket.freePort()
        let error = await #expect(throws: Failure.self) {
            try await HTTPClient().send(HTTPRequest("GET", "http://someone:hunter2@127.0.0.1:\(port)/path"))
        }
        #expect(error?.code == .transport)
        #expect(error?.message.hasPrefix("127.0.0.1:\(port): ") == true)
    }

    @Test(
        "what a server wants waited for is seconds, or a date by its own clock that may have passed",
        arguments: [
            ("7", nil, 7), ("-1", nil, nil), ("inf", nil, nil), ("soon", nil, nil),
            ("Thu, 01 Jan 2026 00:00:30 GMT", "Thu, 01 Jan 2026 00:00:10 GMT", 20),
            ("Thu, 01 Jan 2026 00:00:10 GMT", "Thu, 01 Jan 2026 00:00:30 GMT", 0),
            ("Thu, 01 Jan 2026 00:00:10 GMT", nil, nil),
        ] as [(String, String?, Double?)])
    func retryAfter(text: String, date: String?, seconds: Double?) {
        var headers = ["retry-after": text]
        headers["date"] = date
        #expect(HTTPResponse(status: 503, headers: headers, body: []).retryAfter == seconds)
    }

    @Test("servers that NO_PROXY names are reached without the proxy, all others through it")
    func proxies() async throws {
        // In a process of its own: the variables hold for every transfer of a process.
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                try folder.appending("file").write("here")
                let (server, proxy) = (try FileServer(serving: folder), try FileServer(serving: folder))
                for (name, value) in [("http_proxy", proxy.url), ("NO_PROXY", "named.test,127.0.0.1")] {
                    setenv(name, value, 1)
                }
                unsetenv("no_proxy")
                let direct = try await HTTPClient().send(HTTPRequest("GET", "\(server.url)/file"))
                try #require(direct.text == "here" && server.requests == ["GET /file"] && proxy.requests.isEmpty)
                _ = try await HTTPClient().send(HTTPRequest("GET", "http://other.test/file"))
                try #require(proxy.requests == ["GET http://other.test/file"])
            }
        }
    }

    @Test("A proxy that cannot be reached, or refuses, is named, and this machine itself is never asked through one")
    func brokenProxies() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                try folder.appending("file").write("here")
                let server = try FileServer(serving: folder)
                for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
                let gate = try FileServer(serving: folder)
                let proxies = [
                    ("http://127.0.0.1:9", "other.test: cannot reach the proxy 127.0.0.1:9"),
                    ("http://nowhere.invalid:9", "other.test: cannot reach the proxy nowhere.invalid"),
                    (gate.url, "other.test: the proxy answered"),
                ]
                for (proxy, message) in proxies {
                    for name in ["http_proxy", "https_proxy"] { setenv(name, proxy, 1) }
                    let direct = try await HTTPClient().send(HTTPRequest("GET", "\(server.url)/file"))
                    try #require(direct.text == "here")
                    var failure: Failure?
                    do throws(Failure) {
                        _ = try await HTTPClient().send(HTTPRequest("GET", "https://other.test/file"))
                    } catch {
                        failure = error
                    }
                    try #require(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
                    try #require(failure?.advice?.contains("NO_PROXY=other.test") == true)
                }
            }
        }
    }
}
