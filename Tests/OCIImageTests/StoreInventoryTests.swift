import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import OCIImage

@Suite("What the store holds, and what comes free")
struct StoreInventoryTests {
    @Test("what images share comes free with the last of them, the rest with each")
    func sizes() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let one = try await SampleImage.commit("one", to: store, as: "one")
            _ = try await SampleImage.commit(String(repeating: "two", count: 900), to: store, as: "two")
            let inventory = try store.inventory()
            let entries = inventory.images
            #expect(entries.map(\.reference.familiarName) == ["one:latest", "two:latest"])
            #expect(entries[0].digest == one.digest)
            #expect(inventory.shared(entries[0]) == one.layers[0].descriptor.size)
            #expect(inventory.shared(entries[0]) == inventory.shared(entries[1]))
            let (first, second) = (inventory.freed(by: [entries[0].item]), inventory.freed(by: [entries[1].item]))
            #expect(first == entries[0].size - inventory.shared(entries[0]))
            #expect(inventory.freed(by: entries.map(\.item)) == first + second + one.layers[0].descriptor.size)
            #expect(inventory.size == inventory.freed(by: entries.map(\.item)))
            #expect(try store.remove([entries[0].item]).freed == first)
            #expect(try store.inventory().size == inventory.size - first)
        }
    }

    @Test("names of mixpack's own in an image's labels are known, so that what a builder names is not taken for unused")
    func named() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let run = "mixpack.invalid/run-image:0123ab"
            _ = try await SampleImage.commit("run", to: store, as: run)
            let transaction = try store.begin()
            var builder = ImageBuilder(platform: .current)
            builder.append(
                try await transaction.addLayer(SampleImage.app("x"), expecting: nil).layer, createdBy: "test")
            builder.configuration.config.labels = [
                "io.buildpacks.builder.metadata": #"{"images":[{"image":"\#(run)","mirrors":["r.test/mixpack"]}]}"#
            ]
            try await transaction.commit(try builder.image(), as: [Reference("team/builder")])
            let inventory = try store.inventory()
            let entry = try #require(inventory[Reference(run), .image])
            #expect(inventory.isNamed(entry) && inventory.images.filter(inventory.isNamed).count == 1)
        }
    }

    @Test("an image takes the previous one of its name with it; alone, the previous one leaves the image")
    func previous() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let name = try Reference("app")
            for text in ["old", "new"] {
                let transaction = try store.begin()
                let image = try await SampleImage.stage(text, in: transaction)
                try store.keepPrevious(of: name, before: image)
                try await transaction.commit(image, as: [name])
            }
            let inventory = try store.inventory()
            let image = try #require(inventory[name, .image])
            let previous = try #require(inventory[name, .previous])
            #expect(inventory.freed(by: [image.item]) == inventory.size)
            #expect(inventory.shared(image) == 0)
            #expect(try store.remove([previous.item]).freed == inventory.freed(by: [previous.item]))
            #expect(try store.previousImage(of: name) == nil)
            try await store.validate(try #require(try store.image(for: name)))
            #expect(try store.remove([image.item]).items.count == 1)
            #expect(try store.inventory().size == 0)
            #expect(try folder.appending("blobs/sha256").names() == [])
        }
    }

    @Test("an image that was written again since it was looked at stays")
    func changed() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            try await SampleImage.commit("old", to: store, as: "app")
            let seen = try #require(try store.inventory().images.first)
            let new = try await SampleImage.commit("new", to: store, as: "app")
            #expect(try store.remove([seen.item]).items.isEmpty)
            try await store.validate(new)
            #expect(try store.image(for: Reference("app")) == new)
        }
    }

    @Test("a repository in the folder of another one's tag survives it")
    func nested() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "localhost/app:v1", "localhost/app/v1:2")
            try store.remove([StoreItem(Reference("localhost/app:v1"))])
            #expect(try store.image(for: Reference("localhost/app:v1")) == nil)
            #expect(try store.image(for: Reference("localhost/app/v1:2")) == image)
            try await store.validate(image)
            try store.remove([StoreItem(Reference("localhost/app/v1:2"))])
            #expect(!folder.appending("layouts/localhost").isThere)
        }
    }

    @Test("an image whose manifest cannot be read is listed and can be removed")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            try Corruption.flip(store.layout(of: Reference("app")).blobs.path(of: image.digest))
            let entry = try #require(try store.inventory().images.first)
            #expect(entry.digest == nil && entry.size > 0)
            #expect(try store.remove([entry.item]).freed == entry.size)
        }
    }
}

