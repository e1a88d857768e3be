import FoundationEssentials
public import SystemPackage

/// The built `mixpack`, run with folders of its own: it sees neither the user's cache and images nor a container engine.
public struct MixpackProgram: Sendable {
    /// The executable.
    public let executable: FilePath
    /// The variables that it runs with, over the test's own; `nil` takes one away.
    public var environment: [String: String?]
    private let home: FilePath

    /// Finds the program beside the tests, and gives it a home below `folder`.
    /// - Throws: `TestSupportError` when it has not been built.
    public init(home folder: FilePath) throws {
        executable = try builtProgram("mixpack")
        home = folder.appending("home")
        try home.makeFolder()
        environment = [
            "HOME": home.string, "XDG_CACHE_HOME": home.appending("cache").string,
            "XDG_CONFIG_HOME": home.appending("config").string, "XDG_DATA_HOME": home.appending("data").string,
            "XDG_STATE_HOME": home.appending("state").string, "XDG_RUNTIME_DIR": home.string,
            "MIXPACK_ENGINE": "none", "DOCKER_HOST": nil, "DOCKER_CONTEXT": nil, "CONTAINER_HOST": nil,
            "CONTAINER_CONNECTION": nil, "DOCKER_CONFIG": nil,
            "CI": nil, "NO_COLOR": nil, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "HEX_OFFLINE": "1", "SECRET_KEY_BASE": nil, "DATABASE_URL": nil, "RELEASE": nil, "DEBUG": nil, "PORT": nil,
        ]
    }

    /// Where it keeps caches.
    public var cache: FilePath { home.appending("cache/mixpack") }
    /// Where it keeps images.
    public var images: FilePath { home.appending("data/mixpack/images") }
    /// Where it keeps what the user said once.
    public var state: FilePath { home.appending("state/mixpack") }
    /// Its own settings.
    public var settings: FilePath { home.appending("config/mixpack") }

    /// Runs it to its end.
    public func run(
        _ arguments: [String], environment more: [String: String?] = [:], workingDirectory: FilePath? = nil,
        within deadline: Duration = .seconds(180)
    ) async throws -> ProgramEnd {
        try await start(arguments, environment: more, workingDirectory: workingDirectory).end(within: deadline)
    }

    /// Starts it.
    public func start(
        _ arguments: [String], environment more: [String: String?] = [:], workingDirectory: FilePath? = nil
    ) throws -> RunningProgram {
        try RunningProgram(
            executable, arguments, environment: merged(with: more), workingDirectory: workingDirectory ?? home)
    }

    /// Starts it on a terminal.
    public func startOnTerminal(
        _ arguments: [String], environment more: [String: String?] = [:], workingDirectory: FilePath? = nil,
        columns: Int = 80, rows: Int = 24
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            executable, arguments, environment: merged(with: more), workingDirectory: workingDirectory ?? home,
            columns: columns, rows: rows)
    }

    /// The variables that let it find an engine by `DOCKER_HOST`.
    public static func engine(at host: String) -> [String: String?] { ["DOCKER_HOST": host, "MIXPACK_ENGINE": nil] }

    /// The variables with others over them.
    public func merged(with more: [String: String?]) -> [String: String?] {
        environment.merging(more) { _, new in new }
    }
}
