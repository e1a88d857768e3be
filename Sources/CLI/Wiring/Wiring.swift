import BuildpackAPI
import Commands
import Diagnostics
import ElixirBuildpacks
import Files
import Glibc
import HTTP
import ImageTransports
import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SecretSearch
import SystemPackage
import Toolchains

/// The live adapters, put together: the one place where modules that do not know each other meet.
struct Wiring: Sendable {
    let machine: Machine
    let runner: SubprocessCommandRunner
    /// The machine's image store: one value, so that what was read and found right once is not read again.
    let store: ImageStore
    /// The commands that run now, of whatever buildpack.
    let running = RunningCommands()
    /// What the user says about registries.
    var registries: RegistryChoices
    /// What this process has seen of registries.
    let registryMemory = RegistryMemory()
    /// Which image of several is read.
    var platform = Platform.current
    /// Which projects' code may run where there is no sandbox.
    var trust: ProjectTrust
    /// Files and folders outside their projects that links may lead to.
    var openedPaths: [FilePath] = []
    /// The folders around projects that are copied with them.
    var contexts = ContextChoice()
    /// Programs of the user's that builds may run besides those that a project needs, by name or path.
    var tools: [String] = []
    /// The ids of the buildpacks of others that get a build's secrets; `*` is all.
    var secretBuildpacks: [String] = []

    /// Where a build keeps what it makes, instead of the machine's own caches.
    var scratch: FilePath?
    /// The file that is read in place of projects' project.toml.
    var descriptor: FilePath?
    /// Whether no step of a build has the network.
    var forbidsNetwork = false

    /// The live adapters for a machine.
    init(machine: Machine, registries: RegistryChoices = RegistryChoices()) {
        self.machine = machine
        self.registries = registries
        trust = ProjectTrust(machine: machine)
        runner = SubprocessCommandRunner(
            scopes: ScopeProbe(environment: machine.environment), running: running)
        store = ImageStore(root: machine.imageStore)
    }

    private var cacheRoot: FilePath { scratch ?? machine.cacheRoot }

    /// The launcher; where it is missing, the path at which it should stand.
    var launcher: FilePath {
        (try? LauncherBinary.locate(executable: machine.executable))
            ?? machine.executable.removingLastComponent().appending(LauncherBinary.name)
    }

    /// What runs the commands of builds.
    private var buildRunner: any CommandRunner { forbidsNetwork ? NetworklessRunner(runner: runner) : runner }

    /// What runs builds.
    var creator: Creator { Creator(buildpacks: buildpacks, services: services) }

    /// The ids of the built-in component buildpacks, in order.
    var buildpackNames: [String] { [BuildpackID.erlangRuntime, BuildpackID.elixirRuntime, BuildpackID.mixRelease] }

    /// The built-in buildpacks and their order.
    var buildpacks: BuildpackStore {
        let version = ProgramVersion.text
        let composite = ElixirBuildpack(version: version)
        let all: [any Buildpack] = [
            ErlangRuntimeBuildpack(version: version, supply: supply),
            ElixirRuntimeBuildpack(version: version, supply: supply),
            MixReleaseBuildpack(
                version: version, runner: buildRunner, inspections: inspections, supply: supply, namedTools: tools,
                dependencies: DependencyStore(folder: cacheRoot.appending("dependencies")) { secrets, folder in
                    try !SecretScanner(secrets: secrets).findings(in: folder).isEmpty
                },
                fetched: FetchedStore(folder: cacheRoot.appending("fetched")) { archive, folder in
                    try HexArchive(file: archive).unpack(to: folder)
                }),
            composite,
        ]
        return BuildpackStore(all, order: [[BuildpackReference(id: composite.descriptor.id)]])
    }

    /// Where the inspections of a project keep their things.
    private var inspections: @Sendable (FilePath) -> InspectionPlaces {
        let root = cacheRoot
        return { project in
            InspectionPlaces(
                answers: ProjectCache(project: project, root: root).inspection, helpers: root.appending("helpers"),
                shared: root.appending("answers"))
        }
    }

    /// What Hex last fetched of the registry, for the machine or for the project's last build.
    func registry(of project: FilePath) -> HexRegistryCache {
        let cache = ProjectCache(project: project, root: machine.cacheRoot).cacheFolder(of: BuildpackID.mixRelease)
        let own = HexRegistryCache.machineFile(machine.environment)
        return HexRegistryCache([own, MixReleaseBuildpack.registryCache(in: cache)].compactMap { $0 })
    }

