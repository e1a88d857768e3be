import Diagnostics
import Glibc
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct ImageStoreTests {
    @Test("an image that is committed is there under each of its names")
    func commit() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app", "other/app:2")
            #expect(try store.image(for: Reference("app")) == image)
            #expect(try store.image(for: Reference("docker.io/library/app:latest")) == image)
            #expect(try store.image(for: Reference("other/app:2")) == image)
            #expect(try store.image(for: Reference("app:2")) == nil)
            #expect(
                try store.list().map(\.reference.description) == [
                    "index.docker.io/library/app:latest", "index.docker.io/other/app:2",
                ])
        }
    }

    @Test("the same input gives the same digest in two stores")
    func deterministic() async throws {
        try await withTemporaryFolder { folder in
            let one = try await SampleImage.commit("hello", to: ImageStore(root: folder.appending("1")), as: "app")
            let two = try await SampleImage.commit("hello", to: ImageStore(root: folder.appending("2")), as: "app")
            #expect(one.digest == two.digest)
            #expect(one.manifestBytes == two.manifestBytes)
        }
    }

    @Test("a layer that the store has is not written again, with or without the digest that is expected")
    func unchangedLayer() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let transaction = try store.begin()
            let expected = image.layers[1].diffID
            let hinted = try await transaction.addLayer(SampleImage.app("hello"), expecting: expected)
            let plain = try await transaction.addLayer(SampleImage.app("hello"))
            let changed = try await transaction.addLayer(SampleImage.app("changed"), expecting: expected)
            #expect(hinted.wasThere && hinted.layer.diffID == expected)
            #expect(plain.layer == hinted.layer && plain.wasThere)
            #expect(!changed.wasThere && changed.layer.diffID != expected)
            #expect(transaction.reuseLayer(image.layers[0]))
        }
    }

    @Test("a transaction that is dropped leaves the image as it was, and nothing behind")
    func dropped() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let before = try folder.tree()
            do {
                let transaction = try store.begin()
                _ = try await SampleImage.stage("other", in: transaction)
            }
            #expect(try folder.tree() == before)
            #expect(try store.image(for: Reference("app")) == image)
        }
    }

    @Test("what a killed process left behind is removed, what a living one holds is kept")
    func stale() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let living = try store.begin()
            let image = try await SampleImage.stage("hello", in: living)
            let left = folder.appending("staging/999999-1")
            try left.appending("lock").write("")
            try left.appending("sha256/.partial").write("half a layer")
            try folder.appending("staging/999999-2/sha256").makeFolder()
            try folder.appending("staging/scratch-999999-3").write("half an image")
            var scratch: ScratchFile? = try ScratchFile(in: folder.appending("staging"))
            let next = try store.begin()
            #expect(try folder.appending("staging").names().count == 3)
            #expect(scratch?.path.isThere == true)
            try await living.commit(image, as: [try Reference("app")])
            try await store.validate(image)
            next.cancel()
            scratch = nil
            #expect(try folder.appending("staging").names() == [])
        }
    }

    @Test("a new image under a name takes the old one's blobs away, but not those that another name has")
    func replaced() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let old = try await SampleImage.commit("old", to: store, as: "app", "kept")
            let new = try await SampleImage.commit("new", to: store, as: "app")
            #expect(store.contains(old.layers[1].diffID))
            #expect(try store.remove([StoreItem(Reference("kept"))]).freed > 0)
            #expect(!store.contains(old.layers[1].diffID))
            #expect(try store.remove([StoreItem(Reference("kept"))]).items.isEmpty)
            try await store.validate(new)
            #expect(try store.collectGarbage() == 0)
        }
    }

    @Test("garbage is what no name has and no transaction holds")
    func garbage() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let unnamed = try await SampleImage.commit("nobody's", to: store, as: "nobody")
            removeTree(folder.appending("layouts/index.docker.io/library/nobody"))
            let transaction = try store.begin()
            _ = transaction.reuseLayer(unnamed.layers[1])
            try store.collectGarbage()
            #expect(store.contains(unnamed.layers[1].diffID))
            transaction.cancel()
            #expect(try store.collectGarbage() > 0)
            #expect(!store.contains(unnamed.layers[1].diffID))
            try await store.validate(image)
        }
    }

    @Test("a blob that has rotted is found")
    func rotten() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let blob = folder.appending("blobs/sha256/\(image.layers[1].diffID.hex)")
            var bytes = try blob.readBytes()
            bytes[600] ^= 1
            try blob.setMode(0o600)
            try blob.write(String(decoding: bytes, as: UTF8.self))
            let error = await #expect(throws: Failure.self) { try await store.validate(image) }
            #expect(
                error?.message.hasPrefix("\(blob) does not hold what its name says") == true, "\(error?.message ?? "")")
        }
    }

    @Test("an image with a layer that was not added is refused, and the old one stays")
    func missingLayer() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("1"))
            let old = try await SampleImage.commit("hello", to: store, as: "app")
            let foreign = try await SampleImage.commit("other", to: ImageStore(root: folder.appending("2")), as: "app")
            let transaction = try store.begin()
            let error = await #expect(throws: Failure.self) {
                try await transaction.commit(foreign, as: [try Reference("app")])
            }
            #expect(error?.code == .notFound)
            #expect(try store.image(for: Reference("app")) == old)
        }
    }

    @Test("several transactions at once commit whole images")
    func concurrent() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let images = try await withThrowingTaskGroup(of: Image.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await SampleImage.commit("text \(number)", to: store, as: "same", "app\(number)")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let last = try #require(try store.image(for: Reference("same")))
            #expect(images.contains(last))
            for image in images { try await store.validate(image) }
        }
    }

    @Test("the folders are their owner's alone")
    func modes() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("deep/store")
            try await SampleImage.commit("hello", to: ImageStore(root: root), as: "app")
            for path in ["", "blobs", "blobs/sha256", "staging", "layouts/index.docker.io/library/app/latest"] {
                var status = stat()
                try #require(stat(root.appending(path).string, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o700, "\(path)")
            }
        }
    }
}
