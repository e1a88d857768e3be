import Diagnostics
import SystemPackage

/// What the Secrets screen asks of the world.
package struct SecretsClient: Sendable {
    /// Makes a secret of so many characters from the system's random source.
    package var generate: @Sendable (_ characters: Int) async throws -> SecretValue = { _ in
        throw Failure(.refused, "no random source")
    }
    /// The value of a variable of mixpack's own environment.
    package var variable: @Sendable (_ name: String) async -> SecretValue? = { _ in nil }
    /// Reads a file of `NAME=value` lines.
    package var readVariables: @Sendable (FilePath) async throws -> [String: SecretValue] = { path in
        throw Failure(.refused, "cannot read \(path)")
    }
    /// Runs a command that prints a secret, such as `pass show phoenix`, and returns the first line of its output.
    package var runCommand: @Sendable (_ command: String) async throws -> SecretValue = { command in
        throw Failure(.refused, "cannot run \(command)")
    }

    /// Creates a client that has nothing to offer.
    package init() {}
}
