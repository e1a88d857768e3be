import Lifecycle

/// Writes errors only: those with a place as they come, and why the build failed.
package struct QuietReporter: Reporter {
    private let sink: TextSink

    package init(to sink: TextSink) { self.sink = sink }

    /// Writes the event, if it is an error.
    package mutating func handle(_ event: LifecycleEvent) {
        switch event.kind {
        case .diagnostic(let diagnostic) where diagnostic.severity == .error:
            sink.write(PlainText.lines(diagnostic))
        case .failed(let failure): sink.write(PlainText.lines(failure))
        case .cancelled: sink.write("cancelled\n")
        default: break
        }
    }
}
