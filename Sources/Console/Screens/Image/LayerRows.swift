import TerminalUI
import Text

/// The rows of the layers pane: what became of each layer, its name, a bar of its size, and why it is as it is.
struct LayerRows {
    private let state: ImageState
    private let contents: ImageContents
    private let width: Int
    private let names: [String]
    private let nameWidth: Int
    private let largest: Int64
    /// The columns of each bar: the same in all rows, so that they can be compared.
    private var barWidth = 0

    /// The rows for a pane with so many columns inside.
    init(_ state: ImageState, _ contents: ImageContents, width: Int) {
        self.state = state
        self.contents = contents
        self.width = width
        names = contents.layerNames
        let longest = names.map(\.columns).max() ?? 0
        nameWidth = min(longest, width < 60 ? 18 : 30)
        largest = max(1, contents.layers.map(\.size).max() ?? 1)
        let trailing = contents.layers.map { sizes(of: $0).columns }.max() ?? 0
        let room = width - nameWidth - 11 - trailing
        barWidth = room < 4 ? 0 : width >= 72 ? min(room, 20) : room
    }

    var rows: [PaneRow] { zip(contents.layers, names).map(row) }

    private func row(of layer: ImageContents.Layer, named name: String) -> PaneRow {
        let change = Change(layer, isCached: contents.isOutside(layer))
        var line = StyledLine("\(change.mark) ", change.role)
        line.append(
            name.shortened(to: nameWidth).padded(to: nameWidth), layer.isBase ? .textDim : .textStrong)
        if !change.word.isEmpty { line.append(" \(change.word.padded(to: 6))", change.role) }
        let trailing = sizes(of: layer)
        if barWidth > 0 {
            line.append(" " + Self.bar(layer.size, of: largest, width: barWidth), change.role)
            let room = width - line.columns - trailing.columns - 4
            if let reason = layer.reason, room > 20 { line.append("  \(reason)", .textDim) }
        }
        var row = PaneRow(line, trailing: trailing)
        row.whole = "\(change.mark) \(name)\(change.word.isEmpty ? "" : " \(change.word)")"
        return row
    }

    private func sizes(of layer: ImageContents.Layer) -> StyledLine {
        let earlier = state.previous ?? state.measure?.previous
        var line = StyledLine()
        // What is the same needs no words unless images are compared.
        if let difference = earlier?.difference(of: layer, in: contents),
            state.previous != nil || difference != "the same"
        {
            line.append("\(difference) ", .diffModified)
        }
        let size = Amount.bytes(layer.size)
        return line.adding(
            String(repeating: " ", count: max(0, 7 - size.columns)) + size, layer.isMeasured ? .number : .textDim)
    }

    /// A bar of half cells, at least one half for what is not empty.
    static func bar(_ part: Int64, of whole: Int64, width: Int) -> String {
        guard part > 0, whole > 0, width > 0 else { return String(repeating: " ", count: max(0, width)) }
        let halves = max(1, Int((Double(part) / Double(whole) * Double(2 * width)).rounded()))
        let text = String(repeating: "█", count: min(width, halves / 2)) + (halves % 2 == 1 ? "▌" : "")
        return text.padded(to: width)
    }

    /// What became of a layer: a mark, a word and their colour.
    private struct Change {
        let mark: String
        let word: String
        let role: Role

        init(_ layer: ImageContents.Layer, isCached: Bool) {
            switch layer.isReused {
            case true?: (mark, word, role) = ("=", "reused", .diffUnchanged)
            case false?: (mark, word, role) = ("+", "new", .diffAdded)
            case nil where isCached: (mark, word, role) = ("~", "cached", .stateSkipped)
            case nil: (mark, word, role) = (" ", "", .textDim)
            }
        }
    }
}
