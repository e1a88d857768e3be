import Diagnostics
import OCIImage

package struct RebaseRequest: Sendable {
    /// The name that the new image gets in the store.
    package var name: Reference
    /// The image to put on another run image.
    package var image: Image
    /// The images of all platforms that the name has, this one among them; `nil` is one alone.
    package var images: MultiPlatformImage?
    /// Where the image is and is written back, if that is not the image store: the store then stays as it is.
    package var place: ImagePlace?
    /// What has the blobs of the image, or of all images.
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
    /// The digest of its manifest where it is: another than the image's own if layers were compressed on the way.
    package var digest: Digest
    /// The new run image's name.
    package var runImage: String
    /// How many layers of the image stayed as they are.
    package var keptLayers: Int
    /// The packages that differ between the old and the new run image; `nil` if that is not known.
    package var packages: [PackageChange]?
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
    /// What became of the images of other platforms.
    package var others: [RebasedPlatform] = []
}

/// The image of another platform on its new run image.
package struct RebasedPlatform: Sendable, Hashable {
    package var image: Image
    /// The new run image's name.
    package var runImage: String
    /// How many layers of the image stayed as they are.
    package var keptLayers: Int
    /// The packages that differ between the old and the new run image; `nil` if that is not known.
    package var packages: [PackageChange]?
    /// Whether the image was on that run image already.
    package var isUnchanged: Bool
}

/// A package that is another one in the new run image.
package struct PackageChange: Sendable, Hashable {
    package var name: String
    /// The version before; `nil` if it is new.
    package var old: String?
    /// The version now; `nil` if it is gone.
    package var new: String?

    /// What changed from some packages to others, by name.
    package static func changes(from old: [String: String], to new: [String: String]) -> [PackageChange] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
            .map { PackageChange(name: $0, old: old[$0], new: new[$0]) }
    }

    /// The change in one line.
    package var text: String {
        switch (old, new) {
        case (let old?, let new?): "\(name) \(old) -> \(new)"
        case (nil, let new?): "\(name) \(new) is new"
        case (let old?, nil): "\(name) \(old) is gone"
        case (nil, nil): name
        }
    }
}
