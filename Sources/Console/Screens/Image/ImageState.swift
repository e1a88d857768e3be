import Diagnostics
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
        case growth = "What made it bigger"
        case builder = "Builder"

        /// Those that an image has.
        static func all(of contents: ImageContents?) -> [Facts] {
            allCases.filter { $0 != .builder || contents?.builder.isEmpty == false }
        }
    }

    /// The place that `mixpack inspect` opened; the screen is on its own then.
    var inspectedPlace: String?
    var contents: ImageContents?
    var isLoading = false
    var failure: Failure?
    var layers = ListState()
    var facts = Facts.layer
    /// The first line of the facts that is shown.
    var factsTop = 0
    /// The row of the layer whose facts these are.
    var factsLayer = 0
    var files = FilesState()
    var treemap = TreemapState()
    /// Whether the treemap has the place of the files.
    var showsTreemap = false
    /// The applications in the image, once they were asked for.
    var packages: [ImagePackage]?
    /// What the layers hold, once they were read.
    var measure: ImageMeasure?
    /// Why that is not known.
    var measureProblem: String?
    /// How the image grew over the last builds, once that was asked for.
    var growth: SizeGrowth?
    /// The files with the same content, once they were asked for.
    var duplicates: [DuplicateContent]?
    /// Why they are not known.
    var duplicatesProblem: String?
    /// The layer that the cursor was put on, which it leaves for a better one unless the user moved it.
    private var proposedLayer = 0
    /// The image before, to compare with.
    var previous: EarlierImage?
    /// What is being written elsewhere.
    var sending: ImageScreen.Sending?
    /// The reference to pull the image by, since it was pushed.
    var pushed: String?
    /// What the image is compared with once it is open.
    var comparand: Comparand?

    var selectedLayer: ImageContents.Layer? { contents?.layers.chosen(by: layers) }

    /// What the files are compared with, in words.
    var comparedTitle: String? { files.key?.comparand == nil ? nil : previous?.title }

    /// Takes an image that was opened; what was known of another one is forgotten.
    mutating func setContents(_ opened: ImageContents) {
        var contents = opened
        // One that was opened by its digest says no more of the others.
        if let known = self.contents?.platforms, contents.platforms.isEmpty,
            known.contains(where: { $0.digest == contents.manifestDigest })
        {
            contents.platforms = known
        }
        if contents.manifestDigest != self.contents?.manifestDigest {
            // A builder is looked at for what it builds with.
            if !contents.builder.isEmpty { facts = .builder } else if facts == .builder { facts = .layer }
            files.forget()
            treemap = TreemapState()
            previous = nil
            pushed = nil
            packages = nil
            measure = nil
            duplicates = nil
            growth = nil
            duplicatesProblem = nil
        }
        measureProblem = nil
        take(measure.map { contents.measured(by: $0) } ?? contents)
    }

    /// Takes what reading the layers found out.
    mutating func setMeasure(_ measure: ImageMeasure) {
        self.measure = measure
        guard let contents else { return }
        take(contents.measured(by: measure))
    }

    /// The cursor goes to what changed, unless the user moved it.
    private mutating func take(_ contents: ImageContents) {
        self.contents = contents
        guard layers.selection == proposedLayer else { return }
        proposedLayer = contents.firstChoice
        layers.select(proposedLayer, count: contents.layers.count, height: contents.layers.count)
    }
}

extension ImageContents {
    /// The contents with sizes, and with the layers that the previous image has too.
    fileprivate func measured(by measure: ImageMeasure) -> ImageContents {
        let measured = measured(by: measure.efficiency)
        return measure.previous.map { measured.compared(with: $0.contents) } ?? measured
    }
}
