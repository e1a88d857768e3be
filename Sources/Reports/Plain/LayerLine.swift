import Lifecycle
import Text

/// A layer's change as one line, in pack's words where it has them.
enum LayerLine {
    static func text(for layer: LayerSummary, _ change: LayerChange) -> String {
        guard let verb = verb(change) else { return "" }
        let files = layer.files.map { ", " + Amount.count($0, "file") } ?? ""
        let size = layer.size > 0 ? " (\(Amount.bytes(layer.size))\(files))" : ""
        let reason = layer.reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "\(verb) layer \(name(of: layer))\(size)\(reason)\n"
    }

    /// `mix-release:release`, or the name alone for a layer that no buildpack made.
    static func name(of layer: LayerSummary) -> String {
        layer.buildpack.map { "\(BuildpackName.short($0)):\(layer.name)" } ?? layer.name
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
