import BuildpackAPI
import Diagnostics
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage
import TerminalUI

/// What is to be built, under which name, and where to.
///
/// Each source of a value is kept by itself, so that the order in which they become known does not matter.
@dynamicMemberLookup
struct ReleaseState: Sendable {
    /// Where a value comes from; the first source that says something decides.
    enum Source: Int, Sendable, CaseIterable {
        /// What the user chose in the form.
        case form
        case flag, environment, projectFile, configuration, lastChoice
        /// What mixpack proposes.
        case proposal
    }

    /// What one source says; `nil` says nothing.
    struct Values: Sendable {
        var release: String?
        var image: String?
        var usesEngine: Bool?
        var outputs: [String]?
        var tags: [String]?
        /// A place or a name; `host` is mixpack's own buildpacks.
        var builder: String?
        /// What the image is for; empty is this machine.
        var platforms: [Platform]?
        /// Empty for the one made from this machine.
        var runImage: String?
        /// The names in registries under which the run image is pushed with the image.
        var publishedRunImages: [String]?
        /// Programs of the machine that the image is to have.
        var runPrograms: [String]?
        var distribution: String?
        var startTrial: StartTrial?
        var clearsCache: Bool?
        var debug: Bool?
        var forbidsSecrets: Bool?
        var allowedSecrets: Set<String>?
        /// Files and folders outside the project that its links may lead to.
        var openedPaths: [FilePath]?
        /// The folder around the project that is copied with it.
        var context: FilePath?
    }

    private var sources: [Source: Values] = [.proposal: Values(usesEngine: true)]
    /// The request of the flags; the form shows a part of it, the rest goes into the build as it is.
    private(set) var flags: BuildRequest?
    /// Whether the last choice counts: not if the command line asked for the build at once.
    private(set) var countsLastChoice = true
    private(set) var path: FilePath?
    private(set) var project: MixProject?
    /// The child of the umbrella that the console was opened on.
    var child: String?
    private(set) var engine: String?
    /// Whether buildpacks of others, which build with network, get the build's secrets; `nil` until the user answers.
    var givesSecrets: Bool?
    /// The command line that asks for the same build, or why there is none.
    var commandLine: Result<CommandLineText.Shown, Failure> = .success(CommandLineText.Shown(text: ""))
    /// The builders of the last builds, the newest last.
    private(set) var lastBuilders: [String] = []
    /// What the builder says of itself, or why that is not known; `nil` until it was asked, and where a build has yet to fetch
    /// it.
    var builderSummary: Result<BuilderSummary, Failure>?
    /// Whether the answer is still to come.
    var isBuilderAsked = false
    /// The builder that was asked last.
    var askedBuilder: String?
    var list = ListState()
    var form = ListState()

    /// mixpack's own buildpacks, by the name of a builder.
    static let host = "host"
    /// How many builders the prompt offers again.
    private static let mostBuilders = 5

    /// The variable under which the last choices keep the profile.
    static let distributionVariable = BuildVariable.distribution.rawValue
    static let profiles = ["none", "loopback", "cluster"]

    // MARK: Values by precedence

    subscript(source: Source) -> Values {
        get { sources[source] ?? Values() }
        set { sources[source] = newValue }
    }

    private func merged<Value>(_ value: KeyPath<Values, Value?>) -> Value? {
        for source in Source.allCases { if let said = sources[source]?[keyPath: value] { return said } }
        return nil
    }

    /// A value of the form: what the first source says that says something; writing it is choosing it in the form.
    subscript<Value: Blank>(dynamicMember value: WritableKeyPath<Values, Value?>) -> Value {
        get { merged(value) ?? Value() }
        set { self[.form][keyPath: value] = newValue }
    }

    /// The run image; `nil` is the one made from this machine.
    var runImage: String? {
        get { merged(\.runImage).flatMap { $0.isEmpty ? nil : $0 } }
        set { self[.form].runImage = newValue ?? "" }
    }

    /// The builder, which somebody named; `nil` is mixpack's own buildpacks.
    var builder: String? { merged(\.builder).flatMap { $0.isEmpty || $0 == Self.host ? nil : $0 } }

    /// What was chosen for the builder; `nil` where the project's or the user's file decides.
    var namedBuilder: String? {
        let source = Source.allCases.first { self[$0].builder != nil }
        guard let source, source != .projectFile, let builder = self[source].builder else { return nil }
        return builder.isEmpty ? Self.host : builder
    }

    /// Keeps the builder of a build that begins, for the prompt.
    mutating func rememberBuilder() {
        guard let builder else { return }
        lastBuilders.removeAll { $0 == builder }
        lastBuilders = (lastBuilders + [builder]).suffix(Self.mostBuilders)
    }

