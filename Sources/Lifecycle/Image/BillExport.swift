import Diagnostics
import Files
import OCIImage
import SystemPackage

/// Writes the bills of materials of an image into a folder, as pack does: what is in its layer `/layers/sbom`.
package struct BillExport {
    private let image: Image
    private let blobs: any BlobSource

    package init(of image: Image, blobs: any BlobSource) {
        self.image = image
        self.blobs = blobs
    }

    /// Writes `sbom` in the folder; one that is there is replaced.
    /// - Returns: whether the image has bills of materials.
    /// - Throws: `Failure`.
    package func write(to folder: FilePath) async throws -> Bool {
        let label = image.configuration.config.labels[LifecycleMetadata.label] ?? ""
        let metadata = try? CanonicalJSON.decode(LifecycleMetadata.self, from: Array(label.utf8), what: "")
        guard let sha = metadata?.sbom?.sha, let layer = image.layers.first(where: { "\($0.diffID)" == sha }) else {
            return false
        }
        let place = folder.appending("sbom")
        try place.remove()
        try place.makeFolders(mode: 0o755)
        var extraction = LayerExtraction([], of: ["layers", "sbom"], into: place)
        try extraction.extract(try await blobs.blob(layer.descriptor).input)
        return true
    }
}
