import FoundationEssentials
import Glibc
import OCIImage
import SystemPackage

/// The machine as the program finds it: its environment, folders, terminal and clock.
struct Machine: Sendable {
    /// The program's own environment.
    let environment: [String: String]
    /// The program's own executable.
    let executable: FilePath
    /// The folder in which it was started.
    let currentDirectory: FilePath
    /// The folder of all caches that was named in place of mixpack's own.
    var namedCache: FilePath?

    /// Looks at the machine.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
        executable = Self.link("/proc/self/exe") ?? FilePath(CommandLine.arguments.first ?? "mixpack")
        currentDirectory = FilePath(FileManager.default.currentDirectoryPath)
    }

    /// `$XDG_CACHE_HOME/mixpack`, or the folder of `--cache`.
    var cacheRoot: FilePath { namedCache ?? folder("XDG_CACHE_HOME", else: ".cache") }
    /// `$XDG_DATA_HOME/mixpack/images`.
    var imageStore: FilePath { folder("XDG_DATA_HOME", else: ".local/share").appending("images") }
    /// `$XDG_STATE_HOME/mixpack`: what the user said once and is not asked again; never pruned.
    var state: FilePath { folder("XDG_STATE_HOME", else: ".local/state") }
    /// `$XDG_CONFIG_HOME/mixpack`.
    var configuration: FilePath { folder("XDG_CONFIG_HOME", else: ".config") }

    /// Whether standard input and output are a terminal on which a screen can be drawn, outside CI.
    var hasScreen: Bool {
        let term = environment["TERM"] ?? ""
        return hasTerminal && !term.isEmpty && term != "dumb" && !isCI
    }

    /// Whether standard input and output are a terminal, of whatever kind.
    var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Whether this is a run of continuous integration.
    var isCI: Bool { !(environment["CI"] ?? "").isEmpty }

    /// Whether this is a step of GitHub Actions.
    var isWorkflow: Bool { Self.isWorkflow(environment) }

    static func isWorkflow(_ environment: [String: String]) -> Bool { environment["GITHUB_ACTIONS"] == "true" }

    /// Seconds of a clock that never goes back.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The path, taken from the current folder where it is relative.
    func absolute(_ path: String) -> FilePath {
        let path = FilePath(path)
        return (path.isAbsolute ? path : currentDirectory.pushing(path)).lexicallyNormalized()
    }

    /// The user's home folder, where the environment names one.
    private static func home(_ environment: [String: String]) -> FilePath? {
        environment["HOME"].flatMap { $0.hasPrefix("/") ? FilePath($0) : nil }
    }

    /// What is used without `HOME`.
    private static var temporaryHome: FilePath { FilePath("/tmp/mixpack-\(getuid())") }

    /// Makes the folder that is used without `HOME`; with one, nothing happens.
    /// - Throws: `Failure` of code `usage` if somebody else may have made it.
    static func claimHome(_ environment: [String: String]) throws {
        if home(environment) == nil { try PrivateFolder.claim(temporaryHome) }
    }

    private func folder(_ variable: String, else fallback: String) -> FilePath {
        if let value = environment[variable], value.hasPrefix("/") { return FilePath(value).appending("mixpack") }
        let home = Self.home(environment) ?? Self.temporaryHome
        return home.appending(FilePath(fallback).components).appending("mixpack")
    }

    private static func link(_ path: String) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}

extension ImagePlace {
    /// The place with its path taken from the machine's current folder where it is relative.
    func absolute(_ machine: Machine) -> ImagePlace {
        switch self {
        case .layout(let path, let tag): .layout(machine.absolute(path.string), tag: tag)
        case .layoutArchive(let path): .layoutArchive(machine.absolute(path.string))
        case .dockerArchive(let path): .dockerArchive(machine.absolute(path.string))
        case .engine, .registry, .store: self
        }
    }
}
