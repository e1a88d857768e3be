import FoundationEssentials
import Lifecycle
import Text

/// Writes each event as one line of JSON (docs/events.md).
package struct JSONReporter: Reporter {
    private let sink: TextSink

    package init(to sink: TextSink) { self.sink = sink }

    package mutating func handle(_ event: LifecycleEvent) {
        sink.write(EventLine.bytes(of: event))
    }
}

/// An event as one line of JSON.
struct EventLine: Sendable {
    /// The line, with its newline; keys are sorted and slashes stand as they are.
    static func bytes(of event: LifecycleEvent) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only a time that is not a number could fail; such an event has nothing to say.
        guard let data = try? encoder.encode(event.roundedToMilliseconds) else { return [] }
        return TerminalText.escapedJSON(Array(data)) + [UInt8(ascii: "\n")]
    }
}

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
        case .dependency(var step):
            step.seconds = step.seconds.map(Self.rounded)
            step.secondsLeft = step.secondsLeft.map(Self.rounded)
            return .dependency(step)
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
