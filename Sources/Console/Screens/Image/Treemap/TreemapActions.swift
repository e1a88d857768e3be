import Diagnostics
import OCIImage
import TerminalUI

extension ImageScreen {
    /// Shows the treemap in the place of the files, or the files again.
    func toggleTreemap(_ state: inout ImageState) -> Outcome {
        guard state.contents?.manifestDigest != nil else { return .say("no image yet: press b to build one") }
        state.showsTreemap.toggle()
        return .focus(.files, on: .image)
    }

    /// Opens the tree that the treemap needs, unless it is open; follows every update.
    func followTreemap(_ state: inout ImageState) -> Outcome {
        guard state.showsTreemap, let name = state.contents?.name, state.contents?.manifestDigest != nil else {
            return .none
        }
        // Until the layers were read, nobody knows whether there is an image to compare with.
        guard state.measure != nil || state.measureProblem != nil else { return .none }
        let comparand = (state.previous ?? state.measure?.previous)?.comparand
        let key = TreemapState.Key(image: name, comparand: comparand)
        guard key != state.treemap.key else { return .none }
        state.treemap.begin(key)
        return .ask(
            id: "treemap", { try await client.sizes(key.image, key.comparand) },
            failed: { .image(.treemapFailed(key, $0)) }
        ) { .image(.treemapOpened(key, $0)) }
    }

    /// Shows what is in the chosen part; a file is shown in the list of its layer's files.
    func zoomIn(_ state: inout ImageState) -> Outcome {
        guard !state.treemap.zoomIn(), let tree = state.treemap.tree, let id = state.treemap.selected else {
            return .none
        }
        let node = tree[id]
        guard node.kind == .file, let layers = state.contents?.layers else { return .none }
        let index = layers.firstIndex { $0.source == .image(index: Int(node.layer)) }
        guard let index else { return .none }
        state.showsTreemap = false
        state.layers.select(index, count: layers.count, height: layers.count)
        state.files.isMerged = false
        state.files.revealWhenOpened(node.file)
        return .none
    }
}
