/// What a buildpack tells while it works: values, never log text to be parsed.
public enum BuildpackReport: Sendable, Hashable {
    /// A command began: an id of the buildpack's choosing, unique in this build, and its text for people.
    case commandStarted(id: Int, text: String)
    /// It ended with this status, after so many seconds.
    case commandEnded(id: Int, status: Int32, seconds: Double)
    /// Whole lines of output, of a command or of the buildpack itself.
    case output(text: String, isError: Bool)
    /// A line that the user should read.
    case notice(String)
    /// A problem with a place in the project.
    case diagnostic(Diagnostic)
    /// A layer's folder has so many bytes and files now.
    case layerGrowing(name: String, bytes: Int64, files: Int)
    /// How far a step is: done of total, in the step's own unit.
    case progress(step: String, done: Int, total: Int)
}

/// Takes the reports of one buildpack.
public struct BuildpackReporter: Sendable {
    private let send: @Sendable (BuildpackReport) -> Void

    /// Creates a reporter that hands each report to `send`.
    public init(_ send: @escaping @Sendable (BuildpackReport) -> Void) { self.send = send }

    /// Hands on one report.
    public func callAsFunction(_ report: BuildpackReport) { send(report) }

    /// A reporter that drops everything.
    public static let silent = BuildpackReporter { _ in }
}

/// A problem with a place: what is wrong, where, and what to try.
public struct Diagnostic: Sendable, Hashable, Codable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        case note, warning, error
    }

    /// How bad it is.
    public var severity: Severity
    /// What is wrong, in one line.
    public var text: String
    /// The file, relative to the project's folder.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// What to try.
    public var advice: String?

    /// Creates a diagnostic; by default without place and advice.
    public init(
        _ severity: Severity, _ text: String, file: String? = nil, line: Int? = nil, column: Int? = nil,
        advice: String? = nil
    ) {
        self.severity = severity
        self.text = text
        self.file = file
        self.line = line
        self.column = column
        self.advice = advice
    }
}

/// A buildpack that failed: why, and what the lifecycle should end with.
public struct BuildpackError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is; decides the exit code.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Not the kind of application that the buildpack is for (exit 20).
        case notApplicable
        /// The project cannot be planned: broken mix.exs, no or ambiguous release, version conflict (exit 22).
        case cannotPlan
        /// A command of the build failed (exit 51).
        case commandFailed
        /// An external buildpack's `bin/detect` failed (exit 21, if no other group passes).
        case detectFailed
        /// It follows a Buildpack API that mixpack does not know (exit 12).
        case unsupportedAPI
        /// A rule that the user set does not hold (exit 1).
        case ruleBroken
        /// Anything else in a build (exit 52).
        case other
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What failed, in one line.
    public var message: String
    /// What to try; may have several lines, such as a snippet to paste.
    public var advice: String?
    /// The place in the project, where there is one.
    public var diagnostic: Diagnostic?
    /// Choices that would settle it, such as the names of releases.
    public var choices: [String]

    /// Creates an error; by default without advice, place and choices.
    public init(
        _ kind: Kind, _ message: String, advice: String? = nil, diagnostic: Diagnostic? = nil, choices: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.diagnostic = diagnostic
        self.choices = choices
    }

    /// The message and the advice.
    public var description: String { advice.map { "\(message)\n\($0)" } ?? message }
}
