import BuildpackAPI
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Fetches the production dependencies into the copy, where that has not been done for the same mix.lock.
struct DependencyFetch {
    let mix: MixRunner
    /// The folder that keeps what was fetched last.
    let cache: FilePath
    let hash: KeyedHash
    let tools: ToolFetch?
    let toolchain: Toolchain
    /// The user's `insteadOf`.
    let rewrites: GitRewrites
    /// The machine's store of packages; without one, each project fetches its own.
    var store: FetchedStore?
    /// The folder of what is made once for a toolchain.
    var helpers: FilePath?

    private var copy: FilePath { mix.places.copy }
    private var lock: FilePath { copy.pushing(FilePath(mix.project.lockPath)) }
    private var stamp: FilePath { cache.appending("deps.stamp") }
    private var deps: FilePath { copy.appending("deps") }

    /// The file that names the entries of the store that a project's last fetch left or took.
    private static func entriesFile(in cache: FilePath) -> FilePath { cache.appending("fetched.keys") }

    /// The entries of the store that a project's last build used.
    static func entries(in cache: FilePath) -> [String] {
        entriesFile(in: cache).text?.split(separator: "\n").map(String.init) ?? []
    }

    /// - Throws: `Failure` that says in one line what could not be had.
    func run() async throws {
        let wanted = state()
        guard (try? stamp.bytes()) != wanted || !isComplete else { return }
        let isPinned = mix.context.applicationDirectory.pushing(FilePath(mix.project.lockPath)).isFile
        if isPinned, try await isBrought() { return try stamp.replace(with: wanted) }
        let before = isPinned ? lock.text : nil
        var outcome = try await fetch()
        if !outcome.end.isSuccess, !isPinned, lock.isFile {
            // The lock is that of an earlier build; a version in it may be gone.
            try lock.remove()
            outcome = try await fetch()
        }
        guard outcome.end.isSuccess else {
            let problem = DependencyProblem.error(
                outcome, in: mix.project, packages: PackageManager(mix.context.environment))
            throw mix.advised(problem, outcome)
        }
        let after = lock.text ?? ""
        if let before {
            // Another way of writing the same is Hex's matter; the project's file stays as it is.
            if before != after { try lock.replace(with: before.utf8) }
            let changed = LockedVersions.changed(from: before, to: after)
            guard changed.isEmpty else { throw Self.refusal(changed) }
            try keep()
            return try stamp.replace(with: wanted)
        }
        try stamp.replace(with: state())
        guard !after.isEmpty else { return }
        mix.context.reporter(
            .diagnostic(
                Diagnostic(
                    .warning, "no mix.lock: the versions fetched today are not pinned", file: "mix.exs",
                    advice: Self.advice)))
    }

    // MARK: The store

    /// Takes from the store what is missing; `true` if `mix deps.get` would find nothing to do.
    private func isBrought() async throws -> Bool {
        guard let store, !mix.context.startsOver, mix.places.isSandboxed else { return false }
        let packages = packages
        let key = try fetchKey()
        let known = store.fetch(key)
        var brought: [String: String] = [:]
        for name in wanted.union(known.map { Set($0.packages.keys) } ?? []).sorted() {
            try Task.checkCancellation()
            guard let package = packages[name] else { continue }
            let place = deps.appending(name)
            try place.removeLinks(below: copy)
            if try !place.exists && store.take(package, to: place) { brought[name] = package.key }
        }
        if !brought.isEmpty {
            let count = brought.count == 1 ? "1 package" : "\(brought.count) packages"
            mix.context.reporter(.notice("\(count) fetched before, taken from \(store.folder)"))
        }
        guard let known, brought == known.packages, isComplete else { return false }
        let hex = HexSetup(mix: mix, tools: tools, toolchain: toolchain, helpers: helpers)
        try await hex.prepareArchive()
        // Another Hex may write its manifests otherwise.
        guard hex.installed == known.hex else { return false }
        try note(key, brought)
        return true
    }

    /// Keeps the packages of Hex that were fetched, and, if that was all, which they were.
    private func keep() throws {
        guard let store, mix.places.isSandboxed else { return }
        let packages = packages
        let archives = mix.places.home.appending(".hex/packages")
        try archives.removeLinks(below: mix.places.home)
        do {
            var kept: [String: String] = [:]
            let fetched = lockedNames.filter { deps.appending($0).kind == .folder }
            for name in fetched.sorted() {
                try Task.checkCancellation()
                guard let package = packages[name],
                    try store.keep(
                        package, archives: archives, sources: deps.appending(name), replaces: mix.context.startsOver)
                else { continue }
                kept[name] = package.key
            }
            let hex = HexSetup(mix: mix, tools: tools, toolchain: toolchain, helpers: helpers).installed
            let isAll = kept.count == fetched.count && hex != nil
            let key = isAll ? try fetchKey() : nil
            if let key, let hex { try store.keep(FetchedStore.Fetch(hex: hex, packages: kept), as: key) }
            try note(key, kept)
            store.prune()
        } catch let error as Failure {
            mix.context.reporter(
                .diagnostic(
                    Diagnostic(
                        .warning, "cannot keep fetched packages in \(store.folder): \(error.message)",
                        advice: "they are fetched again where they are missing; the folder is safe to delete")))
        }
    }

    /// The packages of mix.lock that the store can have.
    private var packages: [String: FetchedStore.Package] {
        guard let bytes = try? lock.bytes() else { return [:] }
        return LockedPackage.all(in: bytes).compactMapValues(FetchedStore.Package.init)
    }

