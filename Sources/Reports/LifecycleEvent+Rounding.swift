import Lifecycle

extension LifecycleEvent {
    /// The same event with its times rounded to milliseconds, as it is written down.
    var roundedToMilliseconds: LifecycleEvent {
        LifecycleEvent(at: Self.rounded(time), roundedKind)
    }

    private var roundedKind: Kind {
        switch kind {
        case .phaseFinished(let phase, let outcome, let seconds):
            return .phaseFinished(phase, outcome, seconds: Self.rounded(seconds))
        case .commandEnded(let id, let status, let seconds):
            return .commandEnded(id: id, status: status, seconds: Self.rounded(seconds))
        case .finished(var report):
            report.seconds = Self.rounded(report.seconds)
            report.phases = report.phases.map { .init(phase: $0.phase, seconds: Self.rounded($0.seconds)) }
            return .finished(report)
        default:
            return kind
        }
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
