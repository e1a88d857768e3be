public import Lifecycle
public import MixInspection
public import OCIImage
public import SystemPackage
public import TerminalUI

/// What the console may ask of the world, as closures: the CLI gives the live ones, tests give scripted ones.
///
/// The console itself touches no file, no process and no clock. Each closure may be called from any thread.
public struct ConsoleEnvironment: Sendable {
    /// Looks at a project: hands over what is known, again and again, until all is.
    public var inspect: @Sendable (FilePath) -> AsyncStream<ProjectInspection>
    /// Keeps that the user trusts a project, so that its code may run without a sandbox.
    public var trustProject: @Sendable (FilePath) async throws -> Void
    /// The projects that were open before, newest first.
    public var recentProjects: @Sendable () async -> [RecentProject]
    /// What the user chose for a project at the last start.
    public var loadChoices: @Sendable (FilePath) async -> Choices?
    /// Keeps what the user chose.
    public var saveChoices: @Sendable (FilePath, Choices) async -> Void
    /// Makes a secret of so many characters from the system's random source.
    public var generateSecret: @Sendable (_ characters: Int) async throws -> SecretValue
    /// The value of a variable of mixpack's own environment.
    public var variable: @Sendable (_ name: String) async -> SecretValue?
    /// Reads a file of `NAME=value` lines.
    public var readVariables: @Sendable (FilePath) async throws -> [String: SecretValue]
    /// Runs a command that prints a secret, such as `pass show phoenix`, and takes the first line of its output.
    public var runSecretCommand: @Sendable (_ command: String) async throws -> SecretValue
    /// Works out a `releases:` entry for the mix.exs of an umbrella that has none; nothing is written.
    public var proposeRelease: @Sendable (FilePath, MixProject) async throws -> MixFileEdit
    /// Writes a change of mix.exs that was shown.
    public var writeEdit: @Sendable (MixFileEdit) async throws -> Void
    /// Writes a project.toml out of what the project is and what was chosen, and tells its path.
    ///
    /// It gives `nil`, and writes nothing, where there is one that it must not replace.
    public var writeProjectFile: @Sendable (FilePath, Choices, _ replaces: Bool) async throws -> FilePath?
    /// Starts a build.
    public var build: @Sendable (BuildRequest) async -> BuildHandle
    /// The builds of a project that ended before, newest first.
    public var pastBuilds: @Sendable (FilePath) async -> [PastBuild]
    /// The events of a past build, by its id.
    public var pastBuild: @Sendable (FilePath, _ id: String) async throws -> [LifecycleEvent]
    /// Opens an image by a place or a name of the image store.
    public var openImage: @Sendable (_ place: String) async throws -> ImageContents
    /// The files of a layer, or with `isMerged` of all layers up to it, of an image that was opened; also of a folder.
    public var files:
        @Sendable (_ image: String, _ source: ImageContents.Layer.Source, _ isMerged: Bool) async throws -> FileTree
    /// The image that a name had before its last build.
    public var previousImage: @Sendable (_ image: String) async throws -> EarlierImage
    /// The files of an image and of the one before it, marked where they differ.
    public var comparison: @Sendable (_ image: String) async throws -> FileTree
    /// The Erlang and Elixir applications that an image holds.
    public var packages: @Sendable (_ image: String) async throws -> [ImagePackage]
    /// A file's bytes, at most so many.
    public var content: @Sendable (FileLocation, _ limit: Int) async throws -> [UInt8]
    /// Writes a file or folder of a layer to the current folder, never over another, and tells its path.
    public var extract: @Sendable (FileLocation) async throws -> FilePath
    /// How much of an image's layers is of use.
    public var efficiency: @Sendable (_ image: String) async throws -> ImageEfficiency
    /// The report on an image as `mixpack inspect --json` prints it.
    public var imageReport: @Sendable (_ image: String) async throws -> String
    /// The command that runs an image on the container engine and takes the terminal.
    public var runCommand: @Sendable (_ image: String, _ ports: [Int], _ variables: [String]) async throws -> [String]
    /// The command that opens a shell on the node of a running container of an image.
    ///
    /// `program` is the release's own script in the image, where it is known.
    public var remoteCommand: @Sendable (_ image: String, _ program: String?) async throws -> [String]
    /// Stops the running containers of an image, and tells which in a line.
    public var stopContainers: @Sendable (_ image: String) async throws -> String
    /// What a running container of an image prints, line by line, until it ends.
    public var containerLog: @Sendable (_ image: String) -> AsyncStream<String>
    /// A shell in the folder where a project is built, with the build's environment.
    public var buildShell: @Sendable (FilePath) async throws -> InteractiveCommand
    /// The user's pager on a file, as a command.
    public var pagerCommand: @Sendable (FilePath) -> [String]
    /// Tells, again and again, that files of a project were saved; several at once are told of once.
    public var changes: @Sendable (FilePath) -> AsyncStream<Void>
    /// Prints a build's events as plain lines on the terminal, which has been given back.
    ///
    /// Returns when the events end or when the user wants the console back; `interrupt` is called for each Ctrl-C.
    public var printPlainly:
        @Sendable (_ events: AsyncStream<LifecycleEvent>, _ interrupt: @escaping @Sendable () -> Void) async ->
            PlainOutputEnd
    /// The themes to choose from, read anew; `nil` where there is nothing to read.
    public var themes: @Sendable () async throws -> [Theme]?
    /// Runs a program on the terminal, which has been given back, and hands over its exit status.
    public var runInteractively: @Sendable (InteractiveCommand) async throws -> Int32
    /// The user's editor on a file at a line, as a command.
    public var editorCommand: @Sendable (_ file: FilePath, _ line: Int?) -> [String]
    /// Puts a text on the clipboard by the first way that works; `nil` where only the terminal itself can (OSC 52).
    public var copy: @Sendable (_ text: String) async -> ClipboardReceipt?
    /// Writes a text to a file of a proposed name in the current folder, never over another, and tells its path.
    public var saveText: @Sendable (_ name: String, _ text: String) async throws -> FilePath
    /// The seconds of a clock that only goes forward.
    public var clock: @Sendable () -> Double