    private var lockedNames: Set<String> { (try? lock.bytes()).map { DependencyLock($0).names } ?? [] }

    private func note(_ fetch: String?, _ packages: [String: String]) throws {
        let lines = ([fetch].compactMap(\.self) + packages.values.sorted()).joined(separator: "\n")
        try Self.entriesFile(in: cache).replace(with: lines.utf8)
    }

    /// What decides what `mix deps.get` does, without a path: mix.lock, all mix.exs, the environment, and Elixir.
    private func fetchKey() throws -> String {
        let facts = DependencyTree.line("fetch", mix.mixEnvironment, toolchain.elixirVersion, toolchain.otpVersion)
        return try MessageDigest.hex(of: facts + texts)
    }

    private static let advice = "for repeatable builds, run mix deps.get in the project and commit mix.lock"

    private static func refusal(_ changed: [String]) -> Failure {
        let names = changed.prefix(5).joined(separator: ", ") + (changed.count > 5 ? " and others" : "")
        return Failure(
            .cannotPlan, "mix.lock does not fit mix.exs: mix deps.get would change \(names)", at: Place("mix.lock"),
            advice: advice)
    }

    private func fetch() async throws -> MixRunner.Outcome {
        try await DependencyWatch(wanted, .fetching, in: deps, mix.context.reporter).during {
            try await get()
        }
    }

    /// What a production build needs, as far as mix.lock says it.
    private var wanted: Set<String> {
        guard let bytes = try? lock.bytes() else { return [] }
        let known = DependencyLock(bytes)
        var open = mix.project.dependencies.filter { $0.isDirect && $0.isForProduction }.map(\.name)
        var wanted: Set<String> = []
        while let name = open.popLast() {
            guard known.names.contains(name), wanted.insert(name).inserted else { continue }
            open += known.needs(of: name) ?? []
        }
        return wanted
    }

    private func get() async throws -> MixRunner.Outcome {
        let arguments = ["deps.get", "--only", mix.mixEnvironment]
        if let notice = rewrites.notice(for: mix.project.gitLocations) { mix.context.reporter(.notice(notice)) }
        if !mix.project.dependencies.contains(where: { $0.source == .hex }) {
            // Only git so far; what is fetched may itself ask for Hex.
            let outcome = try await mix.mix(arguments, step: .fetch, room: CommandRoom(secrets: gitAccess))
            guard !outcome.end.isSuccess, outcome.output.contains("Could not find Hex") else { return outcome }
        }
        let access = try hexAccess()
        try await HexSetup(mix: mix, tools: tools, toolchain: toolchain, helpers: helpers).prepare()
        if let notice = access.notice { mix.context.reporter(.notice(notice)) }
        let secrets = mirrorKey.map { [HexAccess.mirrorKeyVariable: $0] } ?? [:]
        let room = CommandRoom(secrets: gitAccess.merging(secrets) { $1 })
        return try await HexHome(access: access, places: mix.places).filled(room) { room, tasks in
            try await mix.mix(arguments, step: .fetch, tasks: tasks, room: room)
        }
    }

    private static let trustedMirrors = ["HEX_TRUSTED_MIRROR", "HEX_TRUSTED_MIRROR_URL"]
    private static let mirrors = ["HEX_MIRROR", "HEX_MIRROR_URL"]

    /// The private Hex repositories of the project.
    private func hexAccess() throws -> HexAccess {
        let variables = mix.environment.fetching
        let isOffline = ["1", "true"].contains(variables["HEX_OFFLINE"])
        let isTrusted = Self.trustedMirrors.contains { variables[$0] != nil }
        let isMirrored = isTrusted || Self.mirrors.contains { variables[$0] != nil }
        let access = HexAccess(
            needed: HexAccess.needed(by: mix.project, isLocked: lock.isFile),
            configuration: HexConfiguration(mix.context.environment), variables: mix.context.accessVariables,
            usesLogin: isTrusted || !isMirrored)
        if !isOffline { try access.check(mix.project, isMirrored: isMirrored || mirrorKey != nil) }
        return access
    }

    /// Hex's own variable for the base repository and its mirrors, if the user has it.
    private var mirrorKey: String? {
        let name = HexAccess.mirrorKeyVariable
        return mix.context.accessVariables[name] ?? mix.context.environment[name]
    }

    /// What git needs to fetch private dependencies.
    private var gitAccess: [String: String] {
        GitAccess.variables(
            token: mix.context.accessVariables[GitAccess.tokenVariable], locations: mix.project.gitLocations,
            rewrites: rewrites, before: mix.environment.fetching,
            hasAgent: mix.environment.fetching["SSH_AUTH_SOCK"] != nil)
    }

    /// A hash of everything that says what to fetch.
    private func state() -> [UInt8] { hash.hash(of: texts) }

    private var texts: [UInt8] {
        let byPath = mix.project.dependencies.filter { $0.source == .path }.compactMap(\.location)
        let folders =
            [copy] + mix.project.children.map { copy.appending($0.path) }
            + byPath.sorted().map { copy.pushing(FilePath($0)).lexicallyNormalized() }
        let files = [lock] + folders.map { $0.appending("mix.exs") }
        return files.flatMap { file in Array((file.text ?? "").utf8) + [0] }
    }

    private var isComplete: Bool {
        mix.project.dependencies.allSatisfy { dependency in
            let isFetched = dependency.source == .hex || dependency.source == .git
            return !isFetched || !dependency.isForProduction || copy.appending("deps/\(dependency.name)").isFolder
        }
    }
}
