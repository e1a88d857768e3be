import Commands
import Console
import Diagnostics
import Files
import Glibc
import Lifecycle
import Synchronization
import SystemPackage

extension SecretsClient {
    static func live(_ sources: SecretSources) -> SecretsClient {
        var client = SecretsClient()
        client.generate = { sources.generate($0) }
        client.variable = { sources.variable($0) }
        client.readVariables = { try sources.variables(in: $0) }
        client.runCommand = { try await sources.run($0) }
        return client
    }
}

/// Where the console takes secrets from: the random source, the environment, files and the user's own commands.
struct SecretSources: Sendable {
    let machine: Machine
    let runner: any CommandRunner

    /// A secret of so many characters, letters and digits, from the system's random source.
    func generate(_ characters: Int) -> SecretValue {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var random = SystemRandomNumberGenerator()
        return SecretValue(
            String((0..<characters).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }))
    }

    /// A variable of mixpack's own environment.
    func variable(_ name: String) -> SecretValue? { machine.environment[name].map(SecretValue.init) }

    /// The variables of a file of `NAME=VALUE` lines.
    func variables(in path: FilePath) throws -> [String: SecretValue] {
        let variables = try EnvironmentFile.variables(in: path, machine.environment)
        return Dictionary(variables.map { ($0.name, SecretValue($0.value)) }, uniquingKeysWith: { $1 })
    }

    /// The first line that a command prints, such as `pass show phoenix`.
    func run(_ command: String) async throws -> SecretValue {
        let printed = Mutex("")
        let shell = Command(
            "/bin/sh", ["-c", command], environment: machine.environment, workingDirectory: machine.currentDirectory)
        let end = try await runner.run(shell) { output in
            if output.stream == .stdout { printed.withLock { $0 += output.text } }
        }
        let line = printed.withLock {
            $0.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        }
        guard end.isSuccess, !line.isEmpty else {
            // The command is not repeated: it may hold a secret itself.
            throw Failure(.refused, "the command printed no secret", advice: "run it in a shell to see why")
        }
        return SecretValue(line)
    }
}
