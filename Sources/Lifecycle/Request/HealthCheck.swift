import Diagnostics
import OCIImage

/// A request that a container engine makes of the running container, to find out whether it works.
///
/// The launcher makes it, inside the container, by plain HTTP over loopback: `mixpack-launcher --health-check PORT PATH`.
package struct HealthCheck: Sendable, Hashable, Codable {
    package let port: Int
    /// The path with its query; at least `/`.
    package let path: String

    /// The launcher's own argument; no process type can have the name.
    package static let argument = "--health-check"

    /// Reads `http://:PORT/PATH`; the host is empty or loopback.
    /// - Throws: `Failure` of code `usage` that says what is wrong.
    package init(_ text: String) throws(Failure) {
        let scheme = "http://"
        guard !text.hasPrefix("https://") else {
            throw Self.failure(
                "the check is made inside the container, where the release itself speaks; the launcher has no TLS",
                advice: "give the port on which the release answers plain HTTP: \(Self.example)")
        }
        guard text.hasPrefix(scheme) else { throw Self.failure("\(text) does not begin with http://") }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = String(rest.dropFirst(authority.count))
        port = try Self.port(of: authority)
        self.path = path.hasPrefix("/") ? path : "/" + path
        let isPlain = self.path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        guard isPlain else {
            throw Self.failure(
                "the path has characters that a request cannot have", advice: "write them as %20 and the like")
        }
    }

    private static func port(of authority: Substring) throws(Failure) -> Int {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
        let host = authority[..<(end ?? authority.firstIndex(of: ":") ?? authority.endIndex)]
        guard ["", "localhost", "127.0.0.1", "[::1]"].contains(host) else {
            throw failure("the check is made inside the container, so it can ask nothing of \(host)")
        }
        let behind = authority[host.endIndex...]
        guard behind.hasPrefix(":"), behind.count > 1 else { throw failure("the port is missing") }
        let digits = behind.dropFirst()
        let isNumber = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let port = Int(digits), (1...65_535).contains(port) else {
            throw failure("\(digits) is not a port")
        }
        return port
    }

    private static let example = "http://:4000/health"

    private static func failure(_ text: String, advice: String? = nil) -> Failure {
        Failure(.usage, text, advice: advice ?? "for example \(example)")
    }

    /// What people write for it.
    package var text: String { "http://:\(port)\(path)" }

    /// The field `Healthcheck` of Docker's image configuration, which the OCI's does not have; times in nanoseconds.
    ///
    /// The launcher itself gives up after four seconds, so that a reason is in the engine's log.
    var field: JSONValue {
        let second: Int64 = 1_000_000_000
        let words = ["CMD", "/cnb/lifecycle/launcher", Self.argument, String(port), path]
        return .object([
            "Test": .array(words.map { .string($0) }), "Interval": .integer(30 * second),
            "Timeout": .integer(5 * second), "StartPeriod": .integer(30 * second), "Retries": .integer(3),
        ])
    }
}
