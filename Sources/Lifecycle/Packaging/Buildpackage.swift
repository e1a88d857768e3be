import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// mixpack's own buildpacks as ordinary ones: folders with buildpack.toml, bin/detect and bin/build, and a buildpackage.
///
/// Every component has the same program under both names. A package holds the program once, in one layer of all buildpacks.
/// It follows the [CNB Distribution specification](https://github.com/buildpacks/spec/blob/main/distribution.md#buildpackage).
package struct Buildpackage: Sendable {
    /// The buildpacks, the one that the package is named for last.
    private let members: [PackagedBuildpack]
    private let program: FilePath

    /// The label that says which buildpack the package is for.
    package static let metadataLabel = "io.buildpacks.buildpackage.metadata"
    static let layersLabel = "io.buildpacks.buildpack.layers"

    /// Creates a package.
    /// - Parameters:
    ///   - buildpacks: the components and composites; the last is the one that the package is for.
    ///   - program: the executable of the components.
    ///   - stacks: the stacks that the components say they run on, for platforms that still ask.
    package init(_ buildpacks: [BuildpackDescriptor], program: FilePath, stacks: [String]) {
        members = buildpacks.map { PackagedBuildpack(descriptor: $0, stacks: $0.order.isEmpty ? stacks : []) }
        self.program = program
    }

    /// Writes each buildpack into a folder of its own, named for the last part of its id; what stands there is replaced.
    /// - Returns: the folders, in the order of the buildpacks.
    /// - Throws: `Failure` where a file cannot be written.
    package func write(to parent: FilePath) throws -> [FilePath] {
        try members.map { member in
            let folder = parent.appending(member.folderName)
            let manifest = folder.appending("buildpack.toml")
            guard !folder.exists || manifest.exists else {
                throw Failure(.malformed, "\(folder) is not a buildpack, so it is not replaced")
            }
            try folder.remove()
            try member.write(to: folder, program: program)
            return folder
        }
    }

    /// Makes the image of the package; the store knows it by the name.
    package func image(in store: ImageStore, as name: Reference) async throws -> HeldImage {
        let transaction = try store.begin()
        var builder = ImageBuilder()
        builder.configuration.created = CreationTime.fixedText
        let layer = try await transaction.addLayer(contents).layer
        builder.append(layer, createdBy: "Buildpacks: \(members.map(\.title).joined(separator: ", "))")
        var layers: [String: [String: JSONValue]] = [:]
        for member in members {
            layers[member.descriptor.id, default: [:]][member.descriptor.version] = member.label(layer.diffID)
        }
        builder.configuration.config.labels = [
            Self.metadataLabel: try CanonicalJSON.text(members.last?.metadata),
            Self.layersLabel: try CanonicalJSON.text(layers),
        ]
        return try await transaction.commit(try builder.image(), as: [name])
    }

    /// The one layer: the first component has the program, the others link to it.
    private var contents: LayerContents {
        let parents = ["/cnb", "/cnb/buildpacks"]
        var items: [LayerContents.Item] = parents.map { .directory($0, mode: 0o755, owner: .root) }
        let first = members.first { !$0.isComposite }
        for member in members.sorted(by: { $0.title < $1.title }) {
            let target = member.title == first?.title ? nil : first?.relativeRoot
            items += member.items(program: target.map { .link("../../../\($0)/bin/build") } ?? .file(program))
        }
        return LayerContents(items)
    }
}
