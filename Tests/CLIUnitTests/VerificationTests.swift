import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("An image beside a fresh build of its project")
struct VerificationTests {
    /// Compares two images that have one file and one label each.
    private func verification(
        _ old: (text: String, label: String), _ new: (text: String, label: String)
    ) async throws -> VerificationText {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            var files: [ImageFiles] = []
            for (name, image) in [("old", old), ("new", new)] {
                let transaction = try store.begin()
                var builder = ImageBuilder()
                let item = LayerContents.Item.file(
                    Array(image.text.utf8), path: "/app.beam", mode: 0o644, owner: .root)
                builder.append(try await transaction.addLayer(LayerContents([item])).layer)
                builder.configuration.config.labels["team"] = image.label
                let made = try builder.image()
                try await transaction.commit(made, as: [try Reference(name)])
                files.append(ImageFiles(made, blobs: store))
            }
            return VerificationText("shop", try await Verification(files[0], with: files[1]))
        }
    }

    @Test("the same image is the same")
    func same() async throws {
        let text = try await verification(("one", "a"), ("one", "a"))
        #expect(text.text.hasPrefix("same: the build made shop again, image ID sha256:"), "\(text.text)")
        #expect(try text.json().contains("\"same\" : true"))
    }

    @Test("a file that differs is named with its layer, a label that differs with both values")
    func different() async throws {
        let files = try await verification(("one", "a"), ("two", "a")).text
        #expect(files.contains("layers that differ: layer 1") && files.contains("/app.beam"), "\(files)")
        #expect(!files.contains("label team"))
        let label = try await verification(("one", "a"), ("one", "b"))
        #expect(label.text.contains("label team: \"a\" in the image, \"b\" in the build"), "\(label.text)")
        #expect(!label.text.contains("/app.beam"))
        #expect(try label.json().contains("\"same\" : false"))
    }
}
