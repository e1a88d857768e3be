import Diagnostics
import SystemPackage
import TerminalUI

/// What the console may ask of the world: a client for each screen, and one for what all screens share.
///
/// The console itself touches no file, process or clock. Each closure may be called from any thread. A client that is
/// created without arguments has nothing to offer: each request fails or gives nothing.
package struct ConsoleClients: Sendable {
    /// What all screens share.
    package var app = AppClient()
    /// The Project screen's.
    package var project = ProjectClient()
    /// The Release screen's.
    package var release = ReleaseClient()
    /// The Secrets screen's.
    package var secrets = SecretsClient()
    /// The Build screen's.
    package var build = BuildClient()
    /// The Image screen's.
    package var image = ImageClient()
    /// The Run screen's.
    package var run = RunClient()
    /// The command that runs an image on a terminal.
    package var containers = ContainersClient()
    /// The Images screen's.
    package var images = ImagesClient()

    /// Creates clients that have nothing to offer.
    package init() {}
}

/// What all screens ask of the world: choices, clipboard, files, and programs on the terminal.
package struct AppClient: Sendable {
    /// What the user chose for a project the last time.
    package var loadChoices: @Sendable (FilePath) async -> Choices? = { _ in nil }
    /// Keeps what the user chose.
    package var saveChoices: @Sendable (FilePath, Choices) async -> Void = { _, _ in }
    /// Keeps what the user chose for the console.
    package var savePreferences: @Sendable (ConsolePreferences) async -> Void = { _ in }
    /// The themes to choose from, read again; `nil` if there is nothing to read.
    package var themes: @Sendable () async throws -> [Theme]? = { nil }
    /// Runs a program on the terminal, which has been given back, and returns its exit status.
    package var runOnTerminal: @Sendable (InteractiveCommand) async throws -> Int32 = { command in
        throw Failure(.refused, "cannot run \(command.words.first ?? "nothing")")
    }
    /// The user's editor on a file at a line, as a command.
    package var editorCommand: @Sendable (_ file: FilePath, _ line: Int?) -> [String] = { file, _ in
        ["vi", file.string]
    }
    /// Copies a text by the first way that works; `nil` if only the terminal itself can (OSC 52).
    package var copy: @Sendable (_ text: String) async -> ClipboardReceipt? = { _ in nil }
    /// The folder that is proposed for what is saved: never one of a project.
    package var savingFolder: @Sendable () -> FilePath = { "." }
    /// Writes a text to a new file, never over another, and returns its path.
    ///
    /// A folder that is missing is made, and one that was named gets a file of the name that was proposed.
    package var saveText: @Sendable (_ path: FilePath, _ text: String) async throws -> FilePath = { path, _ in
        throw Failure(.refused, "cannot write \(path)")
    }

    /// Creates a client that has nothing to offer.
    package init() {}
}

/// Where a copied text went.
package struct ClipboardReceipt: Sendable, Hashable {
    /// The way it took, for example `wl-copy`, `tmux`, `OSC 52` or `file /tmp/…`.
    package var way: String
    /// How many bytes were copied.
    package var bytes: Int

    package init(way: String, bytes: Int) {
        self.way = way
        self.bytes = bytes
    }
}

/// A program that gets the terminal for itself: `docker run -it`, a shell, an editor.
package struct InteractiveCommand: Sendable, Hashable {
    /// The program and its arguments; no secret is among them.
    package var words: [String]
    /// Variables besides mixpack's own environment, secrets among them.
    package var environment: [String: SecretValue]
    /// The folder to start in; `nil` is the current one.
    package var workingDirectory: FilePath?

    /// Creates a command; by default with nothing more in its environment, in the current folder.
    package init(
        _ words: [String], environment: [String: SecretValue] = [:], workingDirectory: FilePath? = nil
    ) {
        self.words = words
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
