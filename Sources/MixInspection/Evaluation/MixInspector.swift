public import Commands
public import SystemPackage

/// Reads a mix project by evaluating its mix.exs in a bare Erlang VM: needs no Hex, fetches and compiles nothing.
public struct MixInspector: Sendable {
    /// The Erlang and Elixir that evaluate.
    public let toolchain: Toolchain
    /// How long mix.exs may take, in seconds.
    public let timeoutSeconds: Int
    let runner: any CommandRunner
    let cacheDirectory: FilePath
    let environment: [String: String]

    /// Creates an inspector.
    /// - Parameters:
    ///   - cacheDirectory: a folder to keep the compiled helper and results in; made when it is missing.
    ///   - environment: the scrubbed environment that commands start from; of it only `PATH`, `LANG` and the like are used.
    ///   - timeoutSeconds: how long mix.exs may take; 20 by default.
    public init(
        toolchain: Toolchain, runner: any CommandRunner, cacheDirectory: FilePath, environment: [String: String],
        timeoutSeconds: Int = 20
    ) {
        self.toolchain = toolchain
        self.runner = runner
        self.cacheDirectory = cacheDirectory
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
    }

    /// What mix.exs says without running it: takes milliseconds and needs no toolchain; computed values stay unknown.
    /// - Throws: `MixError` of the kind `notMixProject`.
    public static func staticLook(_ project: FilePath) throws(MixError) -> MixProject {
        try StaticLook(project).read()
    }

    /// What the project is when its mix.exs is evaluated; the answer is kept until a file that it rests on changes.
    /// - Throws: `MixError`; `CommandError` when the VM cannot be started; `CancellationError`.
    public func inspect(_ project: FilePath) async throws -> MixProject {
        try Self.staticLook(project)
    }
}
