import BuildpackAPI
import Diagnostics
import Lifecycle

extension BuildState {
    /// Takes in one event.
    package mutating func fold(_ event: LifecycleEvent) {
        time = max(time, event.time)
        switch event.kind {
        case .output(let output):
            log.append(output.text, kind: output.isError ? .errorOutput : .output, time: event.time)
        case .started(let start): self.start = start
        case .phaseStarted(let phase): begin(phase, at: event.time)
        case .phaseFinished(let phase, let outcome, let seconds): end(phase, outcome, seconds)
        case .buildpackStarted(let phase, let id, let version): begin(buildpack: id, version, in: phase, at: event.time)
        case .buildpackFinished(let phase, let id, let outcome, let reason):
            end(buildpack: id, outcome, reason, in: phase, at: event.time)
        case .planResolved(let plan): self.plan = plan
        case .commandStarted(let id, let buildpack, let text): begin(command: id, buildpack, text, at: event.time)
        case .commandEnded(let id, let status, let seconds): end(command: id, status, seconds)
        case .notice(let text): log.append(text + "\n", kind: .notice, time: event.time)
        case .diagnostic(let diagnostic): add(diagnostic, at: event.time)
        case .layer(let change, let layer): apply(change, to: layer)
        case .progress(let step, let done, let total): progress = StepProgress(step: step, done: done, total: total)
        case .dependency(let step): note(step, at: event.time)
        case .imageWritten(let place): places.append(place)
        case .finished(let report): conclude(.finished(report))
        case .failed(let failure): conclude(.failed(failure))
        case .cancelled: conclude(.cancelled)
        }
    }

    private mutating func note(_ step: DependencyStep, at time: Double) {
        let isDone = step.seconds != nil
        progress = StepProgress(
            step: "\(step.work.rawValue) \(step.name)", done: isDone ? step.number : step.number - 1, total: step.total)
        if isDone, step.number == step.total { progress = nil }
        if let line = step.line { log.append(line + "\n", kind: .notice, time: time) }
        dependency = isDone ? nil : DependencyProgress(step: step, since: time)
    }

    /// Takes in that the events stopped: without a terminal one, the build is lost.
    package mutating func foldEnd() {
        if outcome == nil { conclude(.lost) }
    }

    private mutating func begin(_ phase: Phase, at time: Double) {
        update(phase) { $0.status = .running(since: time) }
        closePhaseSection(seconds: nil, hasFailed: false)
        openPhaseSection = sections.count
        sections.append(LogSection(kind: .phase(phase), heading: log.endLine))
        log.append("===> \(phase.heading)\n", kind: .phase, time: time)
        (progress, dependency) = (nil, nil)
    }

    private mutating func end(_ phase: Phase, _ outcome: PhaseOutcome, _ seconds: Double) {
        update(phase) { $0.status = .ended(outcome, seconds: seconds) }
        closePhaseSection(seconds: seconds, hasFailed: outcome == .failed)
        (progress, dependency) = (nil, nil)
    }

    private mutating func closePhaseSection(seconds: Double?, hasFailed: Bool) {
        guard let open = openPhaseSection else { return }
        sections[open].end = log.endLine
        sections[open].seconds = seconds
        sections[open].hasFailed = hasFailed
        openPhaseSection = nil
    }

    private mutating func begin(buildpack id: String, _ version: String, in phase: Phase, at time: Double) {
        update(phase) { $0.buildpacks.append(.init(id: id, version: version)) }
        if phase == .build { log.append("\(id) \(version)\n", kind: .buildpack, time: time) }
    }

    private mutating func end(
        buildpack id: String, _ outcome: BuildpackOutcome, _ reason: String?, in phase: Phase, at time: Double
    ) {
        update(phase) { progress in
            guard let index = progress.buildpacks.lastIndex(where: { $0.id == id }) else {
                progress.buildpacks.append(.init(id: id, version: "", outcome: outcome, reason: reason))
                return
            }
            progress.buildpacks[index].outcome = outcome
            progress.buildpacks[index].reason = reason
        }
        guard phase == .detect else { return }
        log.append("\(outcome.rawValue): \(id)\(reason.map { " (\($0))" } ?? "")\n", kind: .buildpack, time: time)
    }

    private mutating func begin(command id: Int, _ buildpack: String, _ text: String, at time: Double) {
        commandIndices[id] = commands.count
        commands.append(CommandProgress(id: id, buildpack: buildpack, text: text, start: time))
        sections.append(LogSection(kind: .command(id), heading: log.endLine))
        let oneLine = String(text.map { $0.isNewline ? " " : $0 })
        log.append("$ \(oneLine)\n", kind: .command, time: time)
    }

    private mutating func end(command id: Int, _ status: Int32, _ seconds: Double) {
        dependency = nil
        guard let index = commandIndices[id] else { return }
        commands[index].status = status
        commands[index].seconds = seconds
        guard let section = sections.lastIndex(where: { $0.kind == .command(id) }) else { return }
        sections[section].end = log.endLine
        sections[section].seconds = seconds
        sections[section].hasFailed = status != 0
    }

