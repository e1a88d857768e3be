import Lifecycle
import Text

/// The last lines of a build that succeeded: where the image is, what is in it, and how it is run.
package enum ClosingLines {
    /// The lines, also for the normal screen after the console.
    package static func text(for report: BuildReport) -> String {
        let head = report.isUnchanged ? "Image \(report.image) has not changed" : "Image \(report.image) is built"
        return "\n\(head), in \(Amount.seconds(report.seconds))\n"
            + table(facts(of: report) + layersAndTimes(of: report)) + loading(report)
            + trying(report) + running(report)
    }

    /// Why no engine has the image, where one might have.
    private static func loading(_ report: BuildReport) -> String {
        guard let silence = report.notLoaded else { return "" }
        let advice = silence.advice.map { "  \($0)\n" } ?? ""
        return "\nNot loaded into a container engine: \(silence.text)\n\(advice)"
    }

    /// Why the release was not started, if that was asked for.
    private static func trying(_ report: BuildReport) -> String {
        guard let obstacle = report.notTried else { return "" }
        let advice = obstacle.advice.map { "  " + $0.split(separator: "\n").joined(separator: "\n  ") + "\n" } ?? ""
        return "\nNot tried: the release was not started (\(obstacle.text))\n\(advice)"
    }

    /// Where the image is and what it is called, as labels and values; further lines of one label have none.
    static func facts(of report: BuildReport) -> [(String, String)] {
        let places = labelled("at", report.places)
        let size = size(of: report).map { [("size", $0)] } ?? []
        let note =
            report.dependsOnPlace == true
            ? [("note", "no sandbox: the digest may depend on the folders of the project and the cache")] : []
        let pushed = labelled("pushed", (report.pushed ?? []).map(\.reference))
        let digests = [("digest", report.manifestDigest.description), ("image ID", report.imageID.description)]
        let images = report.index?.images.map { "\($0.platform) \($0.digest)" } ?? []
        let index = report.index.map { [("index", $0.digest.description)] + labelled("of", images) } ?? []
        return places + pushed + index + digests + size + note
    }

    private static func layersAndTimes(of report: BuildReport) -> [(String, String)] {
        let times = report.phases.map { "\($0.phase.rawValue) \(Amount.seconds($0.seconds))" }.joined(separator: ", ")
        return labelled("layers", layerLines(report.layers)) + (times.isEmpty ? [] : [("times", times)])
    }

    private static func size(of report: BuildReport) -> String? {
        guard let size = report.size else { return nil }
        let difference = size.difference.map { $0 == 0 ? " (as before)" : " (\(Amount.difference($0)))" } ?? ""
        let percent = Int((size.efficiency * 100).rounded(.down))
        return "\(Amount.bytes(size.bytes))\(difference), \(Amount.grouped(size.files)) files, \(percent) % efficient"
    }

    private static func layerLines(_ layers: [LayerSummary]) -> [String] {
        let sizes = layers.map { Amount.bytes($0.size) }
        let width = sizes.map(\.count).max() ?? 0
        let names = ShortNames(of: layers)
        return zip(layers, sizes).map { layer, size in
            String(repeating: " ", count: width - size.count) + size + "  " + names[layer]
        }
    }

    private static func labelled(_ label: String, _ lines: [String]) -> [(String, String)] {
        lines.enumerated().map { ($0.offset == 0 ? label : "", $0.element) }
    }

    private static func table(_ rows: [(String, String)]) -> String {
        rows.map { label, value in
            "  " + label + String(repeating: " ", count: max(0, 10 - label.count)) + value + "\n"
        }.joined()
    }

    private static func running(_ report: BuildReport) -> String {
        guard !report.runCommand.isEmpty else { return "" }
        let needs =
            report.requiredVariables.isEmpty
            ? "" : " (it needs \(report.requiredVariables.joined(separator: ", ")))"
        return "\nRun it\(needs):\n  \(report.runCommand)\n"
    }
}

/// A layer's change as one line, in pack's words where it has them.
enum LayerLine {
    static func text(for layer: LayerSummary, _ change: LayerChange, _ names: ShortNames) -> String {
        guard let verb = verb(change) else { return "" }
        let files = layer.files.map { ", " + Amount.count($0, "file") } ?? ""
        let size = layer.size > 0 ? " (\(Amount.bytes(layer.size))\(files))" : ""
        let reason = layer.reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "\(verb) layer \(names[layer])\(size)\(reason)\n"
    }

    private static func verb(_ change: LayerChange) -> String? {
        switch change {
        case .created: "Made"
        case .growing: nil
        case .restored: "Restored"
        case .reused: "Reusing"
        case .exported: "Adding"
        case .cached: "Caching"
        }
    }
}
