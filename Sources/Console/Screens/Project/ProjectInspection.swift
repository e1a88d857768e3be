import Diagnostics
import MixInspection
import SystemPackage

/// What is known of a project so far: the Project screen's content, handed over anew whenever more is known.
package struct ProjectInspection: Sendable, Hashable {
    /// How far the look at the project is.
    package enum Stage: Sendable, Hashable {
        /// Files are read; no code of the project has run.
        case reading
        /// mix.exs is being evaluated.
        case evaluating
        /// All is known that will be.
        case settled
    }

    /// A tool's version: what is there and what the project wants.
    package struct Version: Sendable, Hashable {
        /// The tool, for example `Elixir`.
        package var tool: String
        /// The version that is installed; `nil` where it is missing.
        package var found: String?
        /// Where it was found.
        package var foundIn: String?
        /// What the project asks for; `nil` where it asks for nothing.
        package var required: String?
        /// Where it asks, for example `mix.exs` or `.tool-versions`.
        package var requiredBy: String?
        /// Whether what is there will do.
        package var isSatisfied: Bool

        package init(
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
    package struct PlannedBuildpack: Sendable, Hashable {
        package var id: String
        package var version: String
        /// What it would do, in one line.
        package var purpose: String
        /// Whether it fits; `nil` before that is known.
        package var passes: Bool?

        package init(id: String, version: String, purpose: String, passes: Bool? = nil) {
            self.id = id
            self.version = version
            self.purpose = purpose
            self.passes = passes
        }
    }

    /// The project's folder.
    package var path: FilePath
    /// How far the look is.
    package var stage: Stage
    /// The project; `nil` until it is known, and for good where the folder holds none.
    package var project: MixProject?
    /// The tools' versions.
    package var versions: [Version]
    /// The buildpacks, in order.
    package var buildpacks: [PlannedBuildpack]
    /// What project.toml says, a line a key; empty where there is none.
    package var projectFile: [String] = []
    /// The release that project.toml names.
    package var fileRelease: String?
    /// The distribution profile that project.toml names.
    package var fileDistribution: String?
    /// The builder that project.toml or config.toml names.
    package var namedBuilder: String?
    /// The programs of the machine that project.toml asks for in the image.
    package var filePrograms: [String] = []
    /// The folders that are left out of the copy, although project.toml could take them.
    package var leftOut: [String] = []
    /// The folder around the project that config.toml names.
    package var configuredContext: FilePath?
    /// Problems that are not in the project's own findings: no mix project, no Elixir, a version conflict.
    package var problems: [Diagnostic]
    /// Whether mix.exs was not evaluated because there is no sandbox and the user does not trust the project yet.
    package var needsTrust = false
    /// The image name to propose.
    package var suggestedImage: String
    /// The container engine that answers, for example `podman 4.3.1`; `nil` where none does.
    package var engine: String?
    /// What to do to get an engine, where none answers.
    package var engineAdvice: String?

    /// Creates an inspection; by default one that has just begun.
    package init(
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
