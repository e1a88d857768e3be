public import Diagnostics
public import MixInspection
public import SystemPackage

/// What is known of a project so far: the Project screen's content, handed over anew whenever more is known.
public struct ProjectInspection: Sendable, Hashable {
    /// How far the look at the project is.
    public enum Stage: Sendable, Hashable {
        /// Files are read; no code of the project has run.
        case reading
        /// mix.exs is being evaluated.
        case evaluating
        /// All is known that will be.
        case settled
    }

    /// A tool's version: what is there and what the project wants.
    public struct Version: Sendable, Hashable {
        /// The tool, for example `Elixir`.
        public var tool: String
        /// The version that is installed; `nil` where it is missing.
        public var found: String?
        /// Where it was found.
        public var foundIn: String?
        /// What the project asks for; `nil` where it asks for nothing.
        public var required: String?
        /// Where it asks, for example `mix.exs` or `.tool-versions`.
        public var requiredBy: String?
        /// Whether what is there will do.
        public var isSatisfied: Bool

        /// Creates a version.
        public init(
            tool: String, found: String?, foundIn: String? = nil, required: String? = nil, requiredBy: String? = nil,
            isSatisfied: Bool = true
        ) {
            self.tool = tool
            self.found = found
            self.foundIn = foundIn
            self.required = required
            self.requiredBy = requiredBy
            self.isSatisfied = isSatisfied
        }
    }

    /// A buildpack of the order, and what it would do here.
    public struct PlannedBuildpack: Sendable, Hashable {
        /// Its id.
        public var id: String
        /// Its version.
        public var version: String
        /// What it would do, in one line.
        public var purpose: String
        /// Whether it fits; `nil` before that is known.
        public var passes: Bool?

        /// Creates a planned buildpack.
        public init(id: String, version: String, purpose: String, passes: Bool? = nil) {
            self.id = id
            self.version = version
            self.purpose = purpose
            self.passes = passes
        }
    }

    /// The project's folder.
    public var path: FilePath
    /// How far the look is.
    public var stage: Stage
    /// The project; `nil` until it is known, and for good where the folder holds none.
    public var project: MixProject?
    /// The tools' versions.
    public var versions: [Version]
    /// The buildpacks, in order.
    public var buildpacks: [PlannedBuildpack]
    /// What project.toml says, a line a key; empty where there is none.
    public var projectFile: [String] = []
    /// The release that project.toml names.
    public var fileRelease: String?
    /// The distribution profile that project.toml names.
    public var fileDistribution: String?
    /// Problems that are not in the project's own findings: no mix project, no Elixir, a version conflict.
    public var problems: [Diagnostic]
    /// Whether mix.exs was not evaluated because there is no sandbox and the user does not trust the project yet.
    public var needsTrust = false
    /// The image name to propose.
    public var suggestedImage: String
    /// The container engine that answers, for example `podman 4.3.1`; `nil` where none does.
    public var engine: String?
    /// What to do to get an engine, where none answers.
    public var engineAdvice: String?

    /// Creates an inspection; by default one that has just begun.
    public init(
        path: FilePath, stage: Stage = .reading, project: MixProject? = nil, versions: [Version] = [],
        buildpacks: [PlannedBuildpack] = [], problems: [Diagnostic] = [], suggestedImage: String = "",
        engine: String? = nil, engineAdvice: String? = nil
    ) {
        self.path = path
        self.stage = stage
        self.project = project
        self.versions = versions
        self.buildpacks = buildpacks
        self.problems = problems
        self.suggestedImage = suggestedImage
        self.engine = engine
        self.engineAdvice = engineAdvice
    }
}
