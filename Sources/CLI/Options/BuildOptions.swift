import ArgumentParser
import BuildpackAPI
import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import OCIImage
import SystemPackage

/// The options of a build: the same flags as pack's, where pack has one.
struct BuildOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A build variable; NAME alone takes your shell's value.", valueName: "name[=value]")
    )
    var env: [String] = []

    @Option(help: ArgumentHelp("A file of NAME=VALUE lines.", valueName: "file"), completion: .file())
    var envFile: [String] = []

    @Option(help: ArgumentHelp("A secret variable; the value comes from your environment.", valueName: "name"))
    var secret: [String] = []

    @Option(
        help: ArgumentHelp(
            "A secret variable; the value is the first line that COMMAND prints, such as pass show NAME.",
            valueName: "name=command"))
    var secretFromCommand: [String] = []

    @Option(
        help: ArgumentHelp(
            "A secret that only steps with network get, such as NPM_TOKEN; others get the build's secrets and no network.",
            valueName: "name"))
    var fetchSecret: [String] = []

    @Option(
        help: ArgumentHelp("The release to build, if the project has several.", valueName: "name"),
        completion: Candidates.releases)
    var release: String?

    @Option(
        help: ArgumentHelp(
            "Who may connect to the Erlang node: none, loopback (default) or cluster.", valueName: "profile"),
        completion: .list(["none", "loopback", "cluster"]))
    var distribution: String?

    @Flag(
        help: """
            Start the release once, with made-up values; the build fails if that cannot be done. =if-possible accepts \
            that; =emulated starts other processors' images too, with qemu-user.
            """)
    var tryStart = false

    @Option(help: .hidden)
    var tryStartKind: String?

    @Flag(help: "Build every release of the project, each as an image named IMAGE-RELEASE.")
    var allReleases = false

    @Flag(help: "Add a releases: entry to the mix.exs of an umbrella that has none; shows the change first.")
    var writeReleases = false

    @Option(
        name: [.customShort("B"), .long],
        help: ArgumentHelp(
            "A builder image, whose buildpacks run in its own files; host is mixpack's own, on this machine.",
            valueName: "host|ref|place"),
        completion: Candidates.builders)
    var builder: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder with buildpack.toml, FILE.cnb, an image place, an id, from=builder for the builder's, or from=mixpack; the order counts.",
            valueName: "dir|place|id"), completion: Candidates.buildpacks)
    var buildpack: [String] = []

    @Option(
        help: ArgumentHelp("A buildpack in front of all others, as with -b.", valueName: "dir|place|id"),
        completion: Candidates.buildpacks)
    var preBuildpack: [String] = []

    @Option(
        help: ArgumentHelp("A buildpack behind all others, as with -b.", valueName: "dir|place|id"),
        completion: Candidates.buildpacks)
    var postBuildpack: [String] = []

    @Option(
        help: ArgumentHelp(
            "A folder of this machine that buildpacks given with -b can see.", valueName: "host:path[:ro]"),
        completion: .directory)
    var volume: [String] = []

    @Option(
        help: ArgumentHelp(
            "none: no step has the network. host is for buildpacks given with -b, which have it anyway.",
            valueName: "none|host"), completion: .list(["none", "host"]))
    var network: String?

    @Option(
        name: [.customShort("d"), .long],
        help: ArgumentHelp("A file to read in place of the project's project.toml.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var descriptor: String?

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("The process that the image starts; by default the buildpacks' own.", valueName: "type"))
    var defaultProcess: String?

    @Option(
        help: ArgumentHelp(
            "What the image is for, as buildpacks find it in CNB_EXEC_ENV: production (default), test or another.",
            valueName: "name"))
    var execEnv: String?

    @OptionGroup(title: "What a project may do")
    var consent: ConsentOptions

    @Option(
        help: ArgumentHelp("The run image; by default mixpack makes one from this machine.", valueName: "place"),
        completion: Candidates.imagesAndPlaces)
    var runImage: String?

    @Option(
        help: ArgumentHelp(
            "The image to keep unchanged layers from; by default the one that has the name now, with --publish also in the registry.",
            valueName: "place"), completion: Candidates.imagesAndPlaces)
    var previousImage: String?

    @Option(
        help: ArgumentHelp(
            "A registry's name for compiled dependencies and the like: read before the build, written after it.",
            valueName: "ref"))
    var cacheImage: String?

    @Option(
        help: ArgumentHelp(
            "A program of this machine that the image is to have, such as curl or imagemagick.", valueName: "name"))
    var runProgram: [String] = []

    @Option(
        help: ArgumentHelp(
            "What Docker asks the container to find out whether it works, such as http://:4000/health.",
            valueName: "url"))
    var healthCheck: String?

    @Option(
        help: ArgumentHelp(
            "Push the run image there too, so that others can rebase the image; more of them are mirrors.",
            valueName: "ref"))
    var publishRunImage: [String] = []

    @Option(help: ArgumentHelp("A label of the image.", valueName: "name=value"))
    var label: [String] = []

    @Option(help: ArgumentHelp("An annotation of the image's manifest.", valueName: "name=value"))
    var annotation: [String] = []

    @Flag(help: "Label the image with the project's commit, its time, and the remote repository, without passwords.")
    var labelFromGit = false

    @Option(
        help: ArgumentHelp(
            "The time in the image: seconds since 1970, or now; by default SOURCE_DATE_EPOCH, or else 1980.",
            valueName: "time"))
    var creationTime: String?

    @Option(
        help: ArgumentHelp(
            "What the image is for, by default this machine; \(PlatformOption.all) makes an index.",
            valueName: "platforms"))
    var platform: String?

    @Option(
        help: ArgumentHelp(
            "For other platforms: an image with this machine's Erlang, to take its native files from.",
            valueName: "place"),
        completion: Candidates.imagesAndPlaces)
    var toolchainFrom: String?

    @Option(
        help: ArgumentHelp("Platform to use from a multi-platform run image: os/arch[/variant].", valueName: "platform")
    )
    var runImagePlatform: String?

    @Option(
        name: [.customShort("t"), .long],
        help: ArgumentHelp(
            "Another name for the image, or :TAG alone; {version}, {git.sha}, {git.branch} and {date} are filled in.",
            valueName: "ref"))
    var tag: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where to write the image: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:NAME:TAG, docker://REF.",
            valueName: "place"), completion: Candidates.places)
    var output: [String] = []

    @Option(
        help: ArgumentHelp("A folder for the bills of materials that are in the image.", valueName: "dir"),
        completion: .directory)
    var sbomOutputDir: String?

    @Option(
        help: ArgumentHelp("A folder for report.toml: names and digests of the image.", valueName: "dir"),
        completion: .directory)
    var reportOutputDir: String?

    @Flag(help: "Push the image and its extra tags to their registries.")
    var publish = false

    @Flag(
        help:
            "Push beside the image what it is made of and where it comes from: CycloneDX, and in-toto provenance; needs --publish."
    )
    var attest = false

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    @Option(help: ArgumentHelp("Compression of layers for registries: none, gzip or zstd.", valueName: "kind"))
    var compression: CompressionChoice = .gzip

    @Flag(help: "Build again whenever you save a file of the project.")
    var watch = false

    @Flag(name: .shortAndLong, help: "Show every command, as -e DEBUG=1.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Print errors only, as --ui quiet.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "Another folder for caches, such as one that CI keeps: 'type=build;format=bind;source=DIR'.",
            valueName: "words"))
    var cache: [String] = []

    @Flag(help: "Start with an empty cache.")
    var clearCache = false

    @Flag(help: "Fail if the project compiles a secret into the image.")
    var forbidSecrets = false

    @Option(help: ArgumentHelp("A secret that may be in the image.", valueName: "name"))
    var allowSecret: [String] = []

    /// The request that these options make.
    /// - Throws: `Failure` that names the option and what to try.
    func request(image: Reference, project: FilePath, secrets: SecretSources) async throws -> BuildRequest {
        var request = BuildRequest(image: image, project: project)
        request.builder = try builder.flatMap { try BuilderName($0).place(secrets.machine) }
        request.refusesBuilder = builder != nil && request.builder == nil
        request.give(try variables(secrets.machine.environment))
        request.release = release ?? request.release
        request.distribution = distribution ?? request.distribution
        if verbose { request.debug = request.debug ?? "1" }
        request.buildpacks = try buildpack.map { try choice("--buildpack", $0) }
        request.firstBuildpacks = try preBuildpack.map { try choice("--pre-buildpack", $0) }
        request.lastBuildpacks = try postBuildpack.map { try choice("--post-buildpack", $0) }
        request.defaultProcess = defaultProcess
        request.executionEnvironment = try execEnv.map(executionEnvironment) ?? request.executionEnvironment
        request.volumes = try volumes()
        request.runImage = try runImage.map { try option("--run-image", $0, NamedImage.place) }
        request.platforms = try platform.map(PlatformOption.readForBuild) ?? []
        request.toolchainImage = try toolchainFrom.map { try option("--toolchain-from", $0, NamedImage.place) }
        guard request.toolchainImage == nil || request.platforms.contains(where: { !$0.isThisMachine }) else {
            throw Failure(
                .usage, "--toolchain-from is for images of other platforms than \(Platform.current)",
                advice: "give --platform too, such as --platform \(PlatformOption.all)")
        }
        request.previousImage = try previousImage.map { try option("--previous-image", $0, Self.imageOrPlace) }
        request.cacheImage = try cacheImage.map { try option("--cache-image", $0, Self.registryOrPlace) }
        request.runPrograms = try runProgram.map { try option("--run-program", $0, Self.programName) }
        request.healthCheck = try healthCheck.map { try option("--health-check", $0, HealthCheck.init) }
        request.publishedRunImages = try publishRunImage.map { try option("--publish-run-image", $0, Reference.init) }
        request.labels = try label.map { try option("--label", $0, ImageNote.init) }
        request.annotations = try annotation.map { try option("--annotation", $0, ImageNote.init) }
        request.creationTime = try time(secrets.machine.environment)
        let tags = try tag.map { try option("--tag", $0, NameTemplate.init) }
        request.tags = try tags.filter(\.fields.isEmpty).map { try $0.reference([:], of: image) }
        request.tagTemplates = tags.filter { !$0.fields.isEmpty }
        request.outputs = try output.map { try option("--output", $0, ImagePlace.init) }
        if publish { request.outputs += ([image] + request.tags).map(ImagePlace.registry) }
        request.usesEngine = request.outputs.isEmpty
        request.attests = attest
        guard publishRunImage.isEmpty || request.platforms.isEmpty else {
            throw Failure(
                .usage, "--publish-run-image is for images of this machine's platform alone",
                advice: "leave --platform out")
        }
        guard !attest || request.outputs.contains(where: \.isRegistry) else {
            throw Failure(
                .usage, "--attest puts documents beside an image in a registry, and this image goes to none",
                advice: "push it: --publish")
        }
        request.clearsCache = clearCache
        request.forbidsSecrets = forbidSecrets
        request.startTrial = try startTrial()
        request.allowedSecrets = Set(
            try allowSecret.map { try name($0, of: "--allow-secret") { "give --allow-secret \($0)" } })
        // Last: whoever has mistyped another option is not asked for a passphrase first.
        for text in secretFromCommand { request.variables.append(try await secret(text, secrets)) }
        request.fetchSecrets = try fetchSecret.map {
            try self.fetchSecret($0, given: request.variables, secrets.machine.environment)
        }
        return request
    }

    /// A buildpack; a URI that mixpack cannot use is refused before the build.
    private func choice(_ option: String, _ text: String) throws(Failure) -> BuildpackChoice {
        let choice = BuildpackChoice(text)
        guard case .named = choice, !text.hasPrefix("urn:cnb:builder:"),
            let problem = BuildpackChoice.problem(ofURI: text)
        else { return choice }
        throw Failure(.usage, "\(option) \(text): not a buildpack", advice: problem)
    }

    /// The name of an execution environment, by the rules of the specification.
    private func executionEnvironment(_ name: String) throws(Failure) -> String {
        guard !name.isEmpty, !name.contains("/") else {
            throw Failure(.usage, "--exec-env '\(name)': not a name", advice: "for example --exec-env test")
        }
        return name
    }

    private func time(_ environment: [String: String]) throws -> CreationTime {
        if let creationTime { return try option("--creation-time", creationTime, CreationTime.init) }
        guard let epoch = environment[CreationTime.variable], !epoch.isEmpty else { return .fixed }
        return try option(CreationTime.variable, epoch, CreationTime.init)
    }

    /// Runs the command of `NAME=COMMAND` and takes what it prints.
    private func secret(_ text: String, _ secrets: SecretSources) async throws -> PlatformVariable {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[0].contains(where: { $0 == " " || $0 == "/" || $0 == "\0" }) else {
            throw Failure(
                .usage, "--secret-from-command: not NAME=COMMAND",
                advice: "for example --secret-from-command 'API_TOKEN=pass show api-token'")
        }
        do {
            let value = try await secrets.run(parts[1])
            return PlatformVariable(name: parts[0], value: value.withValue { $0 }, isSecret: true)
        } catch let failure as Failure {
            throw failure.failing("--secret-from-command \(parts[0])", as: .usage)
        }
    }

    /// What `--try-start` asks for, without a value or with one.
    private func startTrial() throws(Failure) -> StartTrial {
        guard let tryStartKind else { return tryStart ? .required : .no }
        guard let trial = StartTrial(rawValue: tryStartKind), trial != .no else {
            throw Failure(
                .usage,
                "--try-start takes no value but \(StartTrial.ifPossible.rawValue) and \(StartTrial.emulated.rawValue), "
                    + "not '\(tryStartKind)'",
                advice: "without a value, a build that cannot try the release fails")
        }
        return trial
    }

    /// How registries are used.
    func registries(_ machine: Machine) -> RegistryChoices { registry.choices(machine, compression: compression) }

    /// The line that tells what a builder's name means here, where one is given.
    func builderNotice(_ machine: Machine) throws -> String? {
        try builder.flatMap { try BuilderName($0).notice(machine) }
    }

    private func volumes() throws -> [Volume] {
        let folder = FilePath(FileManager.default.currentDirectoryPath)
        return try volume.map { text in
            guard let volume = Volume(text, relativeTo: folder) else {
                throw Failure(.usage, "--volume \(text): not HOST:PATH[:ro]", advice: "PATH is an absolute path")
            }
            try VolumeCheck(volume, text).check()
            return volume
        }
    }

    private func variables(_ environment: [String: String]) throws -> [PlatformVariable] {
        var result = try EnvironmentFile.variables(files: envFile, options: env, environment)
        result += try secret.map { word in
            let name = try name(word, of: "--secret") {
                "export \($0) and give --secret \($0), or have a command print it: --secret-from-command"
            }
            guard let value = environment[name] else {
                throw Failure(
                    .usage, "--secret \(name): this variable is not set in your environment", advice: "export it first")
            }
            return PlatformVariable(name: name, value: value, isSecret: true)
        }
        return result
    }

    /// A secret of `--fetch-secret`: its value is the one that another option gives, or the environment's.
    private func fetchSecret(
        _ word: String, given: [PlatformVariable], _ environment: [String: String]
    ) throws(Failure) -> PlatformVariable {
        let name = try name(word, of: "--fetch-secret") { "export \($0) and give --fetch-secret \($0)" }
        guard let value = given.last(where: { $0.name == name })?.value ?? environment[name] else {
            throw Failure(
                .usage, "--fetch-secret \(name): this variable is not set in your environment",
                advice: "export it first")
        }
        return PlatformVariable(name: name, value: value, isSecret: true)
    }

    /// A word that is a name alone; docker's `NAME=VALUE` is refused without the value, which is a secret.
    private func name(_ word: String, of option: String, advice: (String) -> String) throws(Failure) -> String {
        guard let equals = word.firstIndex(of: "=") else { return word }
        let name = String(word[..<equals])
        throw Failure(.usage, "\(option) takes a name, not a value: \(name)", advice: advice(name))
    }

    /// A place, or a name in the image store.
    private static func imageOrPlace(_ text: String) throws -> ImagePlace {
        try (try? ImagePlace(text)) ?? .store(Reference(text))
    }

    /// A place, or a name in a registry.
    private static func registryOrPlace(_ text: String) throws -> ImagePlace {
        try (try? ImagePlace(text)) ?? .registry(Reference(text))
    }

    private static func programName(_ name: String) throws -> String {
        try RunProgramName.check(name)
        return name
    }

    private func option<Value>(_ name: String, _ text: String, _ parse: (String) throws -> Value) throws -> Value {
        do {
            return try parse(text)
        } catch let error as Failure {
            throw error.failing("\(name) \(text)", as: .usage)
        }
    }
}
