/// Why a project cannot be looked at or planned: what is wrong, where, and what to try.
public struct MixError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// What kind of failure it is; decides the exit code.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The folder holds no mix project (exit 20).
        case notMixProject
        /// No Elixir or no Erlang on this machine (exit 22).
        case noToolchain
        /// mix.exs does not compile, raises, or takes too long (exit 22).
        case brokenMixFile
        /// Several releases and none chosen; `choices` names them (exit 22).
        case ambiguousRelease
        /// A release that there is not; `choices` names those there are (exit 22).
        case unknownRelease
        /// A name that Mix refuses (exit 22).
        case invalidReleaseName
        /// An umbrella without releases; `advice` holds a snippet to paste (exit 22).
        case releasesNeeded
        /// The installed Elixir or OTP is not what the project asks for (exit 22).
        case versionConflict
        /// Something that no build could get right, such as a dependency outside the project's folder (exit 22).
        case cannotPlan
        /// A file cannot be read or written (exit 22).
        case fileFailed
        /// Without a sandbox the project's code would run as the user, who has not said yes to that (exit 3).
        case untrusted
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What is wrong, in one line.
    public var message: String
    /// The file, relative to the project's folder, where there is one.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// What to try; may have several lines, such as a snippet to paste.
    public var advice: String?
    /// Choices that would settle it, such as the names of releases.
    public var choices: [String]

    /// Creates an error; by default without place, advice and choices.
    public init(
        _ kind: Kind, _ message: String, file: String? = nil, line: Int? = nil, advice: String? = nil,
        choices: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line
        self.advice = advice
        self.choices = choices
    }

    /// The exit code that the command line ends with.
    public var exitCode: Int32 {
        switch kind {
        case .notMixProject: 20
        case .untrusted: 3
        case .noToolchain, .brokenMixFile, .ambiguousRelease, .unknownRelease, .invalidReleaseName, .releasesNeeded,
            .versionConflict, .cannotPlan, .fileFailed:
            22
        }
    }

    /// The place, the message and the advice.
    public var description: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return place + message + (advice.map { "\n\($0)" } ?? "")
    }
}
