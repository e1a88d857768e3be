import Files
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The sizes of the last builds")
struct SizeHistoryTests {
    private func image(_ texts: [String], in store: ImageStore) async throws -> Image {
        let transaction = try store.begin()
        var builder = ImageBuilder(platform: .current)
        for (index, text) in texts.enumerated() {
            let file = LayerContents.Item.file(
                Array(text.utf8), path: "/file-\(index)", mode: 0o644, owner: .root)
            builder.append(try await transaction.addLayer(LayerContents([file])).layer)
        }
        let image = try builder.image()
        try await transaction.commit(image, as: [try Reference("shop")])
        return image
    }

    private func add(_ image: Image, to history: SizeHistory, _ store: ImageStore, secrets: [String: String] = [:])
        async throws
    {
        let files = ImageFiles(image, blobs: store)
        let efficiency = try await files.efficiency()
        let layers = zip(image.layers, efficiency.layers).map { layer, content in
            SizeHistory.Build.Layer(name: "layer", bytes: content.bytes, diffID: layer.diffID)
        }
        let build = SizeHistory.Build(image: "shop", size: ImageSize(efficiency), layers: layers)
        try await history.add(build, of: files, masking: Redactor(secrets: secrets))
    }

    @Test("builds are kept in order with the files of their layers, at most so many, and shared lists once")
    func keeps() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            let history = SizeHistory(cache)
            for number in 1...SizeHistory.mostBuilds + 2 {
                let text = String(repeating: "x", count: number)
                try await add(try await image(["base", text], in: store), to: history, store)
            }
            let builds = history.builds(of: "shop").map(\.build)
            #expect(builds.map(\.size.bytes) == (3...SizeHistory.mostBuilds + 2).map { Int64(4 + $0) })
            let last = try #require(builds.last)
            #expect(history.files(ofLayer: last.layers[0].diffID) == ["/file-0": 4])
            #expect(history.files(ofLayer: last.layers[1].diffID) == ["/file-1": Int64(SizeHistory.mostBuilds + 2)])
            let lists = cache.directory.appending("sizes").names.filter { $0.hasPrefix("layer-") }
            #expect(lists.count == SizeHistory.mostBuilds + 1)
            #expect(history.builds(of: "other").isEmpty)
        }
    }

    @Test("the same image again is no new build, and a secret in a name is masked")
    func masks() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            let history = SizeHistory(cache)
            let image = try await image(["a"], in: store)
            try await add(image, to: history, store, secrets: ["TOKEN": "file-0"])
            try await add(image, to: history, store, secrets: ["TOKEN": "file-0"])
            #expect(history.builds(of: "shop").count == 1)
            for name in cache.directory.appending("sizes").names {
                #expect(try !cache.directory.appending("sizes").appending(name).readText().contains("file-0"))
            }
        }
    }
}
