import BuildpackAPI
import Commands
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Text
import Toolchains

/// Brings a project's dependencies in compiled: from the machine's store, or compiled once without the project and filed.
///
/// Whatever does not fit into that, mix compiles with the project, as it always does: dependencies by path, those that
/// mix.exs tells how to compile, and those whose configuration holds a secret or code.
struct CompiledDependencies {
    let store: DependencyStore
    let mix: MixRunner
    let toolchain: Toolchain
    let tools: ToolFetch?
    let programs: BuildTools
    let cache: FilePath
    let hash: KeyedHash
    /// The folder of what is made once for a toolchain.
    let helpers: FilePath?
    /// The machine's store of answers.
    let answers: AnswerStore?

    /// The file in a compiled dependency that names its key.
    static let marker = ".mixpack-key"
    /// How much the store may hold, in bytes.
    private static let limit: Int64 = 4 << 30

    private var sources: FilePath { mix.places.copy.appending("deps") }
    private var build: FilePath { mix.compiled }

    /// Sees to it that what can be shared is compiled; where the store fails, mix compiles with the project.
    ///
    /// A build that starts over takes nothing from the store.
    /// - Throws: `CancellationError`; `Failure` if what is outdated cannot be removed.
    func prepare() async throws {
        do {
            try await share()
        } catch {
            guard !(error is CancellationError), !Task.isCancelled else { throw error }
            try removeOutdated([:])
            mix.context.reporter(
                .diagnostic(
                    Diagnostic(
                        .warning, "cannot keep compiled dependencies in \(store.folder): \(error)",
                        advice: "they are compiled with the project; the folder is safe to delete")))
        }
    }

    private func share() async throws {
        guard let (lock, graph, configuration) = try await known() else { return try removeOutdated([:]) }
        let digests = try digests(of: Set(sources.names), lock)
        let keys = try keptKeys(graph, configuration, digests)
        try removeOutdated(keys)
        let missing = try whole(try take(graph.order.filter { keys[$0] != nil }, keys, digests), graph, digests)
        guard !missing.isEmpty else { return }
        try await compile(missing, graph, keys, digests, lock, configuration)
        store.prune(to: Self.limit)
    }

    /// What is known before anything is compiled; `nil` if that says too little.
    private func known() async throws -> (DependencyLock, DependencyGraph, ConfigurationRecord)? {
        guard mix.places.isSandboxed,
            let lockBytes = try? mix.places.copy.pushing(FilePath(mix.project.lockPath)).bytes()
        else {
            return nil
        }
        let lock = DependencyLock(lockBytes)
        let graph = DependencyGraph(mix.project, lock, folder: sources)
        guard !graph.order.isEmpty,
            let configuration = try await reader.read()
        else { return nil }
        return (lock, graph, configuration)
    }

    private var reader: ConfigurationReader {
        ConfigurationReader(
            mix: mix, toolchain: toolchain, cache: cache, hash: hash, answers: answers, holdsSecret: holdsSecret)
    }

    /// Removes from the project what was taken under another key: mix would not compile it again.
    private func removeOutdated(_ keys: [String: String]) throws(Failure) {
        for name in build.names {
            guard let key = build.appending(name).appending(Self.marker).text, key != keys[name] else { continue }
            try build.appending(name).remove()
        }
    }

    /// Removes what was compiled, but for dependencies that a key says all of.
    static func forget(_ compiled: FilePath) throws(Failure) {
        for environment in compiled.names {
            let libraries = compiled.appending(environment).appending("lib")
            for name in compiled.appending(environment).names where name != "lib" {
                try compiled.appending(environment).appending(name).remove()
            }
            for name in libraries.names where !libraries.appending(name).appending(marker).exists {
                try libraries.appending(name).remove()
            }
        }
    }

    // MARK: Taking

    /// Takes from the store what it has.
    /// - Returns: what it does not have, in order.
    private func take(_ names: [String], _ keys: [String: String], _ digests: [String: String]) throws -> [String] {
        var missing: [String] = []
        var taken = 0
        for name in names {
            guard let key = keys[name] else { continue }
            let place = build.appending(name)
            if place.appending(Self.marker).text == key { continue }
            guard !mix.context.startsOver, let entry = store.entry(key, trusting: digests) else {
                missing.append(name)
                continue
            }
            try bring(entry, name, key)
            taken += 1
        }
        if taken > 0 {
            let count = taken == 1 ? "1 dependency" : "\(taken) dependencies"
            mix.context.reporter(.notice("\(count) compiled before, taken from \(store.folder)"))
        }
        return missing
    }

    private func bring(_ entry: FilePath, _ name: String, _ key: String) throws(Failure) {
        let place = build.appending(name)
        try place.removeLinks(below: mix.places.copy)
        do {
            try store.take(entry, to: place, sources: sources.appending(name))
            try place.appending(Self.marker).replace(with: key.utf8)
        } catch {
            try? place.remove()
            throw error
        }
    }

    // MARK: Compiling