@Suite("A removal beside readers, and killed programs")
struct StoreHoldTests {
    @Test("what somebody reads stays until the reader ends, whatever happens to the name")
    func reader() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            var held: HeldImage? = try store.hold(image)
            #expect(try ImageStore(root: store.root).remove([StoreItem(Reference("app"))]).freed == 0)
            #expect(try store.image(for: Reference("app")) == nil)
            try ImageStore(root: store.root).collectGarbage()
            let out = LayoutDirectory(folder.appending("out"), tag: "1")
            try await out.write(image, from: try #require(held), progress: nil)
            #expect(try await out.image() == image)
            removeTree(folder.appending("out"))
            held = nil
            #expect(try folder.appending("store/blobs/sha256").names() == [])
            #expect(try folder.appending("store/staging").names() == [])
            #expect(throws: Failure.self) { try store.hold(image) }
        }
    }

    @Test("readers at work and removals at the same time: each reader sees all of its image")
    func race() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("store")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in 0..<4 {
                    group.addTask {
                        for round in 0..<12 {
                            let store = ImageStore(root: root)
                            let transaction = try store.begin()
                            let image = try await SampleImage.stage("text \(round % 3)", in: transaction)
                            let held = try await transaction.commit(image, as: [try Reference("app\(reader % 2)")])
                            await Task.yield()
                            for blob in image.blobs { _ = try await held.blob(blob).measured() }
                        }
                    }
                }
                group.addTask {
                    for round in 0..<40 {
                        let store = ImageStore(root: root)
                        try store.remove([StoreItem(Reference("app\(round % 2)"))])
                        try store.collectGarbage()
                        await Task.yield()
                    }
                }
                try await group.waitForAll()
            }
            let store = ImageStore(root: root)
            for entry in try store.inventory().images {
                try await store.validate(try #require(try store.image(for: entry.reference)))
            }
            try store.remove(try store.inventory().entries.map(\.item))
            try store.collectGarbage()
            #expect(try root.appending("blobs/sha256").names() == [])
        }
    }

    @Test("what a killed reader held comes free with the next prune")
    func killedReader() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            // As a reader leaves it whose process is killed: links, and a lock that nobody has.
            let left = folder.appending("staging/999999-1")
            try left.appending("lock").write("")
            try left.appending("sha256").makeFolder()
            for blob in image.blobs {
                link(store.blobs.path(of: blob.digest).string, left.appending("sha256/\(blob.digest.hex)").string)
            }
            #expect(try store.remove([StoreItem(Reference("app"))]).freed == 0)
            #expect(try store.collectGarbage() == image.blobs.reduce(0) { $0 + $1.size })
            #expect(try folder.appending("staging").names() == [])
        }
    }

    @Test("a removal that was killed at any point is finished by the next prune, and harms no other image")
    func killedRemoval() async throws {
        for step in 0..<4 {
            try await withTemporaryFolder { folder in
                let store = ImageStore(root: folder)
                let other = try await SampleImage.commit("other", to: store, as: "other", "team/blobs:1")
                let image = try await SampleImage.commit("hello", to: store, as: "blobs/app")
                let layout = store.layout(of: try Reference("blobs/app"))
                unlink(layout.indexFile.string)
                for blob in image.blobs.prefix(step) {
                    unlink(layout.blobs.path(of: blob.digest).string)
                    if step % 2 == 1, !other.blobs.contains(blob) { unlink(store.blobs.path(of: blob.digest).string) }
                }
                #expect(store.names().count == 2)
                try store.collectGarbage()
                try await store.validate(other)
                #expect(try store.inventory().images.count == 2)
                #expect(try folder.appending("blobs/sha256").names().count == other.blobs.count)
                #expect(try store.inventory().unused == 0)
            }
        }
    }
}
