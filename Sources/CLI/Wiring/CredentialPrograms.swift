import Commands
import Diagnostics
import FoundationEssentials
import ImageTransports
import Synchronization
import SystemPackage

/// Runs the programs that keep credentials for docker and podman: `docker-credential-NAME get`.
struct CredentialPrograms: Sendable {
    let runner: any CommandRunner
    let environment: [String: String]

    /// What a program printed for a server; what it says on its error output is nobody's business.
    /// - Throws: `Failure` when it cannot be started or has no credential.
    func answer(_ program: String, _ server: String) async throws -> String {
        // The runner closes standard input, where the program wants the server's name.
        let script = #"printf '%s' "$2" | "$1" get 2>/dev/null"#
        let command = Command(
            "/bin/sh", ["-c", script, "sh", program, server], environment: environment, workingDirectory: "/")
        let output = Mutex("")
        let end = try await runner.run(command) { chunk in output.withLock { $0 += chunk.text } }
        guard end.isSuccess else { throw Failure(executable: program, reason: "it has no credentials") }
        return output.withLock { $0 }
    }
}
