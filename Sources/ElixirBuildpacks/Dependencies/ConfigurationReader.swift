import BuildpackAPI
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Reads the project's configuration, once for the same files and variables.
///
/// One that says only what stands in its files is read where nothing else of the project is, and the answer holds for all
/// machines. Any other is read in the project's own sandbox.
struct ConfigurationReader {
    let mix: MixRunner
    let toolchain: Toolchain
    /// The folder of the project's cache that keeps the answer.
    let cache: FilePath
    let hash: KeyedHash
    /// The machine's store of answers; without one, none is shared.
    let answers: AnswerStore?
    /// Whether something below a folder holds a secret's value in any form.
    let holdsSecret: (FilePath) throws -> Bool

    private var stamp: FilePath { cache.appending("configuration.stamp") }
    private var kept: FilePath { cache.appending("configuration.txt") }
    private var keptValues: FilePath { cache.appending("configuration.values") }

    /// - Parameter withValues: whether the values are needed, besides what tells them from others.
    /// - Returns: `nil` if the configuration cannot be read before the project is compiled.
    func read(withValues: Bool = false) async throws -> ConfigurationRecord? {
        let file = FilePath(mix.project.configFile)
        // An absolute one is that of the machine, which the sandbox does not have.
        guard !file.isAbsolute else { return nil }
        let wanted = state()
        if (try? stamp.bytes()) == wanted, let text = kept.text,
            let record = ConfigurationRecord(text: text, values: keptValues), record.hasValues
        {
            return record
        }
        guard mix.places.copy.pushing(file).isFile else { return try keep("", [:], wanted) }
        // The helper has the program that reads it.
        guard mix.environment.beams != nil else { return nil }
        guard let whole = selfContained(file) else {
            try cache.appending(Self.sharedName).remove()
            return try keep(try await run(mix, file), wanted)
        }
        let key = try key(whole, file)
        if !withValues, !mix.context.startsOver, let text = answers?.load(key, key, as: Shared.self)?.text,
            let record = ConfigurationRecord(text: text, values: nil)
        {
            try note(key)
            return record
        }
        let record = try keep(try await runAlone(whole, file), wanted)
        if let answers, record != nil, let text = kept.text {
            answers.store(Shared(text: text), key, key, without: secrets)
            try note(key)
        }
        return record
    }

    // MARK: Running

    /// What the program that reads a configuration says: a line and, of data, the values.
    private typealias Answer = (text: String, values: [String: [UInt8]])

    /// Reads the configuration as a mix of the project's sees it.
    private func run(_ mix: MixRunner, _ file: FilePath) async throws -> Answer? {
        let folder = mix.places.home.appending(Self.answerName)
        try folder.removeLinks(below: mix.places.home)
        try folder.remove()
        try folder.makeFolders()
        defer { try? folder.remove() }
        let outcome = try await mix.program([
            "elixir", "--erl", "-boot no_dot_erlang", "-e", ":mixpack_configuration.main(System.argv())",
            mix.places.homeSeen.appending(Self.answerName).string, own.joined(separator: ","),
            mix.context.secretNames.sorted().joined(separator: ","), file.string,
        ])
        guard outcome.end.isSuccess, folder.kind == .folder, try !holdsSecret(folder) else { return nil }
        return try answer(in: folder)
    }

    private static let answerName = "mixpack-configuration"

    /// The values come with digests of mixpack's own: the project's code could say what it likes.
    private func answer(in folder: FilePath) throws -> Answer? {
        let index = folder.appending("index.txt")
        guard index.kind == .file, let text = index.text else { return nil }
        var answer: Answer = ("", [:])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let number = Int(words[1]) else { return nil }
            guard words[2] == ConfigurationRecord.Kind.data.rawValue else {
                answer.text += "\(words[0]) - \(words[2])\n"
                continue
            }
            let place = folder.appending("\(number)")
            guard place.kind == .file else { return nil }
            let bytes = try place.bytes(limit: 64 << 20)
            let digest = try MessageDigest.hex(of: bytes)
            answer.values[digest] = bytes
            answer.text += "\(words[0]) \(digest) data\n"
        }
        return answer
    }

    /// Reads a configuration where there is nothing but its files: no code of the project's, and no variable.
    private func runAlone(_ configuration: SelfContainedConfiguration, _ file: FilePath) async throws -> Answer? {
        let prefix = "configuration-"
        HeldFolder.removeAbandoned(in: cache, prefix: prefix)
        let held = try HeldFolder(in: cache, prefix: prefix)
        defer { held.remove() }
        let places = MixPlaces(
            copy: held.path.appending("workspace"), path: mix.places.path, home: held.path.appending("home"),
            output: held.path.appending("output"), isSandboxed: true)
        try places.prepare()
        try places.copy.makeFolders()
        for file in configuration.files {
            let place = places.tree.appending(file.path)
            try place.removingLastComponent().makeFolders()
            try place.replace(with: file.bytes)
        }
        return try await run(mix.alone(in: places, toolchain), file)
    }

    private func keep(_ answer: Answer?, _ state: [UInt8]) throws -> ConfigurationRecord? {
        guard let answer else { return nil }
        return try keep(answer.text, answer.values, state)
    }

    private func keep(_ text: String, _ values: [String: [UInt8]], _ state: [UInt8]) throws -> ConfigurationRecord? {
        guard let record = ConfigurationRecord(text: text, values: keptValues) else { return nil }
        try stamp.remove()
        try keptValues.remove()
        try keptValues.makeFolders()
        for (digest, bytes) in values { try keptValues.appending(digest).replace(with: bytes) }
        try kept.replace(with: text.utf8)
        try stamp.replace(with: state)
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

    private func note(_ key: String) throws {
        answers?.use(key)
        try cache.appending(Self.sharedName).replace(with: Array(key.utf8))
    }

    private var secrets: [String] {
        mix.context.platformVariables.filter { mix.context.secretNames.contains($0.key) && !$0.value.isEmpty }
            .map(\.value)
    }

    /// The configuration, if its files say all, and no secret of the user's is in them.
    private func selfContained(_ file: FilePath) -> SelfContainedConfiguration? {
        let secrets = secrets
        let found = SelfContainedConfiguration(
            file, in: mix.places.copy, of: mix.places.tree, environment: mix.mixEnvironment)
        guard let found else { return nil }
        let holdsSecret = found.files.contains { file in
            let text = String(decoding: file.bytes, as: UTF8.self)
            return secrets.contains(where: text.contains)
        }
        return holdsSecret ? nil : found
    }

    /// What tells a configuration from all others, on every machine.
    private func key(_ configuration: SelfContainedConfiguration, _ file: FilePath) throws -> String {
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

    // MARK: State

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
