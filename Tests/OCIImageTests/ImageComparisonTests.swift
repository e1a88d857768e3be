import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct ImageComparisonTests {
    /// Stores an image of one layer made from files.
    private func image(
        _ name: String, in store: ImageStore, _ files: [String: String]
    ) async throws -> Image {
        let folders = Set(files.keys.compactMap { $0.contains("/") ? "/app/" + $0.prefix { $0 != "/" } : nil })
        let items =
            (["/app"] + folders.sorted()).map { LayerContents.Item.directory($0, mode: 0o755, owner: .root) }
            + files.sorted { $0.key < $1.key }.map {
                .file(Array($0.value.utf8), path: "/app/\($0.key)", mode: 0o644, owner: .root)
            }
        let transaction = try store.begin()
        let layer = try await transaction.addLayer(LayerContents(items))
        var builder = ImageBuilder()
        builder.append(layer.layer)
        let image = try builder.image()
        try store.keepPrevious(of: Reference(name), before: image)
        try await transaction.commit(image, as: [try Reference(name)])
        return image
    }

    private func marks(_ tree: FileTree) -> [String] {
        var found: [String] = []
        var waiting = [FileTree.ID.root]
        while let folder = waiting.popLast() {
            for id in tree.children(of: folder) {
                waiting.append(id)
                if tree[id].kind != .directory || tree[id].change != .modified, tree[id].change != .unchanged {
                    found.append("\(tree[id].change.mark) \(tree.path(of: id))")
                }
            }
        }
        return found.sorted()
    }

    @Test("files are added, modified by a byte of the same size, and removed; the rest is unmarked")
    func compares() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let old = try await image(
                "app", in: store,
                ["same": "one", "content": "two", "size": "three", "gone": "four", "folder/inner": "five"])
            let new = try await image(
                "app", in: store, ["same": "one", "content": "TWO", "size": "three!", "new/file": "six"])
            let comparison = try await ImageComparison(
                from: ImageFiles(old, blobs: store), to: ImageFiles(new, blobs: store))
            #expect(
                marks(comparison.tree) == [
                    "A /app/new", "A /app/new/file", "D /app/folder", "D /app/folder/inner", "D /app/gone",
                    "M /app/content", "M /app/size",
                ])
            let same = try #require(comparison.tree.node(at: "/app/same"))
            #expect(comparison.tree[same].change == .unchanged)
        }
    }

    @Test("an image is the same as itself")
    func same() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let one = try await image("app", in: store, ["a": "1", "b/c": "2"])
            let files = ImageFiles(one, blobs: store)
            #expect(marks(try await ImageComparison(from: files, to: files).tree) == [])
        }
    }

    @Test("the image before is kept whole until the next one, and goes with its name")
    func previous() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let name = try Reference("app")
            let first = try await image("app", in: store, ["a": "1"])
            #expect(try store.previousImage(of: name) == nil)
            let second = try await image("app", in: store, ["a": "2"])
            #expect(try store.previousImage(of: name) == first)
            try await store.validate(first)
            _ = try await image("app", in: store, ["a": "2"])
            #expect(try store.previousImage(of: name) == first, "the same image again changes nothing")
            let third = try await image("app", in: store, ["a": "3"])
            #expect(try store.previousImage(of: name) == second)
            #expect(!store.contains(first.layers[0].diffID))
            try store.collectGarbage()
            try await store.validate(second)
            try await store.validate(third)
            #expect(try !store.remove([StoreItem(name)]).items.isEmpty)
            #expect(try store.previousImage(of: name) == nil)
            #expect(!store.contains(second.layers[0].diffID))
        }
    }
}