    private func compile(
        _ missing: [String], _ graph: DependencyGraph, _ keys: [String: String], _ digests: [String: String],
        _ lock: DependencyLock, _ configuration: ConfigurationRecord
    ) async throws {
        let members = Self.closure(of: missing, graph)
        let held = try store.workFolder()
        defer { held.remove() }
        let variables = try variables(of: members)
        let room = DependencyRoom(
            project: mix, folder: held.path, tools: tools, toolchain: toolchain, programs: programs,
            seed: store.folder.appending(".seed"), times: store.times, variables: variables, helpers: helpers)
        // The values of an answer of another machine stayed there.
        let whole = configuration.values == nil ? try await reader.read(withValues: true) : configuration
        guard let whole, whole.digests == configuration.digests else { return }
        try await room.prepare(members, lock, sources: sources, whole)
        var together = digests.filter { missing.contains($0.key) }
        for name in members.subtracting(missing) {
            guard let key = keys[name], let entry = store.entry(key, trusting: digests) else { continue }
            try store.take(
                entry, to: room.build(mix.mixEnvironment).appending(name),
                sources: room.places.copy.appending("deps").appending(name))
            together.merge(store.note(of: entry)?.compiledWith ?? [:]) { $1 }
        }
        try await room.compile(graph.order.filter(missing.contains))
        try file(missing, from: room, keys, digests, compiledWith: together)
    }

    /// Files what was compiled; of what was not, mix says why when it compiles the project.
    /// - Parameter together: the digests of all whose code ran, be it that of a build before.
    private func file(
        _ names: [String], from room: DependencyRoom, _ keys: [String: String], _ digests: [String: String],
        compiledWith together: [String: String]
    ) throws {
        let compiled = names.filter { name in
            room.build(mix.mixEnvironment).appending(name).appending("ebin/\(name).app").isFile
        }
        for name in compiled {
            guard let key = keys[name] else { continue }
            let place = room.build(mix.mixEnvironment).appending(name)
            let source = room.places.copy.appending("deps").appending(name)
            // Code may write a value in a form in which nobody looks for it in the configuration.
            guard try !holdsSecret(place) else { continue }
            let made = try DependencyTree(folder: source).digest() == digests[name] ? nil : source.appending("priv")
            try store.keep(
                key, DependencyStore.Note(name: name, compiledWith: together), build: place,
                privateFiles: made.flatMap { $0.isFolder ? $0 : nil }, replaces: mix.context.startsOver)
            guard let entry = store.entry(key, trusting: digests) else { continue }
            try bring(entry, name, key)
        }
    }

    private func holdsSecret(_ folder: FilePath) throws -> Bool {
        try store.holdsSecret(mix.context.platformVariables.filter { mix.context.secretNames.contains($0.key) }, folder)
    }

    /// Those of which nothing that they see was changed since it was fetched.
    private func whole(_ names: [String], _ graph: DependencyGraph, _ digests: [String: String]) throws -> [String] {
        let changed = try Self.closure(of: names, graph).filter { try !isAsFetched($0, digests) }
        return names.filter { Self.closure(of: [$0], graph).isDisjoint(with: changed) }
    }

    private static func closure(of names: [String], _ graph: DependencyGraph) -> Set<String> {
        var closure: Set<String> = []
        var open = names
        while let name = open.popLast() {
            if closure.insert(name).inserted { open += graph.seen[name] ?? [] }
        }
        return closure
    }

    // MARK: Keys

    /// The keys, worked out again only if something that they rest on has changed: that means reading all sources.
    private func keptKeys(
        _ graph: DependencyGraph, _ configuration: ConfigurationRecord, _ digests: [String: String]
    ) throws -> [String: String] {
        let file = cache.appending(Self.keysName)
        var facts =
            platform(toolchain.facts.values.sorted())
            + NativeTools.stamps(searchPath: mix.environment.variables["PATH"])
        facts += digests.map { "\($0.key) \($0.value)" }.sorted()
        facts += configuration.applications.map { "\($0.key) \($0.value.digest) \($0.value.kind)" }.sorted()
        facts +=
            mix.context.platformVariables.map { "\($0.key)=\($0.value)" }.sorted() + mix.context.secretNames.sorted()
        facts += graph.seen.map { "\($0.key) \($0.value.sorted())" }.sorted()
        let state = hash.hex(of: facts.joined(separator: "\n"))
        if file.text?.split(separator: "\n").first.map(String.init) == state { return Self.keys(in: cache) }
        let keys = try keys(graph, configuration, digests)
        let text = keys.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        try file.replace(with: "\(state)\n\(text)".utf8)
        return keys
    }

