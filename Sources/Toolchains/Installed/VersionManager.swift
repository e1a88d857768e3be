import Files
import SystemPackage

/// A version manager: it keeps several versions of a tool and decides, folder by folder, which of them runs.
package enum VersionManager: String, Sendable, CaseIterable {
    case asdf, mise, exenv

    /// The command that sets a tool's version in a folder; the newest that there is serves as an example.
    func setting(_ tool: String, newestIn places: ManagedPlaces) -> String {
        let names = places.installs(of: tool, by: self)?.names ?? []
        let version = names.filter { $0.first?.isNumber == true }.max { NumberedName($0) < NumberedName($1) }
        switch self {
        case .asdf: return "asdf set \(tool) \(version ?? "VERSION")"
        case .mise: return "mise use \(tool)@\(version ?? "VERSION")"
        case .exenv: return "exenv local \(version ?? "VERSION")"
        }
    }

    /// The variable that sets a tool's version; `nil` if the manager has none for it.
    func variable(for tool: String) -> String? {
        switch self {
        case .asdf: "ASDF_\(tool.uppercased())_VERSION"
        case .mise: "MISE_\(tool.uppercased())_VERSION"
        case .exenv: tool == "elixir" ? "EXENV_VERSION" : nil
        }
    }

    /// The command that installs a version of a tool; `nil` for a manager that installs nothing itself.
    func installing(_ tool: String, _ version: String) -> String? {
        switch self {
        case .asdf: "asdf install \(tool) \(version)"
        case .mise: "mise install \(tool)@\(version)"
        case .exenv: nil
        }
    }
}

/// Where version managers and installers keep tools, and where their shims are, for one environment.
struct ManagedPlaces: Sendable {
    let environment: [String: String]
    /// The folders of shims that are there, links followed: asked for each folder of `PATH`.
    private var shims: [FilePath: VersionManager] = [:]

    init(environment: [String: String]) {
        self.environment = environment
        for manager in VersionManager.allCases.reversed() {
            if let folder = shimsFolder(of: manager)?.realPath { shims[folder] = manager }
        }
    }

    private func shimsFolder(of manager: VersionManager) -> FilePath? { root(of: manager)?.appending("shims") }

    /// The user's home folder.
    var home: FilePath? { folder("HOME") }

    /// The folder that a manager keeps its things in.
    func root(of manager: VersionManager) -> FilePath? {
        switch manager {
        case .asdf: folder("ASDF_DATA_DIR") ?? home?.appending(".asdf")
        case .mise:
            folder("MISE_DATA_DIR") ?? (folder("XDG_DATA_HOME") ?? home?.appending(".local/share"))?.appending("mise")
        case .exenv: folder("EXENV_ROOT") ?? home?.appending(".exenv")
        }
    }

    /// The manager whose shims a folder of `PATH` holds.
    func manager(ofShims folder: FilePath) -> VersionManager? {
        if let manager = VersionManager.allCases.first(where: { shimsFolder(of: $0) == folder }) { return manager }
        return shims.isEmpty ? nil : folder.realPath.flatMap { shims[$0] }
    }

    /// The manager that keeps a folder of `PATH` among its installs, as mise's does once it is activated in a shell.
    func manager(ofInstall folder: FilePath) -> VersionManager? {
        VersionManager.allCases.first { manager in
            guard let root = root(of: manager) else { return false }
            return folder.starts(with: root.appending("installs")) || folder.starts(with: root.appending("versions"))
        }
    }

    /// The folder in which a manager keeps the versions of a tool: its plugin's name for asdf and mise.
    func installs(of tool: String, by manager: VersionManager) -> FilePath? {
        switch manager {
        case .asdf, .mise: root(of: manager)?.appending("installs").appending(tool)
        case .exenv: tool == "elixir" ? root(of: manager)?.appending("versions") : nil
        }
    }

    /// The folders of Elixir's installer, kiex and Homebrew that hold a folder for each version, with whose they are.
    func unmanaged(_ tool: RequestedVersion.Tool) -> [(keeper: String, folder: FilePath)] {
        let homebrew = folder("HOMEBREW_PREFIX") ?? "/home/linuxbrew/.linuxbrew"
        let installer = home?.appending(".elixir-install/installs")
        let places: [(String, FilePath?)]
        switch tool {
        case .elixir:
            places = [
                ("elixir.org's installer", installer?.appending("elixir")), ("kiex", home?.appending(".kiex/elixirs")),
                ("Homebrew", homebrew.appending("Cellar/elixir")),
            ]
        case .erlang:
            places = [
                ("elixir.org's installer", installer?.appending("otp")),
                ("Homebrew", homebrew.appending("Cellar/erlang")),
            ]
        }
        return places.compactMap { keeper, folder in folder.map { (keeper, $0) } }
    }

    /// The installs of kerl, which may be anywhere: it keeps a list of `RELEASE FOLDER` lines.
    var builtByKerl: [FilePath] {
        let base = folder("KERL_BASE_DIR") ?? home?.appending(".kerl")
        let lines = base?.appending("otp_installations").text?.split(whereSeparator: \.isNewline) ?? []
        return lines.compactMap { line in
            line.split(separator: " ", maxSplits: 1).dropFirst().first.map { FilePath(String($0)) }
        }
    }

    private func folder(_ variable: String) -> FilePath? {
        environment[variable].flatMap { $0.isEmpty ? nil : FilePath($0) }
    }
}
