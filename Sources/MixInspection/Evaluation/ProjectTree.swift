import Files
import Glibc
import ProjectGit
import SystemPackage

/// The files of a project that an inspection rests on.
struct ProjectTree {
    let root: FilePath
    /// The files that mix.exs may rest on, relative to the root: every file that is not source, test, asset or `priv`,
    /// here and in children.
    let settings: [String]
    /// The files outside of the project that mix.exs may rest on, as the context has them: absolute.
    let around: [String]
    /// The folder of the configuration, relative to the root: that of the umbrella for a child with its context.
    private let configFolder: String
    private let repository: GitFolder?

    /// Folders that are made from the project, or are no part of it.
    static let skipped: Set<String> = [
        ".git", "_build", "deps", "node_modules", "cover", "doc", ".elixir_ls", ".lexical", ".next",
    ]

    /// What mix.exs does not depend on; a change there leaves the evaluation as it is.
    private static let content: Set<String> = ["lib", "test", "priv", "assets"]
    /// Larger files count by size and time and are not read.
    private static let largest = 256 << 10

    /// - Parameter context: the folder around the project that mix.exs sees too, links followed.
    init(root: FilePath, home: FilePath? = nil, context: FilePath? = nil) {
        self.root = root
        repository = GitFolder(of: root, home: home)
        settings = Self.files(in: "", of: root, below: 12) { name, folder in Self.isContent(name, in: folder) }
        around = context.map { Self.files(around: root, in: $0) } ?? []
        configFolder = Self.configFolder(of: root, in: context)
    }

    /// What the evaluation of mix.exs rests on: its settings, and those variables of its environment that a script
    /// among these files names.
    func addSettings(environment: [String: String], to fingerprint: inout Fingerprint) {
        for path in settings + around { add(path, to: &fingerprint) }
        for name in names(among: environment.keys) { fingerprint.add("\(name)=\(environment[name] ?? "")") }
        addCommit(to: &fingerprint)
    }

    /// The mix.exs of the project and of its children, as far as there are any.
    var mixFiles: [String] { settings.filter { $0 == "mix.exs" || $0.hasSuffix("/mix.exs") } }

    /// The bytes of a file that is read whole; `nil` for a large one.
    func whole(_ path: String) -> [UInt8]? {
        guard let bytes = try? ProjectFile.bytes(root.appending(path)), bytes.count <= Self.largest else { return nil }
        return bytes
    }

    /// Those of the names that a script among these files has in it, sorted.
    func names(among names: some Collection<String>) -> [String] {
        guard !names.isEmpty else { return [] }
        var named: Set<String> = []
        for path in settings + around where path.hasSuffix(".exs") {
            guard let bytes = try? ProjectFile.bytes(root.pushing(FilePath(path))) else { continue }
            named.formUnion(names.filter { !named.contains($0) && TelltaleWords.isIn(bytes, $0) })
        }
        return named.sorted()
    }

    /// Whether a script among the settings reads a variable of this name.
    func reads(_ name: String) -> Bool {
        (settings + around).contains { path in
            guard path.hasSuffix(".exs"), let bytes = try? ProjectFile.bytes(root.pushing(FilePath(path))) else {
                return false
            }
            return ["env(", "env!(", "getenv("].contains { TelltaleWords.isIn(bytes, $0 + "\"" + name + "\"") }
        }
    }

    /// What git has checked out, if a script reads that from git's own files.
    private func addCommit(to fingerprint: inout Fingerprint) {
        guard !names(among: [".git/", "\".git\""]).isEmpty else { return }
        fingerprint.add(RepositoryFiles(repository).digest)
    }

    /// The source files, relative to the root: mix.exs, configuration and lib, here and in children.
    func sourceFiles() -> SourceFiles {
        var files = SourceFiles()
        let folders = [""] + root.appending("apps").names.map { "apps/\($0)/" }
        for folder in folders {
            let config = folder.isEmpty ? configFolder : folder + "config"
            files.toScan += scripts(in: folder, config: config).filter { !$0.contains("\n") }
            for path in sources(in: folder + "lib") where !path.contains("\n") {
                if isTelltale(path) { files.toScan.append(path) } else { files.candidates.append(path) }
            }
        }
        return files
    }

    private func scripts(in folder: String, config: String) -> [String] {
        let mix = root.appending(folder + "mix.exs").leadsSomewhere ? [folder + "mix.exs"] : []
        return mix + Self.files(in: config, of: root, below: 4).filter { $0.hasSuffix(".exs") }
    }