    /// The keys that a project's last build worked out, by name.
    static func keys(in cache: FilePath) -> [String: String] {
        let lines = (cache.appending(Self.keysName).text ?? "").split(separator: "\n").dropFirst()
        let words = lines.map { $0.split(separator: " ").map(String.init) }.filter { $0.count == 2 }
        return Dictionary(words.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
    }

    private static let keysName = "dependencies.keys"

    /// What decides how everything is compiled.
    /// - Parameter toolchain: what tells the toolchain from others.
    private func platform(_ toolchain: [String]) -> [String] {
        toolchain + [
            mix.mixEnvironment, mix.places.workspace.string,
            mix.environment.beams == nil ? "" : RepeatableBeams.Helper.version,
        ]
    }

    /// The keys of all that can be compiled without the project, by name.
    private func keys(
        _ graph: DependencyGraph, _ configuration: ConfigurationRecord, _ digests: [String: String]
    ) throws -> [String: String] {
        var keys: [String: String] = [:]
        // No path and no time of this machine: another one with the same toolchain finds the same entries.
        let platform = platform(try ToolchainIdentity(toolchain).words)
        var tools: [String]?
        for name in graph.order {
            let seen = graph.seen[name] ?? []
            let words = try SourceWords(folder: sources.appending(name))
            let read = readable(name, seen, graph, configuration, words)
            let variables = words.named(among: mix.context.platformVariables)
            guard let digest = digests[name], let read, seen.allSatisfy({ keys[$0] != nil }),
                variables.keys.allSatisfy({ !mix.context.secretNames.contains($0) })
            else { continue }
            if words.isNative, tools == nil {
                tools = try NativeTools.digests(searchPath: mix.environment.variables["PATH"])
            }
            let key = DependencyKey(
                name: name, sources: digest, platform: platform, configuration: read, variables: variables,
                nativeTools: words.isNative ? tools ?? [] : [], seen: keys.filter { seen.contains($0.key) })
            keys[name] = try key.digest()
        }
        return keys
    }

    /// The digests of the configuration that a dependency can read: its own, of those it sees, of what is no dependency, such
    /// as Elixir, and of applications that its sources name; `nil` if some of that may not leave the project.
    private func readable(
        _ name: String, _ seen: Set<String>, _ graph: DependencyGraph, _ configuration: ConfigurationRecord,
        _ words: SourceWords
    ) -> [String: String]? {
        let closure = Self.closure(of: [name], graph)
        let all = Set(sources.names)
        let read = configuration.applications.filter { application, _ in
            closure.contains(application) || !all.contains(application) || words.contains(":\(application)")
        }
        guard read.values.allSatisfy({ $0.kind == .data }) else { return nil }
        return read.mapValues(\.digest)
    }

    private func variables(of names: Set<String>) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in names {
            let words = try SourceWords(folder: sources.appending(name))
            found.merge(words.named(among: mix.context.platformVariables)) { $1 }
        }
        return found
    }

    // MARK: Digests

    /// The digests of the sources as they were fetched, by name.
    ///
    /// Compiling may write into them, and so may the project's code; mix does not look either. Those that did not change since
    /// they were read are not read again.
    private func digests(of names: Set<String>, _ lock: DependencyLock) throws -> [String: String] {
        let record = cache.appending("dependencies.record")
        let known = Self.records(in: record)
        var records: [SourceRecord] = []
        for name in names.sorted() where sources.appending(name).kind == .folder {
            let fetch = Self.fetch(of: name, in: sources.appending(name), lock)
            if let old = known[name], old.fetch == fetch {
                records.append(old)
            } else {
                let tree = DependencyTree(folder: sources.appending(name))
                records.append(
                    SourceRecord(name: name, fetch: fetch, stamps: try tree.stamps(), digest: try tree.digest()))
            }
        }
        try record.replace(with: records.map(\.line).joined().utf8)
        return Dictionary(records.map { ($0.name, $0.digest) }, uniquingKeysWith: { $1 })
    }

    /// What is known of a dependency's sources.
    private struct SourceRecord {
        var name: String
        /// What tells one fetch from another.
        var fetch: String
        var stamps: String
        var digest: String

        var line: String { "\(name) \(fetch) \(stamps) \(digest)\n" }
    }

    private static func records(in file: FilePath) -> [String: SourceRecord] {
        let records = (file.text ?? "").split(separator: "\n").compactMap { line -> SourceRecord? in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4 else { return nil }
            return SourceRecord(name: words[0], fetch: words[1], stamps: words[2], digest: words[3])
        }
        return Dictionary(records.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// The stamps of the files that fetching writes, and what mix.lock says, as one word.
    private static func fetch(of name: String, in folder: FilePath, _ lock: DependencyLock) -> String {
        let marks = [".fetch", ".hex", ".git/HEAD"].map { FileStamp(of: folder.appending($0))?.text ?? "-" }
        let facts = DependencyTree.line(lock.text(only: [name])) + marks.flatMap { DependencyTree.line($0) }
        return (try? MessageDigest.hex(of: facts)) ?? "-"
    }

    /// Whether a dependency's sources are those that its digest was taken of.
    private func isAsFetched(_ name: String, _ digests: [String: String]) throws -> Bool {
        let tree = DependencyTree(folder: sources.appending(name))
        let known = Self.records(in: cache.appending("dependencies.record"))[name]
        return try known?.stamps == tree.stamps() || digests[name] == tree.digest()
    }
}