    /// The programs of the machine that the image is to have; none if project.toml says the same, where builds read them.
    var namedPrograms: [String] { self.runPrograms == self[.projectFile].runPrograms ? [] : self.runPrograms }

    /// The folder around the project that is copied with it.
    var context: FilePath? { merged(\.context) }

    mutating func copiesContext(_ folder: FilePath) { self[.form].context = folder }

    /// Who reaches the running node.
    var profile: String { merged(\.distribution) ?? usualProfile }
    /// The profile of a build that is told none.
    var usualProfile: String { self[.projectFile].distribution ?? "loopback" }

    /// The release that is built: what is said, if the project has it, or else the only one or the default.
    var chosen: String? {
        get {
            let said = merged(\.release)
            guard project != nil, !releases.contains(where: { $0.name == said }) else { return said }
            return releases.count == 1 ? releases.first?.name : releases.first { $0.name == defaultRelease }?.name
        }
        set { self[.form].release = newValue }
    }

    var releases: [MixRelease] { project?.releases ?? [] }
    var defaultRelease: String? { project?.defaultRelease }
    /// The lines of the form: where the run image is pushed matters only if the image is.
    var fields: [Field] {
        Field.allCases.filter { $0 != .publishedRunImages || isPushed || !self.publishedRunImages.isEmpty }
    }
    var selectedField: Field { fields.chosen(by: form) ?? .image }
    private var isPushed: Bool { self.outputs.contains { (try? ImagePlace($0))?.isRegistry == true } }

    mutating func chooseNextProfile() {
        let index = Self.profiles.firstIndex(of: profile) ?? 1
        self[.form].distribution = Self.profiles[(index + 1) % Self.profiles.count]
    }

    /// Goes from this machine's platform to all of these, on to each other one alone, and back.
    mutating func chooseNextPlatforms(of known: [Platform]) {
        let others = known.filter { $0.architecture != Platform.current.architecture }
        let own = known.filter { $0.architecture == Platform.current.architecture }
        let choices = [[], own + others] + others.map { [$0] }
        let index = choices.firstIndex(of: self.platforms) ?? -1
        self.platforms = choices[(index + 1) % choices.count]
    }

    /// Goes from no trial to one that must be possible, on to one that need not be, to one of all platforms, and back.
    mutating func chooseNextTrial() {
        self.startTrial =
            switch self.startTrial {
            case .no: .required
            case .required: .ifPossible
            case .ifPossible: self.platforms.contains { !$0.isThisMachine } ? .emulated : .no
            case .emulated: .no
            }
    }

    // MARK: Sources

    mutating func setProject(_ inspection: ProjectInspection) {
        path = inspection.path
        engine = inspection.engine
        self[.projectFile].release = inspection.fileRelease
        self[.projectFile].distribution = inspection.fileDistribution
        self[.projectFile].builder = inspection.namedBuilder
        self[.projectFile].runPrograms = inspection.filePrograms.isEmpty ? nil : inspection.filePrograms
        self[.configuration].context = inspection.configuredContext
        if self[.proposal].image ?? "" == "" { self[.proposal].image = inspection.suggestedImage }
        guard let project = inspection.project else { return }
        self.project = project
        if let child { self[.proposal].release = project.preferredRelease(with: child)?.name }
        list = ListState(selection: releases.firstIndex { $0.name == chosen } ?? 0)
    }

    /// Takes what flags say.
    /// - Parameter isWhole: whether they ask for the build at once; if not, the image's name is only a proposal.
    mutating func setFlags(_ request: BuildRequest, isWhole: Bool) {
        flags = request
        countsLastChoice = !isWhole
        self[.flag] = Values(request)
        guard !isWhole else { return }
        self[.flag].image = nil
        self[.proposal].image = "\(request.image)"
        guard request.outputs.isEmpty else { return }
        self[.flag].usesEngine = nil
        self[.proposal].usesEngine = request.usesEngine
    }

    /// The state for another folder of the same project: what flags say stays, and the name of the image.
    func moved(to path: FilePath) -> ReleaseState {
        var state = ReleaseState()
        if var flags {
            flags.project = path
            flags.selection.context = flags.selection.context.flatMap { SourceContext($0.folder, around: path) }
            state.setFlags(flags, isWhole: !countsLastChoice)
        }
        state[.form].image = self[.form].image
        return state
    }

    mutating func setLastChoice(_ choices: Choices) {
        lastBuilders = choices.lastBuilders ?? []
        guard countsLastChoice else { return }
        self[.lastChoice] = Values(choices)
        list = ListState(selection: releases.firstIndex { $0.name == chosen } ?? 0)
    }

