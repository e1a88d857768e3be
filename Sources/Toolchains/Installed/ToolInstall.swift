import Files
import SystemPackage

/// An Elixir or an Erlang/OTP in a folder of the machine.
package struct ToolInstall: Sendable, Hashable {
    package let tool: RequestedVersion.Tool
    /// The folder with `bin` and `lib`.
    package let root: FilePath
    /// What the tool says of itself: `1.18.4`, `27.3.4.1`.
    package let version: String
    /// The name that a version manager knows it by: `1.18.4-otp-27`, `main-otp-27`, `ref-v1.18.0`.
    package let name: String
    /// The manager that keeps it.
    package var manager: VersionManager?
    /// Who keeps it, for people: `by asdf`, `by Homebrew`, or its folder: `in /usr/lib/elixir`.
    var keeper: String
    /// The version of the runtime system of an Erlang, such as `15.2.7`.
    package let runtimeVersion: String?

    /// Reads what is in a folder, or in its `lib/elixir` or `lib/erlang`, where a `PREFIX` puts it.
    /// - Parameter folder: links are followed; the name of the folder as given is the install's name.
    package init?(_ tool: RequestedVersion.Tool, at folder: FilePath, manager: VersionManager? = nil) {
        let inner: FilePath = tool == .elixir ? "lib/elixir" : "lib/erlang"
        for place in [folder, folder.pushing(inner)] {
            guard let root = place.realPath, let found = Self.read(tool, root) else { continue }
            self.tool = tool
            self.root = root
            (version, runtimeVersion) = found
            name = folder.lastComponent?.string ?? ""
            self.manager = manager
            keeper = manager.map { "by \($0.rawValue)" } ?? "in \(root)"
            return
        }
        return nil
    }

    /// The OTP major that an Elixir was compiled for, as far as its name says it.
    package var otpMajor: Int? {
        tool == .erlang ? OTPVersion(version)?.major : name.firstMatch(of: /-otp-([0-9]+)$/).flatMap { Int($0.1) }
    }

    /// Whether it is a release: neither a branch nor a candidate.
    package var isRelease: Bool {
        let isNamedByNumber = name.first?.isNumber ?? false || manager == nil
        switch tool {
        case .elixir: return isNamedByNumber && ElixirVersion(version)?.preRelease.isEmpty ?? false
        case .erlang: return isNamedByNumber && OTPVersion(version).map { $0.candidate == nil } ?? false
        }
    }

    private static func read(_ tool: RequestedVersion.Tool, _ root: FilePath) -> (String, String?)? {
        switch tool {
        case .elixir:
            guard let text = root.appending("lib/elixir/ebin/elixir.app").text,
                let match = text.firstMatch(of: /\{\s*vsn\s*,\s*"([^"]+)"/)
            else { return nil }
            return (String(match.1), nil)
        case .erlang:
            // "13.1.5 25": the runtime system's version and the release's number.
            guard let data = root.appending("releases/start_erl.data").text else { return nil }
            let words = data.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 2 else { return nil }
            let full = root.appending("releases/\(words[1])/OTP_VERSION").text?.split(whereSeparator: \.isWhitespace)
            return (full?.first.map(String.init) ?? words[1], words[0])
        }
    }
}

extension ToolInstall {
    /// Every install that managers, installers and `PATH` know of, each root once, those of `PATH` first.
    static func all(_ tool: RequestedVersion.Tool, environment: [String: String]) -> [ToolInstall] {
        let places = ManagedPlaces(environment: environment)
        let onPath = SearchPath(environment).files(tool.program).filter { places.manager(ofShims: $0.folder) == nil }
            .compactMap { ToolInstall(tool, startedBy: $0.file) }
        let managed = VersionManager.allCases.flatMap { manager in
            kept(in: places.installs(of: tool.rawValue, by: manager)) { ToolInstall(tool, at: $0, manager: manager) }
        }
        let unmanaged = places.unmanaged(tool).flatMap { keeper, folder in
            kept(in: folder) { ToolInstall(tool, at: $0)?.kept(by: keeper) }
        }
        let built =
            tool == .erlang ? places.builtByKerl.compactMap { ToolInstall(tool, at: $0)?.kept(by: "kerl") } : []
        var seen: Set<FilePath> = []
        // A manager knows more of an install than PATH does: its name.
        let known = Dictionary((managed + unmanaged + built).map { ($0.root, $0) }, uniquingKeysWith: { one, _ in one })
        return (onPath.map { known[$0.root] ?? $0 } + managed + unmanaged + built).filter {
            seen.insert($0.root).inserted
        }
    }

    private func kept(by keeper: String) -> ToolInstall {
        var install = self
        install.keeper = "by \(keeper)"
        return install
    }

    /// The installs in a folder's folders; mise's links, such as `latest` and `1.18`, are names of others.
    private static func kept(in folder: FilePath?, _ read: (FilePath) -> ToolInstall?) -> [ToolInstall] {
        guard let folder else { return [] }
        return folder.names.sorted().map { folder.appending($0) }
            .filter { $0.kind != .link }.compactMap(read)
    }

    /// The install whose program a file starts: the file itself, what it links to, or what a wrapper script executes.
    init?(_ tool: RequestedVersion.Tool, startedBy file: FilePath, depth: Int = 0) {
        guard depth < 4, let real = file.realPath else { return nil }
        if let install = ToolInstall(tool, at: real.removingLastComponent().removingLastComponent()) {
            self = install
        } else if let next = WrapperScript(real)?.program {
            self.init(tool, startedBy: next, depth: depth + 1)
        } else {
            return nil
        }
    }
}

extension RequestedVersion.Tool {
    /// The program that a shell starts for it.
    var program: String { self == .elixir ? "elixir" : "erl" }
}
