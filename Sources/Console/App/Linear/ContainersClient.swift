import Diagnostics

/// What questions and lines ask of the container engine: the container has the terminal.
package struct ContainersClient: Sendable {
    /// The command that runs an image and takes the terminal.
    package var runCommand:
        @Sendable (_ image: String, _ ports: [Int], _ variables: [String]) async throws -> [String] =
            { _, _, _ in throw Failure(.refused, "no container engine") }
    /// The command that opens a shell on the node of a running container of an image.
    ///
    /// `program` is the release's own script in the image, if it is known.
    package var remoteCommand: @Sendable (_ image: String, _ program: String?) async throws -> [String] = { _, _ in
        throw Failure(.refused, "no container engine")
    }
    /// Stops the running containers of an image, and says which in a line.
    package var stop: @Sendable (_ image: String) async throws -> String = { _ in
        throw Failure(.refused, "no container engine")
    }
    /// Creates a client that has nothing to offer.
    package init() {}
}
