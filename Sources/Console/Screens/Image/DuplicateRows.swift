import OCIImage
import TerminalUI
import Text

/// The files of an image that have the same content, with what one copy of each would save.
struct DuplicateRows {
    private let state: ImageState
    private let width: Int
    private static let most = 100

    init(_ state: ImageState, _ width: Int) {
        self.state = state
        self.width = width
    }

    var lines: [StyledLine] {
        let heading: [StyledLine] = ["", StyledLine("The same content twice", .heading)]
        if let problem = state.duplicatesProblem {
            return heading + TextWrap.styled(problem, width: width, .stateFailed)
        }
        guard let found = state.duplicates else { return heading + [StyledLine("comparing files…", .textDim)] }
        guard !found.isEmpty else { return heading + [StyledLine("no two files have the same content", .textDim)] }
        let extra = found.reduce(0) { $0 + $1.extra }
        let copies = found.reduce(0) { $0 + $1.copies.count - 1 }
        let sum = "\(Amount.bytes(extra)) in \(Amount.grouped(copies)) more \(copies == 1 ? "copy" : "copies")"
        let rest = found.count > Self.most ? ["and \(Amount.grouped(found.count - Self.most)) more contents"] : []
        return heading + [StyledLine(sum, .number)] + found.prefix(Self.most).flatMap(lines)
            + rest.map { StyledLine($0, .textDim) }
    }

    private func lines(of content: DuplicateContent) -> [StyledLine] {
        let size = "+\(Amount.bytes(content.extra))"
        let layers = state.contents?.layerNames ?? []
        let shown = content.copies.prefix(4).enumerated().map { index, copy in
            let layer = layers.indices.contains(copy.layer) ? layers[copy.layer] : "layer \(copy.layer + 1)"
            let room = max(1, width - 4 - (index == 0 ? size.columns + 1 : 0))
            let text = "\(layer.shortened(to: 16)) \(copy.path)".shortened(to: room)
            let mark = index == 0 ? "\(content.copies.count)x ".padded(to: 4) : "    "
            let line = StyledLine(mark, .textDim).adding(text.padded(to: room), index == 0 ? .text : .textDim)
            return index == 0 ? line.adding(" \(size)", .number) : line
        }
        let rest = content.copies.count - shown.count
        return shown + (rest > 0 ? [StyledLine("    and \(rest) more", .textDim)] : [])
    }
}
