import Diagnostics

/// What the console asks of the container engine about a command to copy.
package struct ContainersClient: Sendable {
    /// The command that runs an image and takes the terminal.
    package var runCommand:
        @Sendable (_ image: String, _ ports: [Int], _ variables: [String]) async throws -> [String] =
            { _, _, _ in throw Failure(.refused, "no container engine") }
    /// Creates a client that has nothing to offer.
    package init() {}
}