    // MARK: The build

    /// The build that the choices ask for.
    /// - Throws: `Failure` that names what is missing or wrong.
    func request(
        project path: FilePath, variables: [PlatformVariable], withheld: [PlatformVariable] = []
    ) throws(Failure) -> BuildRequest {
        do {
            guard !self.image.isEmpty else {
                throw Failure(.refused, "the image has no name", advice: "give it one on Release")
            }
            var request = try flags ?? BuildRequest(image: Reference(self.image), project: path)
            request.image = try Reference(self.image)
            try request.image.checkAsNew()
            request.project = path
            request.release = namesRelease ? chosen : nil
            request.debug = self.debug ? "1" : nil
            request.distribution = profile == usualProfile ? nil : profile
            request.variables = variables.filter { BuildVariable($0) == nil }
            request.withheldSecrets = withheld
            request.builder = try namedBuilder.flatMap { try Self.builder($0) }
            request.refusesBuilder = namedBuilder != nil && request.builder == nil
            request.platforms = self.platforms
            request.runImage = try runImage.map { try Self.runImage($0) }
            request.publishedRunImages = try self.publishedRunImages.map { try Self.published($0) }
            guard request.publishedRunImages.isEmpty || request.platforms.isEmpty else {
                throw Failure(
                    .refused, "the run image is pushed with an image of this machine's platform alone",
                    advice: "leave \(Field.publishedRunImages.title) or \(Field.platforms.title) empty on Release")
            }
            request.runPrograms = namedPrograms
            let templates = try self.tags.map { try NameTemplate($0) }
            request.tags = try templates.filter(\.fields.isEmpty).map { try $0.reference([:], of: request.image) }
            request.tagTemplates = templates.filter { !$0.fields.isEmpty }
            request.outputs = try self.outputs.map { try ImagePlace($0) }
            request.usesEngine = self.usesEngine
            request.startTrial = self.startTrial
            request.clearsCache = self.clearsCache
            request.forbidsSecrets = self.forbidsSecrets
            request.allowedSecrets = self.allowedSecrets
            request.selection.openedPaths = self.openedPaths
            if givesSecrets == true { request.secretBuildpacks = ["*"] }
            if context != request.selection.context?.folder {
                request.selection.context = context.flatMap { SourceContext($0, around: path) }
            }
            return request
        } catch {
            throw Failure(error, or: .refused)
        }
    }

    /// Whether to ask if buildpacks of others may have these secrets.
    func asksToGiveSecrets(_ variables: [PlatformVariable]) -> Bool {
        guard givesSecrets == nil, flags?.secretBuildpacks.isEmpty ?? true else { return false }
        let hasOthers = builder != nil || flags?.buildpacks.contains { $0 != .builder && $0 != .own } ?? false
        return hasOthers && variables.contains(where: \.isSecret)
    }

    static let secretsQuestion = "Give buildpacks the secrets?"
    static let secretsReason = "Buildpacks of others build with network. With y they get the build's secrets too."

    /// A release that Mix makes up from `:app` is built by not naming one.
    private var namesRelease: Bool {
        guard let release = releases.first(where: { $0.name == chosen }) else { return true }
        return release.isDefined && releases.count > 1
    }

    /// A builder: a place, or a name that the store, the engine or a registry knows; `nil` is mixpack's own buildpacks.
    static func builder(_ text: String) throws -> ImagePlace? {
        guard !text.isEmpty, text != host else { return nil }
        if let place = try? ImagePlace(text) { return place }
        return .store(try Reference(text))
    }

    /// A name in a registry, with `docker://` or without.
    static func published(_ text: String) throws -> Reference {
        guard let place = try? ImagePlace(text) else { return try Reference(text) }
        guard case .registry(let name) = place else {
            throw Failure(.usage, "\(text) is no registry", advice: "name one: docker://REF")
        }
        return name
    }

    /// A run image: a place, or a name that a registry knows.
    static func runImage(_ text: String) throws -> ImagePlace {
        if let place = try? ImagePlace(text) { return place }
        return .registry(try Reference(text))
    }
}

/// A value with nothing in it, for what no source says.
protocol Blank { init() }

extension String: Blank {}
extension Bool: Blank {}
extension StartTrial: Blank {
    init() { self = .no }
}
extension Array: Blank {}
extension Set: Blank {}

