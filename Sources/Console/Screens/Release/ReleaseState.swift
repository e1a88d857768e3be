import Lifecycle
import MixInspection
import OCIImage
import SystemPackage
import TerminalUI

/// The Release screen: what is to be built, under which name, and where to.
struct ReleaseState: Sendable {
    /// A line of the form.
    enum Field: Int, Sendable, CaseIterable {
        case image, engine, outputs, tags, runImage, distribution, tryStart, clearCache, debug

        var title: String {
            switch self {
            case .image: "Image"
            case .engine: "Load into engine"
            case .outputs: "Also write to"
            case .tags: "More names"
            case .runImage: "Run image"
            case .distribution: "Distribution"
            case .tryStart: "Try to start it"
            case .clearCache: "Empty the cache"
            case .debug: "Print commands"
            }
        }
    }

    var releases: [MixRelease] = []
    var defaultRelease: String?
    /// The chosen release; `nil` where there is none to choose or none was chosen.
    private(set) var chosen: String?
    var image = ""
    var usesEngine = true
    var outputs: [String] = []
    var tags: [String] = []
    var runImage: String?
    /// Who reaches the running node; `nil` is what project.toml says, or loopback.
    private(set) var distribution: String?
    var triesStart = false
    var clearsCache = false
    var debug = false
    var forbidsSecrets = false
    var allowedSecrets: Set<String> = []
    /// Files and folders outside the project that its links may lead to.
    var openedPaths: [FilePath] = []
    /// The releases that are still to be built, where all are.
    var pending: [String] = []
    /// What flags asked for; the form shows a part of it, the rest goes into the build as it is.
    private(set) var base: BuildRequest?
    /// Whether flags filled the form before what was chosen last time is known.
    var isPrepared = false
    /// What project.toml says: it gives way to flags and to what is chosen now, not to what was chosen last time.
    private var file: (release: String?, distribution: String?)
    /// Whether the release, and the profile, come from a flag or were chosen now.
    private var isFirm = (release: false, distribution: false)
    var list = ListState()
    var form = ListState()

    /// The variable by which the buildpacks are told.
    static let distributionVariable = "BP_DISTRIBUTION"
    /// The variables that the form sets, so that they are no rows on Secrets.
    static let ownVariables: Set = ["RELEASE", "DEBUG", distributionVariable]
    static let profiles = ["none", "loopback", "cluster"]

    /// The distribution profile that a build without a choice has.
    var usualProfile: String { file.distribution ?? "loopback" }

    /// Goes to the next distribution profile.
    mutating func nextProfile() {
        let index = Self.profiles.firstIndex(of: distribution ?? usualProfile) ?? 1
        distribution = Self.profiles[(index + 1) % Self.profiles.count]
        isFirm.distribution = true
    }

    /// Takes the release that the user chooses.
    mutating func choose(_ release: String) {
        chosen = release
        isFirm.release = true
    }

    var selectedField: Field { Field(rawValue: form.selection) ?? .image }

    /// Takes in what is known of a project, and what its project.toml says.
    mutating func take(_ inspection: ProjectInspection) {
        file = (inspection.fileRelease, inspection.fileDistribution)
        if let project = inspection.project { take(project) }
    }

    /// Takes in the releases of a project: the choice stays where it still is one, else the default is chosen.
    mutating func take(_ project: MixProject) {
        releases = project.releases
        defaultRelease = project.defaultRelease
        if let named = file.release, !isFirm.release { chosen = named }
        if file.distribution != nil, !isFirm.distribution { distribution = nil }
        if chosen == nil || !releases.contains(where: { $0.name == chosen }) {
            chosen = releases.count == 1 ? releases.first?.name : releases.first { $0.name == defaultRelease }?.name
        }
        list = ListState(selection: releases.firstIndex { $0.name == chosen } ?? 0)
    }

    mutating func take(_ choices: Choices) {
        guard !isPrepared else { return fill(choices) }
        if let image = choices.image { self.image = image }
        if let release = choices.release { chosen = release }
        runImage = choices.runImage
        distribution = choices.buildVariables[Self.distributionVariable]
        tags = choices.tags
        outputs = choices.outputs
        usesEngine = choices.usesEngine
    }

    /// Takes what was chosen last time for what flags left open.
    private mutating func fill(_ choices: Choices) {
        if let image = choices.image { self.image = image }
        if chosen == nil { chosen = choices.release }
        runImage = runImage ?? choices.runImage
        distribution = distribution ?? choices.buildVariables[Self.distributionVariable]
        if tags.isEmpty { tags = choices.tags }
        guard outputs.isEmpty else { return }
        outputs = choices.outputs
        usesEngine = choices.usesEngine
    }

    mutating func take(_ request: BuildRequest) {
        base = request
        image = "\(request.image)"
        usesEngine = request.usesEngine
        outputs = request.outputs.map(\.description)
        tags = request.tags.map(\.description)
        runImage = request.runImage?.description
        triesStart = request.triesStart
        clearsCache = request.clearsCache
        forbidsSecrets = request.forbidsSecrets
        allowedSecrets = request.allowedSecrets
        openedPaths = request.selection.openedPaths
        for variable in request.variables {
            if variable.name == "RELEASE" { choose(variable.value) }
            if variable.name == Self.distributionVariable {
                distribution = variable.value
                isFirm.distribution = true
            }
            if variable.name == "DEBUG" { debug = !variable.value.isEmpty }
        }
    }
}