    /// Where comes from what projects ask for and the machine lacks.
    var supply: ToolchainSupply {
        ToolchainSupply(
            root: machine.cacheRoot.appending("toolchains"), settings: downloads, downloader: FileDownloads(),
            runner: runner)
    }

    /// The servers that things are fetched from; a configuration that cannot be read has been refused before.
    private var downloads: DownloadSettings {
        let file = (try? ConfigurationFile(machine: machine).downloads()) ?? DownloadSettings()
        var settings = file.adding(machine.environment)
        settings.isOffline = settings.isOffline || forbidsNetwork
        return settings
    }

    /// Whether nothing may be fetched.
    var isOffline: Bool { downloads.isOffline }

    /// The toolchain that builds a project.
    /// - Parameter variables: the user's; those of project.toml count less.
    func toolchain(of project: FilePath, variables: [String: String] = [:]) -> ProjectToolchain {
        let own = projectVariables(of: project)
        let all = Dictionary(own.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }).merging(variables) { $1 }
        return ProjectToolchain(of: project, variables: all, environment: machine.environment, supply: supply)
    }

    /// The variables that project.toml gives; one that cannot be read is refused elsewhere.
    private func projectVariables(of project: FilePath) -> [PlatformVariable] {
        ((try? ProjectDescriptor(in: project, at: descriptor)) ?? nil)?.variables ?? []
    }

    /// What evaluates a project's mix.exs; it shares what it found with the build.
    /// - Parameter variables: the user's; those of project.toml count less.
    func inspector(
        _ toolchain: Toolchain, for project: FilePath, variables: [PlatformVariable] = []
    ) -> MixInspector {
        let places = inspections(project)
        let own = projectVariables(of: project)
        func values(_ isSecret: Bool) -> [String: String] {
            let all = (own + variables).filter { $0.isSecret == isSecret }.map { ($0.name, $0.value) }
            return Dictionary(all, uniquingKeysWith: { $1 })
        }
        return MixInspector(
            toolchain: toolchain, runner: runner, cacheDirectory: places.answers, helperDirectory: places.helpers,
            sharedDirectory: places.shared,
            environment: machine.environment, variables: values(false), secrets: values(true),
            confinement: trust.isTrusted(project) ? .trusted : .sandbox, openedPaths: openedPaths,
            context: (try? contexts.context(of: project))?.folder)
    }

    /// Everything of the world that a build touches.
    var services: PlatformServices {
        let machine = machine
        let store = store
        var services = PlatformServices(
            version: ProgramVersion.text, cacheRoot: cacheRoot, environment: machine.environment,
            launcher: launcher, store: store,
            runImage: { request, notice in
                try await RunImageSource(wiring: self).runImage(request, notice: notice)
            },
            destination: { place, name in try await self.places.destination(place, name: name) },
            engine: { await self.engine().service },
            layoutCommand: ProgramLookup(searchPath: machine.environment["PATH"]).find("podman").map { _ in ["podman"]
            },
            image: { place in
                let held = try await self.imported(place, as: .buildpackage)
                return (held.image, held)
            },
            attest: { try await Attestations(wiring: self).attach($0) },
            locate: { place, notice in await self.located(place, notice) },
            download: { url, file, limit in try await FileDownloads().download(url, to: file, limit: limit) },
            existing: { place in try await self.existing(place) },
            trusts: { [trust] in trust.isTrusted($0) }, runner: buildRunner,
            now: Machine.now)
        services.builder = { place, notice, progress in
            try await BuilderSource(wiring: self).builder(place, notice: notice, progress: progress)
        }
        services.ownBuildpacks = { root in
            let packages = BuildpackPackages(wiring: self)
            try packages.check(root: root)
            return .store(try await packages.image().name)
        }
        services.foreign = { request, notice in
            try await ForeignSource(wiring: self).parts(request, notice: notice)
        }
        services.emulator = { try EmulatorLookup(path: machine.environment["PATH"]).emulator(for: $0) }
        services.usedEntries = { sharedEntries(of: $0, $1, variables: $2) }
        services.fits = ToolchainSupply.runsHere
        services.packages = { image, blobs in try await RunImagePackages(of: image, blobs: blobs).versions }
        return services
    }

    /// What a project's last build used of the caches that all projects share, by the names of `CacheShelves`.
    private func sharedEntries(
        of project: FilePath, _ cache: ProjectCache, variables: [String: String]
    ) -> [String] {
        let folder = machine.cacheRoot.appending("dependencies")
        let own = cache.cacheFolder(of: BuildpackID.mixRelease)
        let compiled = MixReleaseBuildpack.compiledDependencies(in: own).flatMap { key in
            folder.appending(key).names.map { "dependencies/\(key)/\($0)" }
        }
        let packages = MixReleaseBuildpack.fetchedPackages(in: own).map { "fetched/\($0)" }
        let answers = inspections(project).sharedNames + MixReleaseBuildpack.configurationAnswers(in: own)
        let shared = compiled + packages + answers.map { "answers/\($0)" }
        guard case .ready(let toolchain)? = try? toolchain(of: project, variables: variables).state() else {
            return shared
        }
        let toolchains = [toolchain.elixirRoot, toolchain.erlangRoot].filter {
            $0.removingLastComponent() == machine.cacheRoot.appending("toolchains")
        }
        return shared + toolchains.compactMap { $0.lastComponent.map { "toolchains/\($0)" } }
            + MixReleaseBuildpack.helperNames(for: toolchain).map { "helpers/\($0)" }
    }

    /// The folder for what goes into a shared cache or comes from one.
    var sharedFolder: FilePath { machine.cacheRoot.appending(".shared") }

    /// The container engine that docker's or podman's command would talk to.
    func engine() async -> EngineAnswer {
        switch await EngineSearch(machine: machine).find() {
        case .found(let found): .answers(AnsweringEngine(found, store: store))
        case .silent(let silence): .silent(silence)
        }
    }

    /// The image at a place, or of a name in the image store.
    func image(at place: String) async throws -> (image: Image, blobs: any BlobSource) {
        guard let place = try? ImagePlace(place) else { return try stored(try Reference(place)) }
        let source = try await places.source(place.absolute(machine))
        return (try await source.image(), source)
    }

    /// The image at a place, without its blobs; `nil` if there is none.
    func existing(_ place: ImagePlace) async throws -> (image: Image, blobs: any BlobSource)? {
        let source = try await places.source(place.absolute(machine))
        do throws(Failure) {
            return (try await source.image(), source)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Copies an image into the store, which checks its digests, under a name of mixpack's own.
    func imported(_ place: ImagePlace, as kind: OwnImage) async throws -> HeldImage {
        let (image, blobs) = try await image(at: place.description)
        let transaction = try store.begin()
        do {
            try await transaction.addLayers(of: image, from: blobs)
            return try await transaction.commit(image, as: [try kind.reference(image.digest.short)])
        } catch {
            transaction.cancel()
            throw error
        }
    }

    /// What reads and writes image places.
    var places: ImagePlaces {
        ImagePlaces(
            store: store, environment: machine.environment, engines: EngineSearch(machine: machine),
            temporaryFolder: store.root.appending("staging"),
            platform: platform,
            registries: registries.options(
                addresses: (try? ConfigurationFile(machine: machine).registries()) ?? [:],
                environment: machine.environment, memory: registryMemory,
                helper: CredentialPrograms(runner: runner, environment: machine.environment).answer))
    }

    /// The names of the images in the store, as people write them; those that mixpack gave are left out.
    var imageNames: [String] {
        ((try? store.list()) ?? []).filter { !$0.reference.isOwn }.map(\.reference.familiarName)
    }

    /// The images of several platforms that a name of the image store leads to; `nil` for one image, and for a place.
    func images(named text: String) throws(Failure) -> MultiPlatformImage? {
        guard (try? ImagePlace(text)) == nil, let reference = try? Reference(text) else { return nil }
        return try store.images(for: reference)
    }

    private func stored(_ reference: Reference) throws(Failure) -> (image: Image, blobs: any BlobSource) {
        if let digest = reference.digest, let images = try? store.images(for: Reference(reference.plain)),
            let image = images.images.first(where: { $0.digest == digest })
        {
            return (image, store)
        }
        if platform != .current, let images = try store.images(for: reference) {
            let entry = try images.index.manifest(for: platform)
            if let image = images.images.first(where: { $0.digest == entry.digest }) { return (image, store) }
        }
        if let image = try store.image(for: reference) { return (image, store) }
        let names = imageNames
        throw Failure(
            .notFound, "no image \(reference) in the image store",
            advice: names.isEmpty
                ? "build one: mixpack build \(reference)" : "there are: \(names.joined(separator: ", "))")
    }
}

/// The buildpacks fetch files by the client that speaks to registries too.
extension FileDownloads: Downloader {
    package func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int {
        do {
            return try await fetch(url, to: file, limit: limit)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}
