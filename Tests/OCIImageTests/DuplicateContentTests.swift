import Files
import LayerArchive
import OCIImage
import TestSupport
import Testing

@Suite("The same content in several files")
struct DuplicateContentTests {
    private func layer(_ files: [(path: String, text: String)]) -> LayerContents {
        LayerContents(
            files.map { .file(Array($0.text.utf8), path: $0.path, mode: 0o644, owner: .root) }
                + [.symlink(target: "a", path: "/link", mode: 0o777, owner: .root)])
    }

    @Test("files with the same bytes are found in all layers, those with the most to save first")
    func finds() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let transaction = try store.begin()
            var builder = ImageBuilder(platform: .current)
            let layers = [
                layer([("/a", "same"), ("/b/c", "a longer text"), ("/size", "emas"), ("/empty", "")]),
                layer([("/a", "same"), ("/d", "a longer text"), ("/e", "a longer text"), ("/none", "")]),
            ]
            for layer in layers { builder.append(try await transaction.addLayer(layer).layer) }
            let image = try builder.image()
            try await transaction.commit(image, as: [try Reference("twice")])
            let found = try await ImageFiles(image, blobs: store).duplicates()
            #expect(found.map(\.extra) == [26, 4])
            #expect(found.first?.copies.map { "\($0.layer) \($0.path)" } == ["0 /b/c", "1 /d", "1 /e"])
            #expect(found.last?.copies.map { "\($0.layer) \($0.path)" } == ["0 /a", "1 /a"])
        }
    }

    @Test("what each layer holds is counted without tar's headers, folders and whiteouts")
    func contentSizes() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let efficiency = try await ImageFiles(image, blobs: store).efficiency()
            #expect(efficiency.layers == [ContentSize(bytes: 22, files: 1), ContentSize(bytes: 5, files: 2)])
            #expect(ImageSize(efficiency, previousBytes: 30).difference == -3)
            let measured = try SampleImage.app("hello").write(to: DigestSink())
            #expect(measured == efficiency.layers[1])
        }
    }
}
