import BuildpackAPI
import Diagnostics
import LayerArchive
import Lifecycle
import OCIImage
import TOMLCoding

/// Everything that a builder is made of, with every name resolved to what it stands for.
package struct BuilderRecipe: Sendable {
    package var description = ""
    /// The image below; its blobs are in the store.
    package var buildImage: Image
    /// What a message calls the build image.
    package var buildImageName: String
    /// The run images' names; the first is the one that builds take.
    package var runImages: [BuilderRunImage]
    /// The first run image, as far as it can be had.
    package var runImage: Image?
    /// The stack that builder.toml names.
    package var stackID: String?
    package var lifecycle: LifecyclePrograms
    package var buildpacks: [LoadedModule] = []
    package var extensions: [LoadedModule] = []
    package var order: [[BuildpackReference]] = []
    package var extensionOrder: [[BuildpackReference]] = []
    package var system = SystemBuildpacks()
    package var environmentFiles: [String: String] = [:]
    package var targets: [TargetRule] = []
    /// More labels for the image.
    package var labels: [String: String] = [:]
    /// mixpack's version.
    package var version: String
    /// Where builder.toml names a buildpack.
    package var place: @Sendable (BuildpackReference) -> Place? = { _ in nil }

    package init(
        buildImage: Image, named name: String, runImages: [BuilderRunImage], lifecycle: LifecyclePrograms,
        version: String
    ) {
        self.buildImage = buildImage
        buildImageName = name
        self.runImages = runImages
        self.lifecycle = lifecycle
        self.version = version
    }

    /// Takes what builder.toml says itself.
    package mutating func take(_ file: BuilderFile) {
        description = file.description
        stackID = file.stackID
        order = file.order
        extensionOrder = file.extensionOrder
        system = file.system
        environmentFiles = file.environmentFiles
        targets = file.targets
        place = { file.place(of: $0) }
    }
}
