import OCIImage
import TerminalUI

/// The Image screen: an image opened up, and where one is in it.
struct ImageState: Sendable {
    /// What the facts pane tells.
    enum Facts: String, Sendable, CaseIterable {
        case layer = "Layer"
        case processes = "Processes"
        case configuration = "Configuration"
        case labels = "Labels"
        case packages = "Packages"
        case waste = "Waste"
        case container = "Container"
    }

    var contents: ImageContents?
    var isLoading = false
    var failure: ConsoleFailure?
    var layers = ListState()
    var facts = Facts.layer
    var factsTop = 0
    var files = FilesState()
    /// The applications in the image, once they were asked for.
    var packages: [ImagePackage]?
    /// How much of the layers is of use, once it was asked for.
    var efficiency: ImageEfficiency?
    /// Why that is not known.
    var efficiencyProblem: String?
    /// What a container of the image printed, while the console looked.
    var containerLog = LogStore(maximumLines: 2000, maximumBytes: 1 << 20)
    var isContainerRunning = false
    /// The image before, to compare with.
    var previous: PreviousImage?

    var selectedLayer: ImageContents.Layer? {
        guard let contents, contents.layers.indices.contains(layers.selection) else { return nil }
        return contents.layers[layers.selection]
    }
}
