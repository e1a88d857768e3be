import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage

/// What the project's configuration sets for each application, and the values that dependencies may be given.
struct ConfigurationRecord {
    enum Kind: String {
        case data
        /// Functions and the like, which cannot leave the VM that made them.
        case code
        /// A value holds a secret's.
        case secret
    }

    /// By application: the digest of its values, and what they are.
    let applications: [String: (digest: String, kind: Kind)]
    /// The file of the values of kind `data`, as Erlang terms.
    let terms: FilePath

    init?(text: String, terms: FilePath) {
        var applications: [String: (digest: String, kind: Kind)] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let kind = Kind(rawValue: String(words[2])) else { return nil }
            applications[String(words[0])] = (String(words[1]), kind)
        }
        self.applications = applications
        self.terms = terms
    }
}

/// Reads the project's configuration in the project's own sandbox, once for the same files and variables.
struct ConfigurationReader {
    let mix: MixRunner
    /// The folder of the project's cache that keeps the answer.
    let cache: FilePath
    let hash: KeyedHash
    /// Whether something below a folder holds a secret's value in any form.
    let holdsSecret: (FilePath) throws -> Bool

    private var stamp: FilePath { cache.appending("configuration.stamp") }
    private var kept: FilePath { cache.appending("configuration.txt") }
    private var keptTerms: FilePath { cache.appending("configuration.terms") }

    /// - Returns: `nil` if the configuration cannot be read before the project is compiled.
    func read() async throws -> ConfigurationRecord? {
        let wanted = state()
        if (try? stamp.bytes()) == wanted, let text = kept.text, keptTerms.isFile {
            return ConfigurationRecord(text: text, terms: keptTerms)
        }
        let name = "mixpack_configuration.exs"
        let home = mix.places.home
        let answer = home.appending("mixpack-configuration")
        try answer.remove()
        try answer.makeFolders()
        defer { try? answer.remove() }
        try home.appending(name).replace(with: PackageResources.mixpack_configuration_exs)
        let out = "mixpack-configuration/answer"
        let own = [mix.project.app].compactMap(\.self) + mix.project.children.map(\.name)
        let seen = mix.places.homeSeen
        let outcome = try await mix.program([
            "elixir", seen.appending(name).string, seen.appending(out).string, own.joined(separator: ","),
            mix.context.secretNames.sorted().joined(separator: ","),
        ])
        let (text, terms) = (home.appending("\(out).txt"), home.appending("\(out).terms"))
        guard outcome.end.isSuccess, answer.kind == .folder, text.kind == .file, terms.kind == .file,
            let lines = text.text, try !holdsSecret(answer)
        else { return nil }
        try keptTerms.replace(with: try terms.bytes(limit: 64 << 20))
        try kept.replace(with: lines.utf8)
        try stamp.replace(with: wanted)
        return ConfigurationRecord(text: lines, terms: keptTerms)
    }

    /// A hash of all that decides what the configuration is: its files, mix.exs, what git answered, and every variable.
    private func state() -> [UInt8] {
        let copy = mix.places.copy
        let folders = [copy] + mix.project.children.map { copy.appending($0.path) }
        var bytes: [UInt8] = []
        for folder in folders {
            bytes += DependencyTree.line("file", folder.appending("mix.exs").text ?? "")
            for file in Self.files(in: folder.appending("config")) {
                bytes += DependencyTree.line(file.string, file.text ?? "")
            }
        }
        if !mix.places.path.isEmpty {
            // The configuration may be that of a folder above, or import files of one.
            for file in Self.scripts(in: mix.places.tree) { bytes += DependencyTree.line(file.string, file.text ?? "") }
        }
        bytes += DependencyTree.line("git", mix.git?.token ?? "")
        for (name, value) in mix.environment.variables.sorted(by: { $0.key < $1.key }) {
            bytes += DependencyTree.line(name, value)
        }
        return hash.hash(of: bytes)
    }

    private static func scripts(in folder: FilePath) -> [FilePath] {
        folder.names.flatMap { name -> [FilePath] in
            let path = folder.appending(name)
            switch path.kind {
            case .folder: return ["_build", "deps", ".git"].contains(name) ? [] : scripts(in: path)
            case .file: return name.hasSuffix(".exs") ? [path] : []
            case .link, .other, .missing: return []
            }
        }
    }

    private static func files(in folder: FilePath) -> [FilePath] {
        folder.names.flatMap { name -> [FilePath] in
            let path = folder.appending(name)
            switch path.kind {
            case .folder: return files(in: path)
            case .file: return [path]
            case .link, .other, .missing: return []
            }
        }
    }
}
