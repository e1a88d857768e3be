extension Failure {
    /// What kind of failure it is; the lifecycle's `ExitCode` gives each its exit code.
    package enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        // How the program was called.
        /// Wrong usage, path or setting.
        case usage
        /// Without a sandbox the project's code would run as the user, who has not agreed to that.
        case untrusted
        /// Links lead out of the project; `choices` names the paths that the user may open to the build.
        case outsideLinks

        // What the project is.
        /// There is no mix project in the folder.
        case notMixProject
        /// The project is not of the kind that the buildpack is for.
        case notApplicable
        /// There is no Elixir or no Erlang to build with.
        case noToolchain
        /// mix.exs does not compile, raises, or takes too long.
        case brokenMixFile
        /// There are several releases and none is chosen; `choices` names them.
        case ambiguousRelease
        /// There is no such release; `choices` names those there are.
        case unknownRelease
        /// Mix refuses the release's name.
        case invalidReleaseName
        /// An umbrella has no releases; `advice` holds a snippet to paste.
        case releasesNeeded
        /// The installed Elixir or OTP is not what the project asks for; `choices` names what there is.
        case versionConflict
        /// Anything else that no build could get right.
        case cannotPlan

        // What a phase did.
        /// A buildpack's detection failed.
        case detectFailed
        /// The program of an image extension failed.
        case extensionFailed
        /// Anything else about what an image extension made.
        case generateFailed
        /// A buildpack follows a Buildpack API that mixpack does not know.
        case unsupportedAPI
        /// The previous image, the run image or the cache cannot be used.
        case analysisFailed
        /// A command of the build failed.
        case commandFailed
        /// Anything else in a build failed.
        case buildFailed
        /// The image cannot be made or written.
        case exportFailed
        /// The image cannot be rebased.
        case rebaseFailed
        /// A rule that the user set does not hold.
        case ruleBroken
        /// A secret would get into the image; `choices` names it, and the user may allow it.
        case secretFound

        // Files, formats and servers.
        /// The bytes or the text are not what they should be.
        case malformed
        /// The content does not have the digest that names it.
        case digestMismatch
        /// A file changed while it was read.
        case changed
        /// There is no such thing.
        case notFound
        /// A size, count or depth is over the limit.
        case overLimit
        /// A file cannot be read.
        case unreadable
        /// A file cannot be written.
        case unwritable
        /// A server or engine refused, or did not answer.
        case transport
        /// A file that the build needs cannot be fetched, or is not what came.
        case fetchFailed
        /// It is well-formed, but this program or machine does not do it.
        case unsupported
        /// A program cannot be started.
        case notRunnable
        /// There is no terminal to draw on.
        case noTerminal
        /// Something that the user asked the console for cannot be done.
        case refused

        /// Whether the buildpack has nothing to do here, rather than failing.
        package var isNotApplicable: Bool { self == .notApplicable || self == .notMixProject }
    }
}
