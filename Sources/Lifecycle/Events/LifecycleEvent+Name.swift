extension LifecycleEvent {
    /// The kinds of event by the names that JSON gives them.
    package enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        case buildStarted = "build-started"
        case phaseStarted = "phase-started"
        case phaseFinished = "phase-finished"
        case buildpackStarted = "buildpack-started"
        case buildpackFinished = "buildpack-finished"
        case planResolved = "plan-resolved"
        case commandStarted = "command-started"
        case commandEnded = "command-ended"
        case output
        case notice
        case diagnostic
        case layer
        case progress
        case imageWritten = "image-written"
        case buildFinished = "build-finished"
        case buildFailed = "build-failed"
        case buildCancelled = "build-cancelled"
    }

    /// The event's name.
    package var name: Name {
        switch kind {
        case .started: .buildStarted
        case .phaseStarted: .phaseStarted
        case .phaseFinished: .phaseFinished
        case .buildpackStarted: .buildpackStarted
        case .buildpackFinished: .buildpackFinished
        case .planResolved: .planResolved
        case .commandStarted: .commandStarted
        case .commandEnded: .commandEnded
        case .output: .output
        case .notice: .notice
        case .diagnostic: .diagnostic
        case .layer: .layer
        case .progress: .progress
        case .imageWritten: .imageWritten
        case .finished: .buildFinished
        case .failed: .buildFailed
        case .cancelled: .buildCancelled
        }
    }
}
