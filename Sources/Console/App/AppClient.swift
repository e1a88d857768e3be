import Diagnostics
public import SystemPackage
public import TerminalUI

/// What the console may ask of the world: a client for each screen, and one for what all screens share.
///
/// The console itself touches no file, process or clock. Each closure may be called from any thread. A client that is
/// created without arguments has nothing to offer: each request fails or gives nothing.
public struct ConsoleClients: Sendable {
    /// What all screens share.
    public var app = AppClient()
    /// The Project screen's.
    public var project = ProjectClient()
    /// The Release screen's.
    public var release = ReleaseClient()
    /// The Secrets screen's.
    public var secrets = SecretsClient()
    /// The Build screen's.
    public var build = BuildClient()
    /// The Image screen's.
    public var image = ImageClient()
    /// Containers of the image on the Image screen.
    public var containers = ContainersClient()

    /// Creates clients that have nothing to offer.
    public init() {}
}

/// What all screens ask of the world: choices, clipboard, files, and programs on the terminal.
public struct AppClient: Sendable {
    /// What the user chose for a project the last time.
    public var loadChoices: @Sendable (FilePath) async -> Choices? = { _ in nil }
    /// Keeps what the user chose.
    public var saveChoices: @Sendable (FilePath, Choices) async -> Void = { _, _ in }
    /// The themes to choose from, read again; `nil` if there is nothing to read.
    public var themes: @Sendable () async throws -> [Theme]? = { nil }
    /// Runs a program on the terminal, which has been given back, and returns its exit status.
    public var runOnTerminal: @Sendable (InteractiveCommand) async throws -> Int32 = { command in
        throw Failure(.refused, "cannot run \(command.words.first ?? "nothing")")
    }
    /// The user's editor on a file at a line, as a command.
    public var editorCommand: @Sendable (_ file: FilePath, _ line: Int?) -> [String] = { file, _ in
        ["vi", file.string]
    }
    /// Copies a text by the first way that works; `nil` if only the terminal itself can (OSC 52).
    public var copy: @Sendable (_ text: String) async -> ClipboardReceipt? = { _ in nil }
    /// Writes a text to a new file in the current folder, never over another, and returns its path.
    public var saveText: @Sendable (_ name: String, _ text: String) async throws -> FilePath = { name, _ in
        throw Failure(.refused, "cannot write \(name)")
    }

    /// Creates a client that has nothing to offer.
    public init() {}
}

/// Where a copied text went.
public struct ClipboardReceipt: Sendable, Hashable {
    /// The way it took, for example `wl-copy`, `tmux`, `OSC 52` or `file /tmp/…`.
    public var way: String
    /// How many bytes were copied.
    public var bytes: Int

    /// Creates a receipt.
    public init(way: String, bytes: Int) {
        self.way = way
        self.bytes = bytes
    }
}

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