    private mutating func add(_ diagnostic: Diagnostic, at time: Double) {
        switch diagnostic.severity {
        case .error: errorCount += 1
        case .warning: warningCount += 1
        case .note: break
        }
        let kind: LogLine.Kind =
            diagnostic.severity == .error ? .error : diagnostic.severity == .warning ? .warning : .notice
        if let line = printedLine(of: diagnostic) {
            log.mark(line, as: kind)
            problems.append(BuildProblem(diagnostic: diagnostic, line: line))
            return
        }
        let problem = BuildProblem(diagnostic: diagnostic, line: log.endLine)
        problems.append(problem)
        let place = problem.place.map { "\($0): " } ?? ""
        log.append("\(place)\(diagnostic.severity.rawValue): \(diagnostic.text)\n", kind: kind, time: time)
    }

    /// The line in which a command printed the message itself, which then is not repeated.
    ///
    /// Messages come in the order of the output, so the search goes on behind the last one.
    private func printedLine(of diagnostic: Diagnostic) -> Int? {
        let text = diagnostic.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        // A short text is in lines that mean something else.
        guard text.utf8.count >= 12 else { return nil }
        let start = max(log.firstLine, log.endLine - 4000)
        let last = problems.last.map { $0.line + 1 } ?? start
        return log.firstOutput(with: text, in: max(start, last)..<max(start, last, log.endLine))
            ?? log.firstOutput(with: text, in: start..<log.endLine)
    }

    private mutating func apply(_ change: LayerChange, to layer: LayerSummary) {
        guard let index = layerIndices[layer.identity] else {
            layerIndices[layer.identity] = layers.count
            // Of a layer that is not a cache only the metadata is restored: that says nothing of its size.
            let restored = change == .restored && layer.size > 0 ? layer.size : nil
            layers.append(LayerProgress(layer: layer, change: change, restoredSize: restored))
            return
        }
        let known = layers[index].layer
        layers[index].layer = layer.filled(from: known)
        layers[index].change = change
    }

    private mutating func conclude(_ outcome: BuildOutcome) {
        self.outcome = outcome
        (progress, dependency) = (nil, nil)
        for index in phases.indices {
            guard case .running(let since) = phases[index].status else { continue }
            let word: PhaseOutcome =
                if case .finished = outcome { .done } else if outcome == .cancelled { .cancelled } else { .failed }
            phases[index].status = .ended(word, seconds: max(0, time - since))
        }
        closePhaseSection(seconds: nil, hasFailed: false)
        switch outcome {
        case .finished: return
        case .cancelled:
            endOpenParts(as: .skipped)
            // A command that was told to end has not failed.
            if let last = sections.lastIndex(where: { !$0.kind.isPhase }) { sections[last].hasFailed = false }
        case .lost: endOpenParts(as: .failed)
        case .failed(let failure):
            endOpenParts(as: failure.asks ? .skipped : .failed)
            if failure.asks { turnIntoQuestion() }
            append(failure)
        }
    }

    /// Nothing has failed where an answer is all that is missing.
    private mutating func turnIntoQuestion() {
        for index in phases.indices {
            guard case .ended(.failed, let seconds) = phases[index].status else { continue }
            phases[index].status = .asked(seconds: seconds)
        }
        for index in sections.indices where sections[index].kind.isPhase { sections[index].hasFailed = false }
    }

    /// Nothing goes on after the end: what was at work did not get there.
    private mutating func endOpenParts(as outcome: BuildpackOutcome) {
        for index in phases.indices {
            for part in phases[index].buildpacks.indices where phases[index].buildpacks[part].outcome == nil {
                phases[index].buildpacks[part].outcome = outcome
            }
        }
        for index in layers.indices where layers[index].change == .growing { layers[index].isUnfinished = true }
    }

    /// Adds why the build failed: as a problem, unless an error says it already or it is only a question.
    private mutating func append(_ failure: BuildFailure) {
        if !problems.contains(where: { failure.repeats($0.diagnostic) }) {
            if failure.file != nil || (errorCount == 0 && !failure.asks) {
                add(
                    Diagnostic(
                        .error, failure.message, file: failure.file, line: failure.line, advice: failure.advice),
                    at: time)
            } else {
                log.append("\(failure.message)\n", kind: .error, time: time)
            }
        }
    }

    private mutating func update(_ phase: Phase, _ body: (inout PhaseProgress) -> Void) {
        guard let index = phases.firstIndex(where: { $0.phase == phase }) else { return }
        body(&phases[index])
    }
}

extension LayerSummary {
    /// The summary with what a later event left out taken from an earlier one.
    func filled(from known: LayerSummary) -> LayerSummary {
        var result = self
        result.files = files ?? known.files
        result.diffID = diffID ?? known.diffID
        result.reason = reason ?? known.reason
        result.directory = directory ?? known.directory
        if types.isEmpty { result.types = known.types }
        return result
    }
}
