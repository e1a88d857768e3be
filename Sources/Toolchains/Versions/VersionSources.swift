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
        /// Whether none of the versions is asked for, because the source leaves several open.
        var isUnclear = false
        /// Whether the user says it, not a file that comes with the project.
        var isUsers = false
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
        return variables
            + Self.agreed(read(files.filter { seen.insert($0.path).inserted }, tool.rawValue, &findings))
    }

    /// The words without those of workflows that contradict each other: of these none is asked for.
    private static func agreed(_ words: [Word]) -> [Word] {
        let ofWorkflows = words.filter { $0.source.hasPrefix(VersionFile.workflows) }
        guard var first = ofWorkflows.first, Set(ofWorkflows.map(\.versions)).count > 1 else { return words }
        first.versions = ofWorkflows.flatMap(\.versions).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        first.isUnclear = true
        return words.filter { !$0.source.hasPrefix(VersionFile.workflows) } + [first]
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
        guard let name = manager.variable(for: tool) else { return [] }
        let versions = (places.environment[name] ?? "").split(separator: " ").map(String.init)
        return versions.isEmpty ? [] : [Word(versions: versions, source: name, isUsers: true)]
    }

    // MARK: - Files

    private struct Place {
        var file: VersionFile
        var path: FilePath
        var shown: String
        /// Whether it is the user's own, and does not come with a project.
        var isUsers = false

        init(file: VersionFile, path: FilePath, shown: String, isUsers: Bool = false) {
            (self.file, self.path, self.shown, self.isUsers) = (file, path, shown, isUsers)
        }

        /// A file in a folder that is shown as a text with `/` behind.
        init(_ file: VersionFile, in folder: FilePath, _ shown: String) {
            self.init(file: file, path: folder.pushing(FilePath(file.name)), shown: shown + file.name)
        }
    }

    /// The files of managers in the folder and in each above it, up to the root.
    private func walk(_ managers: [VersionManager]) -> [Place] {
        var places: [Place] = []
        var current = folder.lexicallyNormalized()
        var above = ""
        repeat {
            for file in managers.flatMap(files).flatMap({ $0.expanded(in: current) }) {
                let path = current.pushing(FilePath(file.name))
                let isUsers = current == self.places.home && !above.isEmpty
                places.append(Place(file: file, path: path, shown: above + file.name, isUsers: isUsers))
            }
            above += "../"
        } while current.removeLastComponent()
        return places
    }

    /// The user's own files and the machine's, which count last.
    private func global(_ manager: VersionManager) -> [Place] {
        files(ofAllProjects: manager).map { Place(file: $0.file, path: $0.path, shown: $0.shown, isUsers: true) }
    }

    private func files(ofAllProjects manager: VersionManager) -> [Place] {
        func ofHome(_ name: String) -> [Place] {
            places.home.map { [Place(.toolVersions(named: name), in: $0, "~/")] } ?? []
        }
        switch manager {
        case .asdf: return ofHome(toolVersions)
        case .mise: return miseSettings + ofHome(".tool-versions") + miseSettings(in: "/etc/mise", "/etc/mise/")
        case .exenv:
            return places.root(of: .exenv).map { [Place(.single("version", "elixir"), in: $0, "~/.exenv/")] } ?? []
        }
    }

    /// mise's files of the user: the one that a variable names, or those in its folder.
    private var miseSettings: [Place] {
        if let file = places.environment["MISE_GLOBAL_CONFIG_FILE"], !file.isEmpty {
            return [Place(file: .mise(file), path: FilePath(file), shown: file)]
        }
        if let folder = places.environment["MISE_CONFIG_DIR"], !folder.isEmpty {
            return miseSettings(in: FilePath(folder), "\(folder)/")
        }
        let settings = places.environment["XDG_CONFIG_HOME"].map { FilePath($0) } ?? places.home?.appending(".config")
        return settings.map { miseSettings(in: $0.appending("mise"), "~/.config/mise/") } ?? []
    }

    private func miseSettings(in folder: FilePath, _ shown: String) -> [Place] {
        VersionFile.miseSettings(environment: places.environment["MISE_ENV"]).map(VersionFile.mise)
            .flatMap { $0.expanded(in: folder) }.map { Place($0, in: folder, shown) }
    }

    /// What no manager goes by, and a project has for others: it counts in the project's own folder only.
    private var onlyHere: [Place] {
        let files = VersionFile.ofProjects.flatMap { $0.expanded(in: folder) }
        return files.flatMap { file -> [Place] in
            let path = folder.pushing(FilePath(file.name))
            let own = Place(file: file, path: path, shown: file.name)
            guard file.name.hasPrefix(VersionFile.workflows), let bytes = try? path.bytes(limit: 1 << 20) else {
                return [own]
            }
            return [own]
                + VersionFile.versionFiles(String(decoding: bytes, as: UTF8.self)).map { name in
                    Place(
                        file: .toolVersions(named: name), path: folder.pushing(FilePath(name)).lexicallyNormalized(),
                        shown: name)
                }
        }
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
                    Word(
                        versions: $0.versions, source: place.shown, line: $0.line, isUnclear: $0.isUnclear,
                        isUsers: place.isUsers)
                }
            } catch {
                let finding = Diagnostic(.warning, error.message, file: place.shown, line: error.place?.line)
                if !findings.contains(finding) { findings.append(finding) }
            }
        }
        return words
    }
}
