import BuildpackAPI
import Diagnostics
import Lifecycle
import Text

/// Writes a build as plain lines: one an event, headed by phase as pack's users know it.
///
/// Layers that grow and steps on their way are left out: a log is no place for what changes all the time.
package struct PlainReporter: Reporter {
    private let sink: TextSink
    private let failureSink: TextSink
    private let showsCommands: Bool
    private let keepsBytes: Bool
    private var commands: [Int: (buildpack: String, text: String)] = [:]
    private var errors: [Diagnostic] = []
    private var names = ShortNames()
    /// Whether more buildpacks may come, so that no short name is safe yet.
    private var isDetecting = false

    /// Creates a reporter.
    /// - Parameters:
    ///   - failureSink: takes why the build failed; by default it goes where the rest goes.
    ///   - showsCommands: whether each command is printed as it is run (`DEBUG`); one that fails always is.
    ///   - keepsBytes: whether output stays as commands wrote it; otherwise a carriage return begins the line again.
    package init(
        to sink: TextSink, failuresTo failureSink: TextSink? = nil, showsCommands: Bool = false,
        keepsBytes: Bool = false
    ) {
        self.sink = sink
        self.failureSink = failureSink ?? sink
        self.showsCommands = showsCommands
        self.keepsBytes = keepsBytes
    }

    package mutating func handle(_ event: LifecycleEvent) {
        switch event.kind {
        case .output(let output):
            let writer = output.buildpack.map { name(of: $0) }
            sink.write(PrefixedLines.bytes(of: output, by: writer, keepsBytes: keepsBytes))
        case .failed(let failure): failureSink.write(closing(failure))
        default: sink.write(text(for: event))
        }
    }

    private mutating func text(for event: LifecycleEvent) -> String {
        switch event.kind {
        case .started(let start): Self.line(start)
        case .phaseStarted(let phase): heading(phase)
        case .phaseFinished(let phase, let outcome, let seconds): Self.line(phase, outcome, seconds)
        case .buildpackStarted(let phase, let id, let version): heading(phase, id: id, version: version)
        case .buildpackFinished(_, let id, let outcome, let reason): Self.line(id: id, outcome, reason)
        case .planResolved(let plan): settled(plan)
        case .commandStarted(let id, let buildpack, let text): started(id, buildpack, text)
        case .commandEnded(let id, let status, let seconds): ended(id, status, seconds)
        case .output, .failed: ""
        case .notice(let text): text + "\n"
        case .diagnostic(let diagnostic): kept(diagnostic)
        case .layer(let change, let layer): told(layer, change)
        case .progress: ""
        case .dependency(let step): step.line.map { $0 + "\n" } ?? ""
        case .imageWritten(let place): "Image written to \(place)\n"
        case .finished(let report): errors.prefix(20).map(PlainText.lines).joined() + ClosingLines.text(for: report)
        case .cancelled: "cancelled; the image and the cache have not changed\n"
        }
    }

    /// Errors of a command come with the last lines: its output has them already where they happened.
    private mutating func kept(_ diagnostic: Diagnostic) -> String {
        guard diagnostic.severity == .error, !commands.isEmpty else { return PlainText.lines(diagnostic) }
        if !errors.contains(diagnostic) { errors.append(diagnostic) }
        return ""
    }

    /// What a buildpack is called; while buildpacks are detected, its whole id.
    private mutating func name(of id: String) -> String {
        guard !isDetecting else { return id }
        names.insert([id])
        return names[id]
    }

    private mutating func heading(_ phase: Phase) -> String {
        isDetecting = phase == .detect
        return "===> \(phase.heading)\n"
    }

    private mutating func settled(_ plan: ResolvedPlan) -> String {
        isDetecting = false
        names.insert(plan.group.map(\.id))
        return Self.lines(plan)
    }

    private mutating func heading(_ phase: Phase, id: String, version: String) -> String {
        phase == .build ? "[\(name(of: id))] \(id) \(version)\n" : ""
    }

    private mutating func told(_ layer: LayerSummary, _ change: LayerChange) -> String {
        names.insert([layer.buildpack].compactMap(\.self))
        return LayerLine.text(for: layer, change, names)
    }

    private mutating func started(_ id: Int, _ buildpack: String, _ text: String) -> String {
        commands[id] = (buildpack, text)
        return showsCommands ? "[\(name(of: buildpack))] $ \(text)\n" : ""
    }

    private mutating func ended(_ id: Int, _ status: Int32, _ seconds: Double) -> String {
        guard let command = commands.removeValue(forKey: id) else { return "" }
        let head = "[\(name(of: command.buildpack))] "
        if status != 0 { return head + "command failed with status \(status): \(command.text)\n" }
        return showsCommands ? head + "done after \(Amount.seconds(seconds))\n" : ""
    }

    private func closing(_ failure: BuildFailure) -> String {
        errors.filter { !failure.repeats($0) }.prefix(20).map(PlainText.lines).joined() + PlainText.lines(failure)
    }
}

extension PlainReporter {
    private static func line(_ start: BuildStart) -> String {
        "mixpack \(start.version): \(start.project) to \(start.image)\n"
            + (start.logFile.map { "Log: \($0)\n" } ?? "")
    }

    private static func line(_ phase: Phase, _ outcome: PhaseOutcome, _ seconds: Double) -> String {
        switch outcome {
        case .done: ""
        case .unchanged: "nothing changed since the last build\n"
        case .failed: "\(phase.rawValue) failed after \(Amount.seconds(seconds))\n"
        case .cancelled: "\(phase.rawValue) cancelled after \(Amount.seconds(seconds))\n"
        }
    }

    private static func line(id: String, _ outcome: BuildpackOutcome, _ reason: String?) -> String {
        let why = reason.map { ": \($0)" } ?? ""
        switch outcome {
        case .passed: return reason == nil ? "" : "pass: \(id)\(why)\n"
        case .failed: return "fail: \(id)\(why)\n"
        case .skipped: return "skip: \(id)\(why)\n"
        }
    }

    private static func lines(_ plan: ResolvedPlan) -> String {
        let width = plan.group.map(\.id.count).max() ?? 0
        return plan.group.map { reference in
            let padding = String(repeating: " ", count: width - reference.id.count)
            return reference.id + (reference.version.map { "\(padding) \($0)" } ?? "") + "\n"
        }.joined()
    }
}

/// Writes why the build failed, and other errors before it.
package struct QuietReporter: Reporter {
    private let sink: TextSink
    private var errors: [Diagnostic] = []

    package init(to sink: TextSink) { self.sink = sink }

    /// Writes the event, if it ends the build.
    package mutating func handle(_ event: LifecycleEvent) {
        switch event.kind {
        case .diagnostic(let diagnostic) where diagnostic.severity == .error:
            if !errors.contains(diagnostic) { errors.append(diagnostic) }
        case .failed(let failure):
            errors.filter { !failure.repeats($0) }.forEach { sink.write(PlainText.lines($0)) }
            sink.write(PlainText.lines(failure))
        case .finished: errors.forEach { sink.write(PlainText.lines($0)) }
        case .cancelled: sink.write("cancelled\n")
        default: break
        }
    }
}