extension ReleaseState.Values {
    /// What flags say; an empty list says nothing.
    init(_ request: BuildRequest) {
        release = request.release
        image = "\(request.image)"
        usesEngine = request.usesEngine
        if !request.outputs.isEmpty { outputs = request.outputs.map(\.description) }
        let names = request.tags.map(\.description) + request.tagTemplates.map(\.text)
        if !names.isEmpty { tags = names }
        builder = request.refusesBuilder ? ReleaseState.host : request.builder?.description
        if !request.platforms.isEmpty { platforms = request.platforms }
        runImage = request.runImage?.description
        if !request.publishedRunImages.isEmpty { publishedRunImages = request.publishedRunImages.map(\.description) }
        if !request.runPrograms.isEmpty { runPrograms = request.runPrograms }
        distribution = request.distribution
        startTrial = request.startTrial
        clearsCache = request.clearsCache
        debug = request.debug.map { !$0.isEmpty }
        forbidsSecrets = request.forbidsSecrets
        allowedSecrets = request.allowedSecrets
        openedPaths = request.selection.openedPaths
        context = request.selection.context?.folder
    }

    init(_ choices: Choices) {
        release = choices.release
        image = choices.image
        usesEngine = choices.usesEngine
        outputs = choices.outputs
        tags = choices.tags
        builder = choices.builder
        platforms = choices.platforms.map { $0.compactMap { try? Platform($0) } }
        runImage = choices.runImage
        publishedRunImages = choices.publishedRunImages
        runPrograms = choices.runPrograms
        context = choices.context.map { FilePath($0) }
        distribution = choices.buildVariables[ReleaseState.distributionVariable]
    }
}

extension ReleaseState {
    /// A line of the form.
    enum Field: Int, Sendable, CaseIterable {
        case image, engine, outputs, tags, builder, platforms, runImage, publishedRunImages, runPrograms,
            distribution, tryStart, clearCache, debug

        var title: String {
            switch self {
            case .image: "Image"
            case .engine: "Load into engine"
            case .outputs: "Also write to"
            case .tags: "Extra tags"
            case .builder: "Builder"
            case .platforms: "Platforms"
            case .runImage: "Run image"
            case .publishedRunImages: "Push it to"
            case .runPrograms: "Programs in it"
            case .distribution: "Distribution"
            case .tryStart: "Try to start it"
            case .clearCache: "Empty the cache"
            case .debug: "Print commands"
            }
        }

        /// Whether it has a few values to go through, not a text to type.
        var isSwitch: Bool {
            switch self {
            case .image, .outputs, .tags, .builder, .runImage, .publishedRunImages, .runPrograms: false
            case .engine, .platforms, .distribution, .tryStart, .clearCache, .debug: true
            }
        }

        /// What is wrong with a text for the field; `nil` if it can be taken.
        func problem(with text: String) -> String? {
            do {
                switch self {
                case .image: try Reference(text).checkAsNew()
                case .tags: for word in Self.words(text) { _ = try NameTemplate(word) }
                case .outputs: for word in Self.words(text) { _ = try ImagePlace(word) }
                case .builder: _ = try ReleaseState.builder(text)
                case .runImage: if !text.isEmpty { _ = try ReleaseState.runImage(text) }
                case .publishedRunImages: for word in Self.words(text) { _ = try ReleaseState.published(word) }
                case .runPrograms: for word in Self.words(text) { try RunProgramName.check(word) }
                case .engine, .platforms, .distribution, .tryStart, .clearCache, .debug: break
                }
                return nil
            } catch {
                return "\(error)"
            }
        }

        static func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "," }.map(String.init) }
    }

    /// The text of a field that is typed; empty for a switch.
    func text(of field: Field) -> String {
        switch field {
        case .image: self.image
        case .outputs: self.outputs.joined(separator: " ")
        case .tags: self.tags.joined(separator: " ")
        case .builder: builder ?? ""
        case .runImage: runImage ?? ""
        case .publishedRunImages: self.publishedRunImages.joined(separator: " ")
        case .runPrograms: self.runPrograms.joined(separator: " ")
        case .engine, .platforms, .distribution, .tryStart, .clearCache, .debug: ""
        }
    }

    mutating func setText(_ text: String, of field: Field) {
        switch field {
        case .image: self.image = text
        case .outputs: self.outputs = Field.words(text)
        case .tags: self.tags = Field.words(text)
        case .builder: self[.form].builder = text.isEmpty ? Self.host : text
        case .runImage: runImage = text
        case .publishedRunImages: self.publishedRunImages = Field.words(text)
        case .runPrograms:
            let names = Field.words(text)
            self[.form].runPrograms = names.isEmpty ? self[.projectFile].runPrograms ?? [] : names
        case .engine, .platforms, .distribution, .tryStart, .clearCache, .debug: break
        }
    }
}
