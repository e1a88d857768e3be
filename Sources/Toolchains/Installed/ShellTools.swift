import Diagnostics
import Files
import SystemPackage

/// What the shell starts in a folder, worked out without starting anything.
struct ShellTools: Sendable {
    /// What the shell starts for a tool.
    enum Answer: Sendable, Hashable {
        /// A program that is really there.
        case program(FilePath)
        /// A manager's install of a version.
        case install(FilePath, VersionManager)
        /// The manager whose shim comes first has nothing to start: no version is set, or that one is not installed.
        case refused(VersionManager, wanted: [String])
        case nothing
    }

    let places: ManagedPlaces
    let sources: VersionSources

    init(of folder: FilePath, environment: [String: String]) {
        places = ManagedPlaces(environment: environment)
        sources = VersionSources(of: folder, places: places)
    }

    /// What is started for a program's name.
    /// - Parameter tool: the name that managers have for what the program belongs to.
    func answer(_ program: String, tool: String) -> Answer {
        for (folder, file) in SearchPath(places.environment).files(program) {
            guard let manager = places.manager(ofShims: folder) else { return .program(file) }
            switch decision(manager, tool) {
            case .system: continue
            case .answer(let answer): return answer
            }
        }
        return .nothing
    }

    /// The Erlang that a wrapper of Elixir brings along, which counts more than that of `PATH`: so Nix does it.
    var wrappedErlang: FilePath? {
        guard case .program(let file) = answer("elixir", tool: "elixir") else { return nil }
        var next: FilePath? = file.realPath
        for _ in 0..<4 {
            guard let script = next.flatMap({ WrapperScript($0) }) else { return nil }
            if let erl = script.folders.lazy.map({ $0.appending("erl") }).first(where: \.isFile) { return erl }
            next = script.program?.realPath
        }
        return nil
    }

    enum Decision {
        /// The manager leaves it to what `PATH` has behind its shims.
        case system
        case answer(Answer)
    }

    /// Which version a manager chooses: the first of those that are wanted that it has.
    func decision(_ manager: VersionManager, _ tool: String) -> Decision {
        guard let word = sources.words(for: tool, by: manager).first else {
            return manager == .exenv ? .system : .answer(.refused(manager, wanted: []))
        }
        for version in word.versions {
            if version == RequestedVersion.system { return .system }
            if version.isPath, !word.isUsers { continue }
            if let found = install(version, of: tool, by: manager) { return .answer(.install(found, manager)) }
        }
        return .answer(.refused(manager, wanted: word.versions))
    }

    /// The folder of a version, as the manager finds it.
    func install(_ version: String, of tool: String, by manager: VersionManager) -> FilePath? {
        if version.isPath {
            let path = FilePath(String(version.dropFirst("path:".count)))
            return path.isAbsolute && path.isFolder ? path : nil
        }
        guard let folder = places.installs(of: tool, by: manager) else { return nil }
        let name = version.replacing("ref:", with: "ref-")
        if !name.contains("/"), folder.appending(name).isFolder { return folder.appending(name) }
        guard manager == .mise else { return nil }
        // mise takes the beginning of a version for the newest one that begins so.
        let beginning = version.replacing("prefix:", with: "")
        let fitting = folder.names.filter { name in
            name.first?.isNumber == true && folder.appending(name).kind == .folder
                && (beginning == "latest" || name.hasPrefix(beginning + ".") || name.hasPrefix(beginning + "-"))
        }
        return fitting.max { NumberedName($0) < NumberedName($1) }.map { folder.appending($0) }
    }
}

extension String {
    /// Whether a version is a folder of the machine; what is there runs, so a project's own file cannot choose it.
    var isPath: Bool { hasPrefix("path:") }
}

/// A name in the order of the numbers in it: `1.9.4` before `1.18.0-rc.1` before `1.18.0`.
package struct NumberedName: Comparable {
    let name: String

    package init(_ name: String) { self.name = name }

    package static func < (left: NumberedName, right: NumberedName) -> Bool {
        let (one, other) = (left.parts, right.parts)
        if one.numbers != other.numbers { return one.numbers.lexicographicallyPrecedes(other.numbers) }
        if one.isRelease != other.isRelease { return other.isRelease }
        return left.name < right.name
    }

    /// The numbers of the version itself; what follows a `-` is a candidate or the OTP that it is built for.
    private var parts: (numbers: [Int], isRelease: Bool) {
        let halves = name.split(separator: "-", maxSplits: 1)
        let numbers = (halves.first ?? "").split(separator: ".").compactMap { Int($0) }
        return (numbers, halves.count < 2 || halves[1].hasPrefix("otp-"))
    }
}