    private func sources(in folder: String) -> [String] {
        Self.files(in: folder, of: root, below: 24).filter { path in
            path.hasSuffix(".ex") && !path.hasPrefix("\(folder)/mix/tasks/")
        }
    }

    /// Whether a file has one of the words in it.
    func has(anyOf words: [String], in path: String) -> Bool {
        guard !words.isEmpty, let bytes = try? ProjectFile.bytes(root.appending(path)) else { return false }
        return TelltaleWords.isAny(of: words, in: bytes)
    }

    private func isTelltale(_ path: String) -> Bool {
        guard let bytes = try? ProjectFile.bytes(root.appending(path)) else { return false }
        return TelltaleWords.areIn(bytes)
    }

    func add(_ path: String, to fingerprint: inout Fingerprint) {
        fingerprint.add(path)
        var status = stat()
        let file = root.pushing(FilePath(path))
        guard stat(file.nameBytes, &status) == 0 else { return }
        if status.st_size <= Self.largest, let bytes = try? ProjectFile.bytes(file) {
            fingerprint.add(bytes)
        } else {
            fingerprint.add("\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)")
        }
    }

    // MARK: - Walking

    /// Where mix.exs says that the configuration is, if that is among what is copied.
    private static func configFolder(of root: FilePath, in context: FilePath?) -> String {
        guard let mix = try? ProjectFile.bytes(root.appending("mix.exs")) else { return "config" }
        let folder = MixFile(mix).facts(folder: ".").configFolder
        let place = root.pushing(FilePath(folder)).lexicallyNormalized()
        return place.starts(with: context ?? root) && place != root ? folder : "config"
    }

    /// The files of a context that are not source, test, asset or `priv`, without those of the project itself.
    private static func files(around root: FilePath, in context: FilePath) -> [String] {
        let own = String(root.string.dropFirst(context.string.count + 1))
        return files(in: "", of: context, below: 8) { name, folder in
            content.contains(name) || (folder.isEmpty ? name : "\(folder)/\(name)") == own
        }.map { context.appending($0).string }
    }

    private static func isContent(_ name: String, in folder: String) -> Bool {
        let parts = folder.split(separator: "/")
        return content.contains(name) && (parts.isEmpty || (parts.count == 2 && parts[0] == "apps"))
    }

    /// The files below a folder, in a fixed order; links to folders are not followed.
    private static func files(
        in folder: String, of root: FilePath, below depth: Int,
        skipping: (_ name: String, _ folder: String) -> Bool = { _, _ in false }
    ) -> [String] {
        guard depth > 0 else { return [] }
        return root.appending(folder).names.flatMap { name -> [String] in
            if skipped.contains(name) || skipping(name, folder) { return [] }
            let path = folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            let place = root.appending(path)
            switch place.kind {
            case .folder: return files(in: path, of: root, below: depth - 1, skipping: skipping)
            case .file: return [path]
            case .link: return place.isFile || !place.leadsSomewhere ? [path] : []
            // Pipes and the like would be waited for.
            case .other, .missing: return []
            }
        }
    }
}

/// The files of a project that are searched for variables and the like.
struct SourceFiles {
    /// Those that may read variables or listen: scripts, and modules that have one of the words in them.
    var toScan: [String] = []
    /// The other modules, which may call functions that do.
    var candidates: [String] = []
}

/// The words without which a source file reads no variable and names no address: looked for before anything is parsed.
enum TelltaleWords {
    private static let words = [
        "System.", "env!", "bindings:", ":system", "getenv", "loopback", "{127,", "ifaddr", "ip:", "Mix.", ":http",
        ":ssl.",
        ":public_key.", ":crypto.", ":xmerl", ":mnesia.", "sup.", ":wx.", ":snmp", ":eldap.", "ftp.", ":ssh",
    ]

    static func areIn(_ bytes: [UInt8]) -> Bool { isAny(of: words, in: bytes) }

    static func isIn(_ bytes: [UInt8], _ word: String) -> Bool { isAny(of: [word], in: bytes) }

    static func isAny(of words: [String], in bytes: [UInt8]) -> Bool {
        // strstr is the fast search that libc has for everyone; it wants an end.
        (bytes + [0]).withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return false }
                return words.contains { strstr(start, $0) != nil }
            }
        }
    }
}