    /// Creates an environment that has nothing to offer.
    ///
    /// Every request fails or gives nothing; fill in what there is.
    public init() {
        inspect = { path in
            AsyncStream {
                $0.yield(ProjectInspection(path: path, stage: .settled)); $0.finish()
            }
        }
        trustProject = { path in throw ConsoleFailure("cannot keep that \(path) is trusted") }
        recentProjects = { [] }
        loadChoices = { _ in nil }
        saveChoices = { _, _ in }
        generateSecret = { _ in throw ConsoleFailure("no random source") }
        variable = { _ in nil }
        readVariables = { path in throw ConsoleFailure("cannot read \(path)") }
        runSecretCommand = { command in throw ConsoleFailure("cannot run \(command)") }
        proposeRelease = { folder, _ in throw ConsoleFailure("cannot read \(folder)") }
        writeEdit = { edit in throw ConsoleFailure("cannot write \(edit.path)") }
        writeProjectFile = { folder, _, _ in throw ConsoleFailure("cannot write to \(folder)") }
        build = { _ in BuildHandle(events: AsyncStream { $0.finish() }, cancel: {}, kill: {}) }
        pastBuilds = { _ in [] }
        pastBuild = { _, id in throw ConsoleFailure("no such build: \(id)") }
        openImage = { place in throw ConsoleFailure("no such image: \(place)") }
        files = { image, _, _ in throw ConsoleFailure("no such image: \(image)") }
        previousImage = { image in throw ConsoleFailure("no earlier image of \(image)") }
        comparison = { image in throw ConsoleFailure("no earlier image of \(image)") }
        packages = { image in throw ConsoleFailure("no such image: \(image)") }
        content = { location, _ in throw ConsoleFailure("cannot read \(location.path)") }
        extract = { location in throw ConsoleFailure("cannot extract \(location.path)") }
        efficiency = { image in throw ConsoleFailure("no such image: \(image)") }
        imageReport = { image in throw ConsoleFailure("no such image: \(image)") }
        runCommand = { _, _, _ in throw ConsoleFailure("no container engine") }
        remoteCommand = { _, _ in throw ConsoleFailure("no container engine") }
        stopContainers = { _ in throw ConsoleFailure("no container engine") }
        containerLog = { _ in AsyncStream { $0.finish() } }
        buildShell = { path in throw ConsoleFailure("nothing was built in \(path)") }
        pagerCommand = { file in ["less", "-R", file.string] }
        changes = { _ in AsyncStream { $0.finish() } }
        printPlainly = { events, _ in
            for await _ in events {}
            return .ended
        }
        themes = { nil }
        runInteractively = { command in throw ConsoleFailure("cannot run \(command.words.first ?? "nothing")") }
        editorCommand = { file, _ in ["vi", file.string] }
        copy = { _ in nil }
        saveText = { name, _ in throw ConsoleFailure("cannot write \(name)") }
        clock = { 0 }
    }
}
