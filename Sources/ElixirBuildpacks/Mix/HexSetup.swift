import BuildpackAPI
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Sees to it that mix has Hex in its private home: the machine's own where there is one, else freshly installed.
struct HexSetup {
    let mix: MixRunner
    let tools: ToolFetch?
    let toolchain: Toolchain
    /// The folder of what is made once for a toolchain, which keeps a Hex that was installed; `nil` keeps none.
    var helpers: FilePath?

    /// The name of the folder of helpers with the Hex that was installed for a toolchain; it has no path in it.
    static func helperName(for toolchain: Toolchain) throws(Failure) -> String {
        "hex-" + (try MessageDigest.hex(of: "\(toolchain.elixirVersion) \(toolchain.otpVersion)".utf8)).prefix(16)
    }

    private var privateHome: FilePath { mix.places.home.appending(".mix") }

    /// The names of the Hex archives in a folder of archives, the newest last.
    static func archives(in folder: FilePath) -> [String] {
        let names = folder.names.filter { $0.hasPrefix("hex-") && folder.appending($0).isFolder }
        let versions = names.map { (name: $0, version: NumberedName(String($0.dropFirst("hex-".count)))) }
        return versions.sorted { $0.version < $1.version }.map(\.name)
    }

    /// The machine's folders of archives.
    static func machineArchives(_ environment: [String: String], _ toolchain: Toolchain?) -> [FilePath] {
        [environment["MIX_ARCHIVES"].map { FilePath($0) }].compactMap(\.self)
            + machineHomes(environment, toolchain).map { $0.appending("archives") }
    }

    /// The folders that mix would take for its home: asdf and mise have one in each install of Elixir.
    private static func machineHomes(_ environment: [String: String], _ toolchain: Toolchain?) -> [FilePath] {
        let own = MixFolders(environment).mix
        if environment["MIX_HOME"] != nil { return [own].compactMap(\.self) }
        return [toolchain?.elixirRoot.appending(".mix"), own].compactMap(\.self).filter(\.isFolder)
    }

    /// Brings Hex, rebar3 and the packages that mix.lock names into the private home.
    /// - Throws: `Failure` when Hex is nowhere and cannot be fetched.
    func prepare() async throws {
        try bringFromMachine()
        try bringPackages()
        if !hasHex { try await install() }
    }

    /// Brings Hex and rebar3 alone.
    /// - Parameter isNeeded: whether nothing goes without Hex; else it is brought only if the machine has it.
    /// - Throws: `Failure` when Hex is needed, nowhere, and cannot be fetched.
    func prepareArchive(isNeeded: Bool = true) async throws {
        try bringFromMachine()
        if isNeeded, !hasHex { try await install() }
    }

    /// The archive of Hex in the private home, such as `hex-2.1.1`; `nil` where there is none.
    var installed: String? { Self.archives(in: privateHome.appending("archives")).last }

    private var hasHex: Bool { installed != nil }

    private func install() async throws {
        do {
            if let helpers, let tools, mix.places.isSandboxed { try await installForAll(in: helpers, tools) }
            if !hasHex { try await mix.install(.hex, tools) { hasHex } }
        } catch let problem as Failure where problem.code == .fetchFailed {
            throw Failure(
                .commandFailed, "cannot reach hex: Hex is not installed on this machine, and \(problem.message)",
                advice: """
                    mix needs Hex where mix.exs names a package of it, for development only too; supply one of:
                      a network (HTTPS_PROXY is taken over), or a mirror: -e HEX_MIRROR=URL (since Elixir 1.15 \
                    -e HEX_BUILDS_URL=URL)
                      Hex itself: run "mix local.hex" once where there is a network, and copy ~/.mix here
                    """)
        }
    }

    /// Installs Hex where nothing of the project is, so that other projects may have it too.
    private func installForAll(in helpers: FilePath, _ tools: ToolFetch) async throws {
        HeldFolder.removeAbandoned(in: helpers, prefix: Self.workPrefix)
        let held = try HeldFolder(in: helpers, prefix: Self.workPrefix)
        defer { held.remove() }
        let room = MixPlaces(
            copy: held.path.appending("workspace"), home: held.path.appending("home"),
            output: held.path.appending("output"), isSandboxed: true)
        try room.copy.makeFolders()
        try room.prepare()
        let archives = room.home.appending(".mix/archives")
        try await mix.alone(in: room, toolchain).install(.hex, tools) { !Self.archives(in: archives).isEmpty }
        let kept = KeptHex(folder: helpers.appending(try Self.helperName(for: toolchain)))
        try kept.keep(archives, in: held.path)
        try bring(kept)
    }

