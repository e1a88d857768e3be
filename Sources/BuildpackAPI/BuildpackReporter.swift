import Diagnostics

/// What a buildpack tells while it works: values, never log text to be parsed.
package enum BuildpackReport: Sendable, Hashable {
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
    /// Work on a dependency began or, with its seconds, ended.
    case dependency(DependencyStep)
}

package struct BuildpackReporter: Sendable {
    private let send: @Sendable (BuildpackReport) -> Void

    package init(_ send: @escaping @Sendable (BuildpackReport) -> Void) { self.send = send }

    package func callAsFunction(_ report: BuildpackReport) { send(report) }

    /// A reporter that drops everything.
    package static let silent = BuildpackReporter { _ in }
}
