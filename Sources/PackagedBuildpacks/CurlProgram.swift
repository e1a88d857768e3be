import Commands
import Diagnostics
import ElixirBuildpacks
import Files
import Synchronization
import SystemPackage

/// Fetches files by the curl of the build image: linked in, a client would ask for more libraries than build images have.
struct CurlProgram: Downloader {
    private let runner: any CommandRunner
    private let program: FilePath?
    private let environment: [String: String]

    /// Looks for curl on the `PATH` of an environment; of the rest it gets proxies and certificates.
    init(runner: any CommandRunner, environment: [String: String]) {
        self.runner = runner
        program = ProgramLookup(searchPath: environment["PATH"]).find("curl")
        self.environment = environment.filter { name, _ in
            ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"].contains(name)
                || name.lowercased().hasSuffix("_proxy")
        }
    }

    var isThere: Bool { program != nil }

    func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int {
        guard let program else { throw Failure(.transport, "the build image has no curl") }
        let arguments = [
            "--silent", "--show-error", "--location", "--proto", protocols(url), "--connect-timeout", "30",
            "--speed-limit", "1", "--speed-time", "60", "--retry", "3", "--max-filesize", "\(limit)",
            "--output", file.string, "--write-out", "\n%{http_code}", "--url", url,
        ]
        let output = Mutex("")
        let end = try await runner.run(
            Command(program, arguments, environment: environment, workingDirectory: "/")
        ) { chunk in output.withLock { $0 = String(($0 + chunk.text).suffix(4096)) } }
        try Task.checkCancellation()
        let lines = output.withLock { $0 }.split(whereSeparator: \.isNewline)
        guard end.isSuccess, let status = lines.last.flatMap({ Int($0) }) else {
            throw Failure(.transport, lines.first.map(String.init) ?? "curl ended with \(end)")
        }
        return status
    }

    /// What redirects may lead to: never from TLS to none.
    private func protocols(_ url: String) -> String { url.hasPrefix("https:") ? "=https" : "=http,https" }
}
