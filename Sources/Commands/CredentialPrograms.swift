import Diagnostics
import Synchronization
import SystemPackage

/// Runs the programs that keep credentials for docker and podman: `docker-credential-NAME get`.
package struct CredentialPrograms: Sendable {
    private let runner: any CommandRunner
    private let environment: [String: String]

    package init(runner: any CommandRunner, environment: [String: String]) {
        self.runner = runner
        self.environment = environment
    }

    /// What a program printed for a server; `nil` where it has no credential.
    ///
    /// A helper that fails says why on its standard output (docker-credential-helpers); what it says on its error output is
    /// nobody's business.
    /// - Throws: `Failure` when it cannot be started, or fails for another reason.
    package func answer(_ program: String, _ server: String) async throws -> String? {
        // The runner closes standard input, where the program wants the server's name.
        let script = #"command -v "$1" >/dev/null || exit 127; printf '%s' "$2" | "$1" get 2>/dev/null"#
        let command = Command(
            "/bin/sh", ["-c", script, "sh", program, server], environment: environment, workingDirectory: "/")
        let output = Mutex("")
        let end = try await runner.run(command) { chunk in output.withLock { $0 += chunk.text } }
        let text = output.withLock { $0 }
        if end.isSuccess { return text }
        if end == .exited(127) { throw Failure(.notRunnable, "\(program) is not on PATH") }
        if text.contains("credentials not found") { return nil }
        throw Failure(.commandFailed, "\(program) failed\(Self.words(text))")
    }

    /// Its own words, unless they are an answer, which would hold a secret.
    private static func words(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return line.isEmpty || text.contains("{") ? "" : ": \(line.prefix(200))"
    }
}
