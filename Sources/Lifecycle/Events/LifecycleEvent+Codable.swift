import BuildpackAPI
import Diagnostics

// An event is one flat JSON object: `time`, `event`, and the event's own fields beside them (docs/events.md).

extension LifecycleEvent: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        let name = try fields.decode(Name.self, forKey: .event)
        self.init(
            at: try fields.decode(Double.self, forKey: .time), try Kind(name, fields, from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(time, forKey: .time)
        try fields.encode(name, forKey: .event)
        try kind.encode(into: &fields, of: encoder)
    }

    /// The fields that events write themselves; the others come from the value that an event carries.
    enum Field: String, CodingKey {
        case time, event, phase, outcome, seconds, id, version, reason, buildpack, text, status, step, done, total,
            place, change, layer
    }
}

extension LifecycleEvent.Kind {
    typealias Fields = KeyedDecodingContainer<LifecycleEvent.Field>

    fileprivate init(_ name: LifecycleEvent.Name, _ fields: Fields, from decoder: any Decoder) throws {
        switch name {
        case .buildStarted: self = .started(try BuildStart(from: decoder))
        case .phaseStarted, .phaseFinished: self = try Self.phase(name, fields)
        case .buildpackStarted, .buildpackFinished: self = try Self.buildpack(name, fields)
        case .commandStarted, .commandEnded: self = try Self.command(name, fields)
        case .planResolved: self = .planResolved(try ResolvedPlan(from: decoder))
        case .output: self = .output(try Output(from: decoder))
        case .notice: self = .notice(try fields.decode(String.self, forKey: .text))
        case .diagnostic: self = .diagnostic(try Diagnostic(from: decoder))
        case .layer:
            self = .layer(
                try fields.decode(LayerChange.self, forKey: .change),
                try fields.decode(LayerSummary.self, forKey: .layer))
        case .progress: self = try Self.progress(fields)
        case .dependency: self = .dependency(try DependencyStep(from: decoder))
        case .imageWritten: self = .imageWritten(place: try fields.decode(String.self, forKey: .place))
        case .buildFinished: self = .finished(try BuildReport(from: decoder))
        case .buildFailed: self = .failed(try BuildFailure(from: decoder))
        case .buildCancelled: self = .cancelled
        }
    }

    private static func phase(_ name: LifecycleEvent.Name, _ fields: Fields) throws -> Self {
        let phase = try fields.decode(Phase.self, forKey: .phase)
        guard name == .phaseFinished else { return .phaseStarted(phase) }
        return .phaseFinished(
            phase, try fields.decode(PhaseOutcome.self, forKey: .outcome),
            seconds: try fields.decode(Double.self, forKey: .seconds))
    }

    private static func buildpack(_ name: LifecycleEvent.Name, _ fields: Fields) throws -> Self {
        let phase = try fields.decode(Phase.self, forKey: .phase)
        let id = try fields.decode(String.self, forKey: .buildpack)
        guard name == .buildpackFinished else {
            return .buildpackStarted(phase, id: id, version: try fields.decode(String.self, forKey: .version))
        }
        return .buildpackFinished(
            phase, id: id, outcome: try fields.decode(BuildpackOutcome.self, forKey: .outcome),
            reason: try fields.decodeIfPresent(String.self, forKey: .reason))
    }

    private static func command(_ name: LifecycleEvent.Name, _ fields: Fields) throws -> Self {
        let id = try fields.decode(Int.self, forKey: .id)
        guard name == .commandEnded else {
            return .commandStarted(
                id: id, buildpack: try fields.decode(String.self, forKey: .buildpack),
                text: try fields.decode(String.self, forKey: .text))
        }
        return .commandEnded(
            id: id, status: try fields.decode(Int32.self, forKey: .status),
            seconds: try fields.decode(Double.self, forKey: .seconds))
    }

    private static func progress(_ fields: Fields) throws -> Self {
        .progress(
            step: try fields.decode(String.self, forKey: .step), done: try fields.decode(Int.self, forKey: .done),
            total: try fields.decode(Int.self, forKey: .total))
    }

    fileprivate func encode(
        into fields: inout KeyedEncodingContainer<LifecycleEvent.Field>, of encoder: any Encoder
    ) throws {
        switch self {
        case .started(let start): try start.encode(to: encoder)
        case .phaseStarted(let phase): try fields.encode(phase, forKey: .phase)
        case .phaseFinished(let phase, let outcome, let seconds):
            try fields.encode(phase, forKey: .phase)
            try fields.encode(outcome, forKey: .outcome)
            try fields.encode(seconds, forKey: .seconds)
        case .buildpackStarted(let phase, let id, let version):
            try fields.encode(phase, forKey: .phase)
            try fields.encode(id, forKey: .buildpack)
            try fields.encode(version, forKey: .version)
        case .buildpackFinished(let phase, let id, let outcome, let reason):
            try fields.encode(phase, forKey: .phase)
            try fields.encode(id, forKey: .buildpack)
            try fields.encode(outcome, forKey: .outcome)
            try fields.encodeIfPresent(reason, forKey: .reason)
        case .commandStarted(let id, let buildpack, let text):
            try fields.encode(id, forKey: .id)
            try fields.encode(buildpack, forKey: .buildpack)
            try fields.encode(text, forKey: .text)
        case .commandEnded(let id, let status, let seconds):
            try fields.encode(id, forKey: .id)
            try fields.encode(status, forKey: .status)
            try fields.encode(seconds, forKey: .seconds)
        case .notice(let text): try fields.encode(text, forKey: .text)
        case .progress(let step, let done, let total):
            try fields.encode(step, forKey: .step)
            try fields.encode(done, forKey: .done)
            try fields.encode(total, forKey: .total)
        case .imageWritten(let place): try fields.encode(place, forKey: .place)
        case .dependency(let value): try value.encode(to: encoder)
        case .planResolved(let value): try value.encode(to: encoder)
        case .output(let value): try value.encode(to: encoder)
        case .diagnostic(let value): try value.encode(to: encoder)
        case .layer(let change, let layer):
            try fields.encode(change, forKey: .change)
            try fields.encode(layer, forKey: .layer)
        case .finished(let value): try value.encode(to: encoder)
        case .failed(let value): try value.encode(to: encoder)
        case .cancelled: break
        }
    }
}

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
        case dependency
        case imageWritten = "image-written"
        case buildFinished = "build-finished"
        case buildFailed = "build-failed"
        case buildCancelled = "build-cancelled"
    }

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
        case .dependency: .dependency
        case .imageWritten: .imageWritten
        case .finished: .buildFinished
        case .failed: .buildFailed
        case .cancelled: .buildCancelled
        }
    }
}
