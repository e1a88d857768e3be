import Diagnostics
import Lifecycle
import Testing

@Suite("What an engine asks the container")
struct HealthCheckTests {
    @Test(
        "The host is empty or loopback, the path what a request can have",
        arguments: [
            ("http://:4000/health", 4000, "/health"), ("http://localhost:80", 80, "/"),
            ("http://127.0.0.1:65535/a/b?c=d", 65_535, "/a/b?c=d"), ("http://[::1]:8080/", 8080, "/"),
            ("http://:1?full", 1, "/?full"),
        ])
    func good(text: String, port: Int, path: String) throws {
        let check = try HealthCheck(text)
        #expect(check.port == port && check.path == path)
        #expect(try HealthCheck(check.text) == check)
    }

    @Test(
        "What is wrong is said",
        arguments: [
            ("https://:4000/health", "the launcher has no TLS"), (":4000/health", "does not begin with http://"),
            ("/health", "does not begin with http://"), ("http://:/health", "the port is missing"),
            ("http:///health", "the port is missing"), ("http://localhost/health", "the port is missing"),
            ("http://:0/", "0 is not a port"), ("http://:65536/", "65536 is not a port"),
            ("http://:4000x/", "4000x is not a port"), ("http://:-1/", "-1 is not a port"),
            ("http://example.com:80/", "it can ask nothing of example.com"),
            ("http://me@localhost:80/", "it can ask nothing of me@localhost"),
            ("http://[::2]:80/", "it can ask nothing of [::2]"), ("http://[::1:80/", "it can ask nothing of ["),
            ("http://:80/a b", "characters that a request cannot have"),
            ("http://:80/a\r\nX: y", "characters that a request cannot have"),
            ("http://:80/#top", "characters that a request cannot have"),
            ("http://:80/\u{E9}", "characters that a request cannot have"), ("", "does not begin with http://"),
        ])
    func bad(text: String, says: String) {
        let error = #expect(throws: Failure.self) { try HealthCheck(text) }
        #expect(error?.code == .usage && error?.advice != nil)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
}
