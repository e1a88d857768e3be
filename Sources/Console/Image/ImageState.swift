import TerminalUI

/// The Image screen: an image opened up, and where one is in it.
struct ImageState: Sendable {
    /// What the facts pane tells.
    enum Facts: String, Sendable, CaseIterable {
        case layer = "Layer"
        case processes = "Processes"
        case configuration = "Configuration"
        case labels = "Labels"
    }

    var contents: ImageContents?
    var isLoading = false
    var failure: ConsoleFailure?
    var layers = ListState()
    var facts = Facts.layer
    var factsTop = 0
    /// What a running container is called, while one runs.
    var container: String?

    var selectedLayer: ImageContents.Layer? {
        guard let contents, contents.layers.indices.contains(layers.selection) else { return nil }
        return contents.layers[layers.selection]
    }
}