    private func bring(_ kept: KeptHex) throws(Failure) {
        guard let folder = try kept.archives(), let newest = Self.archives(in: folder).last else { return }
        try folder.appending(newest).copyTree(to: privateHome.appending("archives").appending(newest))
    }

    private static let workPrefix = ".hex-"

    private var hasOwnRebar: Bool {
        let folder = privateHome.appending("elixir")
        return folder.names.contains { folder.appending($0).appending("rebar3").leadsSomewhere }
    }

    private func bringFromMachine() throws {
        let archives = privateHome.appending("archives")
        for place in [archives, privateHome.appending("elixir"), mix.places.home.appending(".hex/packages")] {
            try place.removeLinks(below: mix.places.home)
        }
        let machine = mix.context.environment
        if Self.archives(in: archives).isEmpty {
            for folder in Self.machineArchives(machine, toolchain) {
                guard let newest = Self.archives(in: folder).last else { continue }
                try folder.appending(newest).copyTree(to: archives.appending(newest))
                break
            }
            // A build that starts over installs the newest.
            if !hasHex, !mix.context.startsOver, let helpers {
                try bring(KeptHex(folder: helpers.appending(try Self.helperName(for: toolchain))))
            }
        }
        for elixir in Self.machineHomes(machine, toolchain).map({ $0.appending("elixir") }) where !hasOwnRebar {
            for version in elixir.names where elixir.appending(version).appending("rebar3").leadsSomewhere {
                let place = privateHome.appending("elixir").appending(version)
                try place.appending("rebar3").removeLinks(below: privateHome)
                try place.makeFolders()
                try elixir.appending(version).appending("rebar3").copyTree(to: place.appending("rebar3"))
            }
        }
    }

    /// Takes over what the machine's Hex has of the packages in mix.lock, so that they need no network.
    private func bringPackages() throws {
        guard let machine = MixFolders(mix.context.environment).hexCache, machine.isFolder else { return }
        let home = mix.places.home.appending(".hex")
        let locked = mix.project.dependencies.filter { $0.source == .hex }
        for repository in machine.appending("packages").names {
            let packages = machine.appending("packages").appending(repository)
            for dependency in locked {
                let name = "\(dependency.name)-\(dependency.version ?? "").tar"
                let place = home.appending("packages").appending(repository).appending(name)
                try place.removeLinks(below: home)
                guard packages.appending(name).leadsSomewhere, !place.leadsSomewhere else { continue }
                try place.removingLastComponent().makeFolders()
                try packages.appending(name).copyTree(to: place)
            }
        }
        let cache = machine.appending(HexRegistryCache.name)
        try home.appending(HexRegistryCache.name).removeLinks(below: home)
        if cache.leadsSomewhere, !home.appending(HexRegistryCache.name).leadsSomewhere {
            try home.makeFolders()
            try cache.copyTree(to: home.appending(HexRegistryCache.name))
        }
    }
}

/// The Hex that was installed for a toolchain, for all projects of the machine.
private struct KeptHex {
    let folder: FilePath

    private var record: FilePath { folder.appending("files.sha256") }
    private var archivesFolder: FilePath { folder.appending("archives") }

    /// The folder of archives, if it is as it was kept: every build runs what is in it.
    func archives() throws(Failure) -> FilePath? {
        guard archivesFolder.isFolder, let known = record.text else { return nil }
        return try FolderDigest.hex(of: archivesFolder, by: .contents) == known ? archivesFolder : nil
    }

    /// Takes the place of what was kept before.
    /// - Parameter scratch: a folder of the same file system.
    func keep(_ archives: FilePath, in scratch: FilePath) throws(Failure) {
        let fresh = KeptHex(folder: scratch.appending("kept"))
        try fresh.folder.makeFolders()
        try archives.move(to: fresh.archivesFolder)
        try fresh.record.replace(with: FolderDigest.hex(of: fresh.archivesFolder, by: .contents).utf8)
        if folder.exists { try folder.move(to: scratch.appending("before")) }
        // Another build may have been faster: its Hex is as good.
        try? fresh.folder.move(to: folder)
    }
}
