import BuildpackAPI
import Diagnostics
import Files
import OCIImage

/// One thing that happened in a build, and when.
///
/// A build is an async sequence of these that ends in exactly one terminal event: `finished`, `failed` or `cancelled`.
/// Screens and reports learn everything from them; no one parses log text.
package struct LifecycleEvent: Sendable, Hashable {
    /// Seconds since the build began.
    package var time: Double
    package var kind: Kind

    package init(at time: Double, _ kind: Kind) {
        self.time = time
        self.kind = kind
    }

    package enum Kind: Sendable, Hashable {
        /// The build began; the first event.
        case started(BuildStart)
        case phaseStarted(Phase)
        /// A phase ended, after so many seconds.
        case phaseFinished(Phase, PhaseOutcome, seconds: Double)
        /// A buildpack began its part of a phase.
        case buildpackStarted(Phase, id: String, version: String)
        /// A buildpack ended its part of a phase.
        case buildpackFinished(Phase, id: String, outcome: BuildpackOutcome, reason: String?)
        /// The group and its build plan are settled.
        case planResolved(ResolvedPlan)
        /// A command began; its text has secrets masked.
        case commandStarted(id: Int, buildpack: String, text: String)
        case commandEnded(id: Int, status: Int32, seconds: Double)
        /// A chunk of whole lines of output, secrets masked.
        case output(Output)
        /// A line for the user.
        case notice(String)
        /// A problem with a place in the project.
        case diagnostic(Diagnostic)
        case layer(LayerChange, LayerSummary)
        case progress(step: String, done: Int, total: Int)
        /// Work on one of the project's dependencies began or, with its seconds, ended.
        case dependency(DependencyStep)
        case imageWritten(place: String)
        /// The build is done; terminal.
        case finished(BuildReport)
        /// The build failed; terminal.
        case failed(BuildFailure)
        /// The build was cancelled; terminal.
        case cancelled
    }

    /// Whether this is the last event of a build.
    package var isTerminal: Bool {
        switch kind {
        case .finished, .failed, .cancelled: true
        default: false
        }
    }
}

/// What is about to be built.
package struct BuildStart: Sendable, Hashable, Codable {
    /// The image's name as the user gave it.
    package var image: String
    package var project: String
    package var version: String
    package var logFile: String?

    package init(image: String, project: String, version: String, logFile: String?) {
        self.image = image
        self.project = project
        self.version = version
        self.logFile = logFile
    }
}

package enum PhaseOutcome: String, Sendable, Hashable, Codable {
    case done
    /// Nothing had changed, so that nothing was run.
    case unchanged
    case failed, cancelled
}

/// How a buildpack's part of a phase ended.
package enum BuildpackOutcome: String, Sendable, Hashable, Codable {
    case passed, failed, skipped
}

/// The group that takes part, and who provides what to whom.
package struct ResolvedPlan: Sendable, Hashable, Codable {
    /// One dependency of the plan.
    package struct Entry: Sendable, Hashable, Codable {
        package var name: String
        /// The ids of the buildpacks that can provide it.
        package var providers: [String]
        /// What is asked of it, one item a requirement.
        package var requires: [BuildPlan.Requirement]

        package init(name: String, providers: [String], requires: [BuildPlan.Requirement]) {
            self.name = name
            self.providers = providers
            self.requires = requires
        }
    }

    package var group: [BuildpackReference]
    /// The dependencies, sorted by name.
    package var entries: [Entry]

    package init(group: [BuildpackReference], entries: [Entry]) {
        self.group = group
        self.entries = entries
    }
}

package struct Output: Sendable, Hashable, Codable {
    /// The buildpack that wrote it; `nil` is the lifecycle itself.
    package var buildpack: String?
    /// The command that wrote it, where one did.
    package var command: Int?
    package var isError: Bool
    /// Whole lines, at most 64 KB.
    package var text: String

    package init(buildpack: String? = nil, command: Int? = nil, isError: Bool = false, text: String) {
        self.buildpack = buildpack
        self.command = command
        self.isError = isError
        self.text = text
    }
}

package enum LayerChange: String, Sendable, Hashable, Codable {
    /// Its folder was made in this build.
    case created
    /// Its folder grows; bytes and files so far.
    case growing
    /// It was there from the build before.
    case restored
    /// It has the digest it had in the image before.
    case reused
    /// It is new in the image.
    case exported
    /// It is kept for the next build, not in the image.
    case cached
}

/// A layer on its way through a build, in brief: what events, reports and records say of it.
package struct LayerSummary: Sendable, Hashable, Codable {
    /// What tells layers apart, in one image and from build to build.
    package struct Identity: Sendable, Hashable {
        /// The buildpack's id; `nil` for the layers of the run image and of the lifecycle.
        package var buildpack: String?
        package var name: String
        package var platform: String?
    }

    /// The buildpack's id; `nil` for the layers of the run image and of the lifecycle.
    package var buildpack: String?
    /// The layer's name, for example `release`, `launcher`, `run image 1`.
    package var name: String
    package var types: LayerTypes
    /// The bytes of its files, without the headers of tar.
    package var size: Int64
    package var files: Int?
    /// The digest of the uncompressed tar, once exported.
    package var diffID: Digest?
    /// Why it was made anew or kept.
    package var reason: String?
    /// Its folder on the machine, where it has one.
    package var directory: String?
    /// The platform that alone has it, of several that are built for; `nil` for this machine's and those of all.
    package var platform: String?

    package var identity: Identity { Identity(buildpack: buildpack, name: name, platform: platform) }

    package init(
        buildpack: String?, name: String, types: LayerTypes, size: Int64 = 0, files: Int? = nil, diffID: Digest? = nil,
        reason: String? = nil, directory: String? = nil
    ) {
        self.buildpack = buildpack
        self.name = name
        self.types = types
        self.size = size
        self.files = files
        self.diffID = diffID
        self.reason = reason
        self.directory = directory
    }
}
