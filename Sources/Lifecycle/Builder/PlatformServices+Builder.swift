import BuildpackAPI
import Commands
import LayerArchive
import OCIImage
import SystemPackage

extension PlatformServices {
    /// A builder image that a build uses: its root, unpacked on this machine, and what it says of itself.
    package struct Builder: Sendable {
        package var place: ImagePlace
        package var digest: Digest
        /// The folder of its files, which no build changes.
        package var root: FilePath
        package var order: [[BuildpackReference]]
        /// Buildpacks in front of every group and behind it, whatever the order.
        package var firstBuildpacks: [BuildpackReference] = []
        package var lastBuildpacks: [BuildpackReference] = []
        /// Extensions by their groups; each takes part where it fits.
        package var extensionOrder: [[BuildpackReference]] = []
        /// The user of its builds, who owns the layers.
        package var owner: Owner
        /// The machine's numbers of its users; `nil` gives all its files to whoever runs mixpack.
        package var range: HostRange?
        /// The image's variables.
        package var environment: [String: String]
        package var stack: String?
        /// What builds run on, the best first.
        package var runImages: [NamedRunImage] = []

        package init(
            place: ImagePlace, digest: Digest, root: FilePath, order: [[BuildpackReference]], owner: Owner,
            environment: [String: String]
        ) {
            self.place = place
            self.digest = digest
            self.root = root
            self.order = order
            self.owner = owner
            self.environment = environment
        }

        /// A run image that the builder names, and where else it can be had.
        package struct NamedRunImage: Sendable, Hashable {
            package var image: Reference
            package var mirrors: [Reference]

            package init(image: Reference, mirrors: [Reference]) {
                self.image = image
                self.mirrors = mirrors
            }
        }
    }
}
