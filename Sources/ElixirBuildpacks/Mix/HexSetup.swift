import BuildpackAPI
import SystemPackage

/// Sees to it that mix has Hex in its private home: the machine's own where there is one, else freshly installed.
struct HexSetup {
    let mix: MixRunner

    private var privateHome: FilePath { mix.places.home.appending(".mix") }

    /// The names of the Hex archives in a folder of archives.
    static func archives(in folder: FilePath) -> [String] {
        folder.entryNames.filter { $0.hasPrefix("hex-") && folder.appending($0).isFolder }
    }

    /// The machine's folders of archives, by its environment.
    static func machineArchives(_ environment: [String: String]) -> [FilePath] {
        [environment["MIX_ARCHIVES"].map { FilePath($0) }, machineHome(environment)?.appending("archives")].compactMap {
            $0
        }
    }

    private static func machineHome(_ environment: [String: String]) -> FilePath? {
        environment["MIX_HOME"].map { FilePath($0) } ?? environment["HOME"].map { FilePath($0).appending(".mix") }
    }

    /// Brings Hex, rebar3 and the packages that mix.lock names into the private home.
    /// - Throws: `BuildpackError` when Hex is nowhere and cannot be fetched.
    func prepare() async throws {
        try bringFromMachine()
        let hasHex = !Self.archives(in: privateHome.appending("archives")).isEmpty
        let hasRebar = mix.environment.variables["MIX_REBAR3"] != nil || hasOwnRebar
        var tasks: [String] = []
        if !hasHex { tasks += ["local.hex", "--force", "--if-missing"] }
        if !hasHex, !hasRebar { tasks += [",", "local.rebar", "--force", "--if-missing"] }
        guard !tasks.isEmpty else { return }
        let outcome = try await mix.mix(Self.joined(tasks), in: mix.places.emptySeen, hasNetwork: true)
        guard !outcome.end.isSuccess || Self.archives(in: privateHome.appending("archives")).isEmpty else { return }
        throw BuildpackError(
            .commandFailed, "cannot reach hex: Hex is not installed here, and fetching it failed",
            advice: """
                the project has dependencies to fetch; supply one of:
                  a network (HTTPS_PROXY is taken over), or HEX_BUILDS_URL / HEX_MIRROR of a mirror with -e
                  Hex itself: run "mix local.hex" once where there is a network, and copy ~/.mix here
                """)
    }

    private static func joined(_ words: [String]) -> [String] {
        guard words.contains(",") else { return words }
        // `mix do a, b`: the comma belongs to the word before it.
        var result = ["do"]
        for word in words {
            if word == ",", let last = result.popLast() { result.append(last + ",") } else { result.append(word) }
        }
        return result
    }

    private var hasOwnRebar: Bool {
        let folder = privateHome.appending("elixir")
        return folder.entryNames.contains { folder.appending($0).appending("rebar3").exists }
    }

    private func bringFromMachine() throws {
        let archives = privateHome.appending("archives")
        let machine = mix.context.environment
        if Self.archives(in: archives).isEmpty {
            for folder in Self.machineArchives(machine) {
                guard let newest = Self.archives(in: folder).last else { continue }
                try folder.appending(newest).copyTree(to: archives.appending(newest))
                break
            }
        }
        if let elixir = Self.machineHome(machine)?.appending("elixir"), !hasOwnRebar {
            for version in elixir.entryNames where elixir.appending(version).appending("rebar3").exists {
                let place = privateHome.appending("elixir").appending(version)
                try place.createFolder()
                try elixir.appending(version).appending("rebar3").copyTree(to: place.appending("rebar3"))
            }
        }
        try bringPackages()
    }

    /// Takes over what the machine's Hex has of the packages in mix.lock, so that they need no network.
    private func bringPackages() throws {
        let environment = mix.context.environment
        let machine =
            environment["HEX_HOME"].map { FilePath($0) } ?? environment["HOME"].map { FilePath($0).appending(".hex") }
        guard let machine, machine.isFolder else { return }
        let home = mix.places.home.appending(".hex")
        let locked = mix.project.dependencies.filter { $0.source == .hex }
        for repository in machine.appending("packages").entryNames {
            let packages = machine.appending("packages").appending(repository)
            for dependency in locked {
                let name = "\(dependency.name)-\(dependency.version ?? "").tar"
                let place = home.appending("packages").appending(repository).appending(name)
                guard packages.appending(name).exists, !place.exists else { continue }
                try place.removingLastComponent().createFolder()
                try packages.appending(name).copyTree(to: place)
            }
        }
        let cache = machine.appending("cache.ets")
        if cache.exists, !home.appending("cache.ets").exists {
            try home.createFolder()
            try cache.copyTree(to: home.appending("cache.ets"))
        }
    }
}
