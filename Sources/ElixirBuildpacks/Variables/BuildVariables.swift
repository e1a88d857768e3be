import Digests
import Files
import MixInspection
import SystemPackage

/// The user's variables that a compilation may have taken up, known again by a keyed hash.
///
/// mix does not compile a module anew when a variable that it read has changed. So what was compiled with other values
/// must go before the next compilation.
struct BuildVariables {
    private let values: [String: String]
    private let recordFile: FilePath
    private let keyFile: FilePath

    /// - Parameters:
    ///   - values: the relevant ones (`relevant`), by name.
    ///   - cache: the folder that keeps the hash and its key.
    init(_ values: [String: String], cache: FilePath) {
        self.values = values
        recordFile = cache.appending("variables.hash")
        keyFile = cache.appending("variables.key")
    }

    /// Whether the values are not those of the last build that was recorded.
    func haveChanged() throws -> Bool {
        try (try? recordFile.bytes()) != hash()
    }

    func record() throws { try recordFile.replace(with: hash()) }

    private func hash() throws -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            bytes += "\(name.utf8.count) \(name)=\(value.utf8.count) \(value);".utf8
        }
        return try KeyedHash(keyFile: keyFile).hash(of: bytes)
    }

    /// Which of the user's variables a compilation may take up: those whose names occur in what is compiled.
    ///
    /// Left out of the search are files that are read when a release starts or is assembled anew each time, and what is
    /// no code. Where the project computes a name at build time, every variable counts.
    static func relevant(
        _ values: [String: String], project: MixProject, paths: [String], in tree: FilePath? = nil, copy: FilePath
    ) -> [String: String] {
        if values.isEmpty || project.unnamedReads.contains(where: { $0.phase == .build }) { return values }
        var missing = Set(values.keys)
        for path in paths where isCompiled(path) && !missing.isEmpty {
            search((tree ?? copy).appending(path), for: &missing)
        }
        for path in dependencySources(copy.appending("deps")) where !missing.isEmpty { search(path, for: &missing) }
        return values.filter { !missing.contains($0.key) }
    }

    private static func search(_ file: FilePath, for missing: inout Set<String>) {
        guard let stamp = FileStamp(of: file), stamp.kind == .file, stamp.size < 4 << 20, let bytes = try? file.bytes()
        else {
            return
        }
        missing = missing.filter { !contains(bytes, Array($0.utf8)) }
    }

    private static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, bytes.count >= word.count else { return false }
        var start = 0
        while let index = bytes[start...].firstIndex(of: first), index + word.count <= bytes.count {
            if bytes[index..<(index + word.count)].elementsEqual(word) { return true }
            start = index + 1
        }
        return false
    }

    private static func isCompiled(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last, let first = parts.first else { return false }
        if ["runtime.exs", "releases.exs", "dev.exs", "test.exs"].contains(name), parts.dropLast().last == "config" {
            return false
        }
        if first == "rel" || parts.contains("test") || path.contains("priv/static/") { return false }
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        return !notCode.contains(ending)
    }

    private static let notCode: Set<String> = [
        "md", "txt", "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "woff", "woff2", "ttf", "css", "po", "pot",
        "pdf",
        "map", "gz", "zip", "csv", "sql", "lock",
    ]

    private static func dependencySources(_ folder: FilePath) -> [FilePath] {
        folder.names.flatMap { name -> [FilePath] in
            let path = folder.appending(name)
            let kind = path.kind
            if kind == .folder { return name == ".git" || name == "test" ? [] : dependencySources(path) }
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            return kind == .file && ["ex", "exs", "erl", "hrl", "eex", "src", "config"].contains(ending) ? [path] : []
        }
    }
}

/// A variable of the platform by which users steer these buildpacks.
enum BuildSetting: String, CaseIterable {
    case release = "RELEASE"
    case debug = "DEBUG"
    case elixirVersion = "BP_ELIXIR_VERSION"
    case erlangVersion = "BP_OTP_VERSION"
    case distribution = "BP_DISTRIBUTION"

    /// What the variables say; an empty one says nothing.
    func value(in variables: [String: String]) -> String? {
        variables[rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }
}
