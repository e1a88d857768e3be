import Diagnostics
import Lifecycle

/// Writes a build for GitHub Actions: plain lines, a group for each phase, problems as annotations, and a summary of the step.
///
/// All plain lines are fenced: what a project prints, or calls its files, is no command to the runner.
package struct WorkflowReporter: Reporter {
    /// The files that the runner names to each step; `nil` where it names none.
    package struct StepFiles: Sendable {
        /// `GITHUB_STEP_SUMMARY`: takes Markdown.
        let summary: TextSink?
        /// `GITHUB_OUTPUT`: takes `name=value`.
        let outputs: TextSink?

        package init(summary: TextSink? = nil, outputs: TextSink? = nil) {
            self.summary = summary
            self.outputs = outputs
        }
    }

    private let sink: TextSink
    private let folder: String
    private let files: StepFiles
    private let fence: WorkflowFence
    private var plain: PlainReporter
    private var isInGroup = false
    private var annotated: Set<Diagnostic> = []
    private var summary = StepSummary()

    /// Creates a reporter, and fences all that follows.
    /// - Parameters:
    ///   - sink: the step's output.
    ///   - folder: the project's folder in the repository, without slashes around it; empty for the repository itself.
    ///   - files: where the summary and the step's outputs go.
    package init(
        to sink: TextSink, folder: String = "", files: StepFiles = StepFiles(), fence: WorkflowFence = WorkflowFence(),
        showsCommands: Bool = false
    ) {
        self.sink = sink
        self.folder = folder
        self.files = files
        self.fence = fence
        plain = PlainReporter(to: sink, showsCommands: showsCommands)
        sink.write(fence.start)
    }

    package mutating func handle(_ event: LifecycleEvent) {
        summary.take(event)
        switch event.kind {
        case .phaseStarted(let phase):
            command([endOfGroup, WorkflowCommand(name: "group", message: phase.heading)])
            isInGroup = true
        case .phaseFinished:
            plain.handle(event)
            command([endOfGroup])
            isInGroup = false
        case .diagnostic(let diagnostic):
            plain.handle(event)
            annotate(diagnostic)
        case .failed, .finished, .cancelled: end(with: event)
        case .started, .buildpackStarted, .buildpackFinished, .planResolved, .commandStarted, .commandEnded, .output,
            .notice, .layer, .progress, .dependency, .imageWritten:
            plain.handle(event)
        }
    }

    /// The last lines stand outside of the groups, which the runner folds.
    private mutating func end(with event: LifecycleEvent) {
        command([endOfGroup])
        plain.handle(event)
        if case .failed(let failure) = event.kind, !annotated.contains(where: failure.repeats) {
            command([annotation("error", failure.message, failure.file, failure.line)])
        }
        sink.write(fence.end)
        files.summary?.write(summary.markdown)
        if case .finished(let report) = event.kind { files.outputs?.write(Self.outputs(of: report)) }
    }

    private mutating func annotate(_ diagnostic: Diagnostic) {
        guard annotated.insert(diagnostic).inserted else { return }
        let name =
            switch diagnostic.severity {
            case .note: "notice"
            case .warning: "warning"
            case .error: "error"
            }
        command([annotation(name, diagnostic.text, diagnostic.file, diagnostic.line)])
    }

    private func annotation(_ name: String, _ text: String, _ file: String?, _ line: Int?) -> WorkflowCommand {
        let file = file.map { folder.isEmpty || $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        return .annotation(name, text, file: file, line: line)
    }

    private var endOfGroup: WorkflowCommand? { isInGroup ? WorkflowCommand(name: "endgroup") : nil }

    private func command(_ commands: [WorkflowCommand?]) {
        let commands = commands.compactMap(\.self)
        if !commands.isEmpty { sink.write(fence.opened(for: commands)) }
    }

    /// The step's outputs: the image's name, its digest, and what pulls it, a line each.
    private static func outputs(of report: BuildReport) -> String {
        let digest = report.pushed?.first?.digest ?? report.manifestDigest
        let tags = report.pushed.map { $0.map(\.reference) } ?? [report.image]
        let delimiter = WorkflowFence.randomToken()
        return "image=\(report.image)\ndigest=\(digest)\ntags<<\(delimiter)\n"
            + tags.map { $0 + "\n" }.joined() + delimiter + "\n"
    }
}
