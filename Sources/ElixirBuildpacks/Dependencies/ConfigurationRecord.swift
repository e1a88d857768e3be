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
    /// The file of the values of kind `data`, as Erlang terms; `nil` where they were not read.
    let terms: FilePath?

    init?(text: String, terms: FilePath?) {
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
    /// The machine's store of answers; without one, none is shared.
    let answers: AnswerStore?
    /// Whether something below a folder holds a secret's value in any form.
    let holdsSecret: (FilePath) throws -> Bool

    private var stamp: FilePath { cache.appending("configuration.stamp") }
    private var kept: FilePath { cache.appending("configuration.txt") }
    private var keptTerms: FilePath { cache.appending("configuration.terms") }

    /// - Parameter withTerms: whether the values are needed, besides what tells them from others.
    /// - Returns: `nil` if the configuration cannot be read before the project is compiled.
    func read(withTerms: Bool = false) async throws -> ConfigurationRecord? {
        let file = FilePath(mix.project.configFile)
        // An absolute one is that of the machine, which the sandbox does not have.
        guard !file.isAbsolute else { return nil }
        let wanted = state()
        if (try? stamp.bytes()) == wanted, let text = kept.text, keptTerms.isFile {
            return ConfigurationRecord(text: text, terms: keptTerms)
        }
        guard mix.places.copy.pushing(file).isFile else { return try keep("", Self.noTerms, wanted) }
        // The helper has the program that reads it.
        guard mix.environment.beams != nil else { return nil }
        let shared = try shared(file)
        if shared == nil { try cache.appending(Self.sharedName).remove() }
        if !withTerms, !mix.context.startsOver, let shared, let answers,
            let text = answers.load(shared, shared, as: Shared.self)?.text
        {
            try note(shared)
            return ConfigurationRecord(text: text, terms: nil)
        }
        let home = mix.places.home
        let answer = home.appending("mixpack-configuration")
        try answer.remove()
        try answer.makeFolders()
        defer { try? answer.remove() }
        let out = "mixpack-configuration/answer"
        let seen = mix.places.homeSeen
        let outcome = try await mix.program([
            "elixir", "-e", ":mixpack_configuration.main(System.argv())", seen.appending(out).string,
            own.joined(separator: ","), mix.context.secretNames.sorted().joined(separator: ","), file.string,
        ])
        let (text, terms) = (home.appending("\(out).txt"), home.appending("\(out).terms"))
        guard outcome.end.isSuccess, answer.kind == .folder, text.kind == .file, terms.kind == .file,
            let lines = text.text, try !holdsSecret(answer)
        else { return nil }
        let record = try keep(lines, try terms.bytes(limit: 64 << 20), wanted)
        guard let answers, let shared, let record, !record.applications.values.contains(where: { $0.kind == .secret })
        else { return record }
        answers.store(Shared(text: lines), shared, shared, without: secrets)
        try note(shared)
        return record
    }

    // MARK: Shared answers

    /// What a configuration sets, without its values.
    private struct Shared: Codable {
        var text: String
    }

    /// The file that names the answer that a project used.
    private static let sharedName = "configuration.shared"

    /// The name of the answer that a project's last build used, that of a folder and of one in it.
    static func sharedName(in cache: FilePath) -> String? {
        cache.appending(sharedName).text.map { "\($0)/\($0)" }
    }

    private func note(_ shared: String) throws {
        answers?.use(shared)
        try cache.appending(Self.sharedName).replace(with: Array(shared.utf8))
    }

    private var secrets: [String] {
        mix.context.platformVariables.filter { mix.context.secretNames.contains($0.key) }.map(\.value)
    }

    /// The key of the answer where it is the same on every machine: the files say all, and no secret of the user's is in
    /// them.
    private func shared(_ file: FilePath) throws -> String? {
        guard
            let configuration = SelfContainedConfiguration(
                file, in: mix.places.copy, environment: mix.mixEnvironment),
            !configuration.files.contains(where: { Self.holds($0.bytes, secrets) })
        else { return nil }
        // It has the toolchain's version, and that of the program that reads the configuration.
        let helper = mix.environment.beams?.folder.lastComponent?.string ?? ""
        var facts = DependencyTree.line(
            "configuration", helper, mix.mixEnvironment, mix.places.workspace.string, file.string)
        for name in own { facts += DependencyTree.line("own", name) }
        for file in configuration.files { facts += DependencyTree.line(file.path) + DependencyTree.line(file.bytes) }
        return try MessageDigest.hex(of: facts)
    }

    /// The project's own applications, whose configuration no dependency gets.
    private var own: [String] { [mix.project.app].compactMap(\.self) + mix.project.children.map(\.name) }

    private static func holds(_ bytes: [UInt8], _ secrets: [String]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return secrets.contains { !$0.isEmpty && text.contains($0) }
    }

    // MARK: The project's own

    /// An empty list, in the [external term format](https://www.erlang.org/doc/apps/erts/erl_ext_dist.html).
    private static let noTerms: [UInt8] = [131, 106]

    private func keep(_ lines: String, _ terms: [UInt8], _ state: [UInt8]) throws -> ConfigurationRecord? {
        try keptTerms.replace(with: terms)
        try kept.replace(with: lines.utf8)
        try stamp.replace(with: state)
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
        if !mix.places.path.isEmpty || mix.project.configFolder != "config" {
            // The configuration may be that of another folder, or import files of one.
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
