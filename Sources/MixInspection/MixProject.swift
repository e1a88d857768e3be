/// What a mix project is, as far as a build wants to know: the result of an inspection, printed by `mixpack detect --json`.
public struct MixProject: Sendable, Hashable, Codable {
    /// The kind of project.
    public enum Kind: String, Sendable, Hashable, Codable {
        case application, umbrella
        /// A child of an umbrella opened by itself; `umbrellaRoot` names the root.
        case umbrellaChild
        /// No application callback: its release starts nothing.
        case library
    }

    /// How the project was read.
    public enum Evidence: String, Sendable, Hashable, Codable {
        /// mix.exs was only read; computed values are unknown.
        case probable
        /// mix.exs was evaluated.
        case evaluated
    }

    /// The kind of project.
    public var kind: Kind
    /// How it was read.
    public var evidence: Evidence
    /// The application's name (`:app`); `nil` for an umbrella.
    public var app: String?
    /// The version in mix.exs.
    public var version: String?
    /// The `elixir:` requirement.
    public var elixirRequirement: String?
    /// The umbrella's root, relative to the project's folder, for a child opened by itself.
    public var umbrellaRoot: String?
    /// The child applications of an umbrella, by name.
    public var children: [ChildApp]
    /// The releases, in the order of mix.exs.
    public var releases: [MixRelease]
    /// `default_release`, where it is set.
    public var defaultRelease: String?
    /// Phoenix's version where the project uses it.
    public var phoenixVersion: String?
    /// Whether Phoenix is used, by lock file or dependencies.
    public var usesPhoenix: Bool
    /// Whether the project (or a child) defines the alias `assets.deploy`; each the folder that owns it, `.` for the root.
    public var assetsDeploy: [String]
    /// Whether any dependency is to be fetched (Hex or git) for production.
    public var hasFetchedDependencies: Bool
    /// The names of dependencies in mix.lock.
    public var lockedDependencies: [String]
    /// The variables it reads.
    public var variables: [ProjectVariable]
    /// What the user should know.
    public var findings: [Finding]

    /// Creates a project.
    public init(
        kind: Kind, evidence: Evidence, app: String?, version: String? = nil, elixirRequirement: String? = nil,
        umbrellaRoot: String? = nil, children: [ChildApp] = [], releases: [MixRelease] = [],
        defaultRelease: String? = nil, phoenixVersion: String? = nil, usesPhoenix: Bool = false,
        assetsDeploy: [String] = [], hasFetchedDependencies: Bool = false, lockedDependencies: [String] = [],
        variables: [ProjectVariable] = [], findings: [Finding] = []
    ) {
        self.kind = kind
        self.evidence = evidence
        self.app = app
        self.version = version
        self.elixirRequirement = elixirRequirement
        self.umbrellaRoot = umbrellaRoot
        self.children = children
        self.releases = releases
        self.defaultRelease = defaultRelease
        self.phoenixVersion = phoenixVersion
        self.usesPhoenix = usesPhoenix
        self.assetsDeploy = assetsDeploy
        self.hasFetchedDependencies = hasFetchedDependencies
        self.lockedDependencies = lockedDependencies
        self.variables = variables
        self.findings = findings
    }
}

/// A child application of an umbrella.
public struct ChildApp: Sendable, Hashable, Codable {
    /// The application's name.
    public var name: String
    /// Its folder, relative to the root.
    public var path: String
    /// Its version.
    public var version: String?
    /// Whether it uses Phoenix itself.
    public var usesPhoenix: Bool
    /// Whether it has an application callback.
    public var hasApplicationCallback: Bool
    /// Whether it has assets to deploy.
    public var hasAssets: Bool
    /// Whether it has native code.
    public var hasNativeCode: Bool

    /// Creates a child.
    public init(
        name: String, path: String, version: String? = nil, usesPhoenix: Bool = false,
        hasApplicationCallback: Bool = false, hasAssets: Bool = false, hasNativeCode: Bool = false
    ) {
        self.name = name
        self.path = path
        self.version = version
        self.usesPhoenix = usesPhoenix
        self.hasApplicationCallback = hasApplicationCallback
        self.hasAssets = hasAssets
        self.hasNativeCode = hasNativeCode
    }
}

/// A release as Mix would assemble it.
public struct MixRelease: Sendable, Hashable, Codable {
    /// The release's name.
    public var name: String
    /// Its version; `nil` where only the build tells.
    public var version: String?
    /// The applications that it names, with their modes; empty where Mix takes the project's own.
    public var applications: [Application]
    /// Whether mix.exs defines it (`false`: Mix makes it up from `:app`, and `mix release` is called without a name).
    public var isDefined: Bool
    /// Whether mix.exs sets a cookie for it.
    public var setsCookie: Bool

    /// An application in a release.
    public struct Application: Sendable, Hashable, Codable {
        /// The application's name.
        public var name: String
        /// Its mode, for example `permanent`.
        public var mode: String

        /// Creates an application.
        public init(name: String, mode: String) {
            self.name = name
            self.mode = mode
        }
    }

    /// Creates a release.
    public init(
        name: String, version: String? = nil, applications: [Application] = [], isDefined: Bool, setsCookie: Bool = false
    ) {
        self.name = name
        self.version = version
        self.applications = applications
        self.isDefined = isDefined
        self.setsCookie = setsCookie
    }
}

/// A variable that the project reads.
public struct ProjectVariable: Sendable, Hashable, Codable {
    /// When it is read.
    public enum Phase: String, Sendable, Hashable, Codable { case build, run }

    /// Whether the project goes on without it.
    public enum Need: String, Sendable, Hashable, Codable {
        /// The project stops without it.
        case required
        /// It has a default.
        case `default`
        /// Only whether it is set counts.
        case flag
        /// It may be missing.
        case optional
    }

    /// The name; for a computed name the expression, with `isDynamic`.
    public var name: String
    /// When it is read.
    public var phase: Phase
    /// Whether the project goes on without it.
    public var need: Need
    /// The default's text, where it is a literal.
    public var defaultValue: String?
    /// The file, relative to the project's folder.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// Whether the name is computed, so that only the expression is known.
    public var isDynamic: Bool

    /// Creates a variable.
    public init(
        name: String, phase: Phase, need: Need, defaultValue: String? = nil, file: String, line: Int,
        isDynamic: Bool = false
    ) {
        self.name = name
        self.phase = phase
        self.need = need
        self.defaultValue = defaultValue
        self.file = file
        self.line = line
        self.isDynamic = isDynamic
    }
}

/// Something that the user should know about the project.
public struct Finding: Sendable, Hashable, Codable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable { case note, warning, error }

    /// How bad it is.
    public var severity: Severity
    /// What it is, in one line.
    public var text: String
    /// The file, relative to the project's folder.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// What to do about it; may be a snippet to paste.
    public var advice: String?

    /// Creates a finding.
    public init(_ severity: Severity, _ text: String, file: String? = nil, line: Int? = nil, advice: String? = nil) {
        self.severity = severity
        self.text = text
        self.file = file
        self.line = line
        self.advice = advice
    }
}
