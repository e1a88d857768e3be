import Diagnostics
import Files
import SystemPackage

/// What says which version of a tool is wanted in a folder: variables, files there and above, the user's own files.
///
/// The order is the managers': asdf's is that of https://asdf-vm.com/manage/versions.html, mise's that of
/// https://mise.jdx.dev/configuration.html. The manager whose shims `PATH` has first comes first.
struct VersionSources: Sendable {
    /// One word for a tool, and where it is.
    struct Word: Sendable, Hashable {
        /// The versions, in the order in which the manager tries them.
        var versions: [String]
        /// The file as the user knows it (`.tool-versions`, `../mise.toml`, `~/.tool-versions`), or the variable.
        var source: String
        /// The line, from 1; `nil` for a variable.
        var line: Int?
    }

    let folder: FilePath
    let places: ManagedPlaces
    /// The manager that decides for the shell, if one does.
    let active: VersionManager?

    init(of folder: FilePath, places: ManagedPlaces) {
        self.folder = folder
        self.places = places
        let path = SearchPath(places.environment)
        active =
            (path.files("elixir") + path.files("erl")).lazy
            .compactMap { places.manager(ofShims: $0.folder) ?? places.manager(ofInstall: $0.folder) }.first
            ?? path.folders.lazy.compactMap { places.manager(ofShims: $0) }.first
    }

    /// Everything that counts, the first before the next; files that cannot be read are told as findings.
    func words(for tool: RequestedVersion.Tool, findings: inout [Diagnostic]) -> [Word] {
        let order = [active].compactMap(\.self) + [.mise, .asdf, .exenv].filter { $0 != active }
        let variables = order.flatMap { words(ofVariable: $0, tool.rawValue) }
        let files = walk(order) + (active.map(global) ?? []) + onlyHere
        var seen: Set<FilePath> = []
        return variables + read(files.filter { seen.insert($0.path).inserted }, tool.rawValue, &findings)
    }

    /// What a manager itself goes by.
    func words(for tool: String, by manager: VersionManager) -> [Word] {
        var findings: [Diagnostic] = []
        return words(ofVariable: manager, tool) + read(walk([manager]) + global(manager), tool, &findings)
    }

    /// The tools that a manager's files name, the nearest first.
    func tools(by manager: VersionManager) -> [String] {
        (walk([manager]) + global(manager)).flatMap { place -> [String] in
            guard let text = place.path.text else { return [] }
            return ((try? place.file.read(text, place.shown)) ?? []).map(\.tool)
        }
    }

    // MARK: - Variables

    private func words(ofVariable manager: VersionManager, _ tool: String) -> [Word] {
        let name: String
        switch manager {
        case .asdf: name = "ASDF_\(tool.uppercased())_VERSION"
        case .mise: name = "MISE_\(tool.uppercased())_VERSION"
        case .exenv: name = tool == "elixir" ? "EXENV_VERSION" : ""
        }
        let versions = (places.environment[name] ?? "").split(separator: " ").map(String.init)
        return versions.isEmpty ? [] : [Word(versions: versions, source: name)]
    }

    // MARK: - Files

    private struct Place {
        var file: VersionFile
        var path: FilePath
        var shown: String
    }

    /// The files of managers in the folder and in each above it, up to the root.
    private func walk(_ managers: [VersionManager]) -> [Place] {
        var places: [Place] = []
        var current = folder.lexicallyNormalized()
        var above = ""
        repeat {
            for file in managers.flatMap(files) {
                places.append(Place(file: file, path: current.pushing(FilePath(file.name)), shown: above + file.name))
            }
            above += "../"
        } while current.removeLastComponent()
        return places
    }

    /// The user's own files and the machine's, which count last.
    private func global(_ manager: VersionManager) -> [Place] {
        let home = places.home
        let configuration = places.environment["XDG_CONFIG_HOME"].map { FilePath($0) } ?? home?.appending(".config")
        let found: [(FilePath?, VersionFile, String)]
        switch manager {
        case .asdf:
            found = [(home?.appending(toolVersions), .toolVersions(named: toolVersions), "~/\(toolVersions)")]
        case .mise:
            found = [
                (configuration?.appending("mise/config.toml"), .mise("config.toml"), "~/.config/mise/config.toml"),
                (home?.appending(".tool-versions"), .toolVersions(named: ".tool-versions"), "~/.tool-versions"),
                ("/etc/mise/config.toml", .mise("config.toml"), "/etc/mise/config.toml"),
            ]
        case .exenv:
            found = [(places.root(of: .exenv)?.appending("version"), .single("version", "elixir"), "~/.exenv/version")]
        }
        return found.compactMap { path, file, shown in path.map { Place(file: file, path: $0, shown: shown) } }
    }

    /// What no manager goes by, and a project has for others: it counts in the project's own folder only.
    private var onlyHere: [Place] {
        VersionFile.ofProjects.map { Place(file: $0, path: folder.appending($0.name), shown: $0.name) }
    }

    private func files(_ manager: VersionManager) -> [VersionFile] {
        switch manager {
        case .mise:
            let names = VersionFile.miseNames(environment: places.environment["MISE_ENV"])
            return names.map(VersionFile.mise) + [.toolVersions(named: ".tool-versions")]
        case .asdf:
            let old: [VersionFile] =
                readsOldFiles ? [.single(".elixir-version", "elixir"), .single(".exenv-version", "elixir")] : []
            return [.toolVersions(named: toolVersions)] + old
        case .exenv: return active == .exenv ? [.single(".exenv-version", "elixir")] : []
        }
    }

    private var toolVersions: String {
        places.environment["ASDF_TOOL_VERSIONS_FILENAME"] ?? places.environment["ASDF_DEFAULT_TOOL_VERSIONS_FILENAME"]
            ?? ".tool-versions"
    }

    /// Whether asdf reads other programs' files too: `legacy_version_file = yes` in ~/.asdfrc.
    private var readsOldFiles: Bool {
        let file = places.environment["ASDF_CONFIG_FILE"].map { FilePath($0) } ?? places.home?.appending(".asdfrc")
        let lines = file?.text?.split(whereSeparator: \.isNewline) ?? []
        return lines.contains { $0.wholeMatch(of: /\s*legacy_version_file\s*=\s*yes\s*/) != nil }
    }

    private func read(_ files: [Place], _ tool: String, _ findings: inout [Diagnostic]) -> [Word] {
        var words: [Word] = []
        for place in files {
            guard let bytes = try? place.path.bytes(limit: 1 << 20) else { continue }
            do throws(Failure) {
                let entries = try place.file.read(String(decoding: bytes, as: UTF8.self), place.shown)
                words += entries.filter { $0.tool == tool }.map {
                    Word(versions: $0.versions, source: place.shown, line: $0.line)
                }
            } catch {
                let finding = Diagnostic(.warning, error.message, file: place.shown, line: error.place?.line)
                if !findings.contains(finding) { findings.append(finding) }
            }
        }
        return words
    }
}
