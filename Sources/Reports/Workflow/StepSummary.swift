import Lifecycle
import Text

/// What a step of GitHub Actions did, as Markdown: the image, a table of its layers, and how long each phase took.
struct StepSummary {
    private var changes: [LayerSummary.Identity: (change: LayerChange, reason: String?)] = [:]
    private var last: LifecycleEvent?

    /// Takes the next event.
    mutating func take(_ event: LifecycleEvent) {
        if case .layer(let change, let layer) = event.kind, change == .reused || change == .exported {
            changes[layer.identity] = (change, layer.reason)
        }
        if event.isTerminal { last = event }
    }

    /// The text; empty before the build has ended.
    var markdown: String {
        switch last?.kind {
        case .finished(let report): text(of: report)
        case .failed(let failure):
            "### mixpack: the build failed\n\n<pre>\(Self.escaped(PlainText.lines(failure)))</pre>\n"
        case .cancelled: "### mixpack: the build was cancelled\n"
        default: ""
        }
    }

    private func text(of report: BuildReport) -> String {
        let title = report.isUnchanged ? "has not changed" : "is built"
        let facts = ClosingLines.facts(of: report)
        return "### mixpack: \(Self.code(report.image)) \(title), in \(Amount.seconds(report.seconds))\n\n"
            + Self.table(["", ""], facts.map { [$0, Self.code($1)] })
            + Self.table(
                ["Layer", "Size", "Files", "This build"],
                report.layers.map { row(of: $0, ShortNames(of: report.layers)) })
            + Self.table(
                ["Phase", "Time"], report.phases.map { [$0.phase.rawValue, Amount.seconds($0.seconds)] })
    }

    private func row(of layer: LayerSummary, _ names: ShortNames) -> [String] {
        let change = changes[layer.identity]
        let verb =
            switch change?.change {
            case .reused: "the same as before"
            case .exported: "new"
            default: ""
            }
        let reason = (change?.reason ?? layer.reason).flatMap { $0.isEmpty ? nil : $0 }
        return [
            Self.code(names[layer]), Amount.bytes(layer.size), layer.files.map(Amount.grouped) ?? "",
            [verb, reason.map(Self.escaped) ?? ""].filter { !$0.isEmpty }.joined(separator: ": "),
        ]
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined() + "\n"
    }

    private static func code(_ text: String) -> String { text.isEmpty ? "" : "<code>\(escaped(text))</code>" }

    /// The text as Markdown shows it in a cell of a table: no markup, no end of the cell.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n", "\r": result += "&#10;"
            case "&", "<", ">", "|", "`", "*", "_", "[", "]", "\\", "~", "#", "@", "$", ":":
                result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
