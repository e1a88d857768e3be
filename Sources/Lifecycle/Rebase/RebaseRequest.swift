import Diagnostics
import OCIImage

package struct RebaseRequest: Sendable {
    /// The name that the new image gets in the store.
    package var name: Reference
    /// The image to put on another run image.
    package var image: Image
    /// What has the image's blobs.
    package var blobs: any BlobSource
    /// The new run image; `nil` is the one that the image names, or the one made from this machine.
    package var runImage: ImagePlace?
    /// Whether to go on where the run images do not fit together.
    package var forces = false
    /// More names for the image.
    package var tags: [Reference] = []
    /// The places to write to besides the image store.
    package var outputs: [ImagePlace] = []
    /// Whether to load the image into a container engine where one answers.
    package var usesEngine = true

    /// Creates a request with the defaults of `mixpack rebase`.
    package init(name: Reference, image: Image, blobs: any BlobSource) {
        self.name = name
        self.image = image
        self.blobs = blobs
    }
}

package struct RebaseReport: Sendable, Hashable {
    package var image: Image
    /// The new run image's name.
    package var runImage: String
    /// How many layers of the image stayed as they are.
    package var keptLayers: Int
    /// What stood against it, where it was forced.
    package var warnings: [String]
    /// Whether the image was on that run image already.
    package var isUnchanged: Bool
    /// The places where it stands, as skopeo names them.
    package var places: [String]
    /// What the registries have that it was pushed to.
    package var pushed: [BuildReport.Pushed]
    /// Why no container engine has it: an error where the user named the engine, else a note.
    package var notLoaded: Diagnostic?
}
