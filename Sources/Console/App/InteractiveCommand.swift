public import SystemPackage

/// A program that gets the terminal for itself: `docker run -it`, a shell, an editor.
public struct InteractiveCommand: Sendable, Hashable {
    /// The program and its arguments; no secret is among them.
    public var words: [String]
    /// Variables besides mixpack's own environment, secrets among them.
    public var environment: [String: SecretValue]
    /// The folder to start in; `nil` is the current one.
    public var workingDirectory: FilePath?

    /// Creates a command; by default with nothing more in its environment, in the current folder.
    public init(
        _ words: [String], environment: [String: SecretValue] = [:], workingDirectory: FilePath? = nil
    ) {
        self.words = words
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
