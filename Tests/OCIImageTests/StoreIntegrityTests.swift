import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import OCIImage

/// What the store gives out is what its names say, whatever a disk or another program did to its files.
@Suite("A store whose files were changed") struct StoreIntegrityTests {
    @Test("a blob with a flipped bit is not given out, and the error names the file and its cure")
    func flipped() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let layer = image.layers[1].descriptor
            let path = store.blobs.path(of: layer.digest)
            try Corruption.flip(path)
            let other = ImageStore(root: store.root)
            let error = await #expect(throws: Failure.self) { try await other.blob(layer) }
            #expect(error?.code == .digestMismatch)
            #expect(error?.message.hasPrefix("\(path) does not hold what its name says") == true)
            #expect(error?.advice?.contains("remove that file") == true)
            let out = LayoutDirectory(folder.appending("out"), tag: "1")
            await #expect(throws: Failure.self) { try await out.write(image, from: other, progress: nil) }
            #expect(!out.indexFile.isThere)
            let transaction = try other.begin()
            #expect(!transaction.reuseLayer(image.layers[1]))
            #expect(transaction.reuseLayer(image.layers[0]))
        }
    }

    @Test("the right bytes take the place of wrong ones, for each image that has them")
    func repaired() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app", "other/app:2")
            for blob in image.blobs { try Corruption.flip(store.blobs.path(of: blob.digest)) }
            let again = ImageStore(root: folder)
            let made = try await SampleImage.commit("hello", to: again, as: "third")
            #expect(made == image)
            for name in ["app", "other/app:2", "third"] {
                let read = try #require(try again.image(for: Reference(name)))
                try await ImageStore(root: folder).validate(read)
                let layout = again.layout(of: try Reference(name))
                for blob in image.blobs { _ = try await layout.blob(blob) }
            }
        }
    }

    @Test("a layer that is as it was does not hide that its blob was changed, and the right bytes take its place")
    func unchangedLayer() async throws {
        try await withTemporaryFolder { folder in
            let first = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: first, as: "app")
            let layer = image.layers[1]
            let path = first.blobs.path(of: layer.diffID)
            let whole = try await ImageStore(root: folder).begin().addLayer(
                SampleImage.app("hello"), expecting: layer.diffID)
            #expect(whole.wasThere && whole.layer == layer)
            try Corruption.flip(path)
            let store = ImageStore(root: folder)
            let transaction = try store.begin()
            let added = try await transaction.addLayer(SampleImage.app("hello"), expecting: layer.diffID)
            #expect(!added.wasThere && added.layer == layer)
            try await transaction.commit(image, as: [Reference("app")])
            try await ImageStore(root: folder).validate(image)
        }
    }

    @Test("each damaged image is named with its files, one whose manifest cannot be read too")
    func problems() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app", "team/blobs:1")
            _ = try await SampleImage.commit("other", to: store, as: "other")
            let names = try ["app", "team/blobs:1", "other"].map { try Reference($0) }
            #expect(store.names().map(\.fullName) == names.map(\.fullName).sorted())
            for name in names { #expect(try await store.problems(of: name).isEmpty) }
            let path = store.blobs.path(of: image.layers[1].descriptor.digest)
            try Corruption.flip(path)
            let later = ImageStore(root: folder)
            for name in names.prefix(2) {
                let problems = try await later.problems(of: name)
                #expect(problems.count == 1 && problems[0].contains(path.string), "\(problems)")
            }
            #expect(try await later.problems(of: names[2]).isEmpty)
            let other = try #require(try store.image(for: names[2]))
            try Corruption.flip(later.layout(of: names[2]).blobs.path(of: other.digest))
            #expect(try await later.problems(of: names[2]).count == 1)
            let error = await #expect(throws: Failure.self) { try await later.problems(of: Reference("none")) }
            #expect(error?.message.contains("no image") == true)
        }
    }

    @Test("what was written to a blob's file is seen without reading it, and links to it change nothing")
    func stamps() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let before = try #require(store.stamp(of: image))
            try await LayoutDirectory(folder.appending("out"), tag: nil).write(image, from: store, progress: nil)
            #expect(store.stamp(of: image) == before)
            let path = store.blobs.path(of: image.layers[1].descriptor.digest)
            let bytes = try path.bytes()
            chmod(path.string, 0o644)
            let descriptor = try FileDescriptor.open(path, .writeOnly)
            try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
            #expect(store.stamp(of: image) != before)
            try path.remove()
            #expect(store.stamp(of: image) == nil)
        }
    }

    @Test("a layout that has a blob with other bytes gets the right ones with the next image")
    func layouts() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            // Copies: not the store's own files.
            let out = LayoutDirectory(folder.appending("out"), tag: "1")
            for blob in image.blobs {
                try out.blobs.folder.makeFolders()
                try out.blobs.path(of: blob.digest).write(
                    String(decoding: Array(repeating: UInt8(ascii: "x"), count: Int(blob.size)), as: UTF8.self))
            }
            try await out.write(image, from: store, progress: nil)
            for blob in image.blobs { _ = try await out.blob(blob) }
        }
    }

    @Test(
        "a pipe, a socket or a device in a file's place is an error that names it and how to mend it, not a wait",
        arguments: ["index.json", "oci-layout", "blob"], [S_IFIFO, S_IFSOCK, S_IFCHR])
    func special(place: String, kind: mode_t) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let layout = store.layout(of: try Reference("app"))
            let path =
                place == "blob"
                ? store.blobs.path(of: image.layers[1].descriptor.digest) : layout.path.appending(place)
            try path.remove()
            // The device is /dev/zero, which has no end.
            #expect(mknod(path.string, kind | 0o600, kind == S_IFCHR ? 0x105 : 0) == 0)
            let error = await #expect(throws: Failure.self) {
                let read = try #require(try store.image(for: Reference("app")))
                try await LayoutDirectory(folder.appending("out"), tag: "1").write(read, from: store, progress: nil)
            }
            #expect(error?.message == "\(path) is not a file")
            #expect(error?.advice?.contains("remove that file") == true)
            #expect(store.names().map(\.fullName) == [try Reference("app").fullName])
            #expect(try await store.problems(of: Reference("app")) == ["\(path) is not a file"])
        }
    }

    @Test("an image whose index cannot be read has the name of its folder, and does not hide the others")
    func names() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let digest = "sha256:" + String(repeating: "a", count: 64)
            let names = ["app", "localhost:5000/team/blobs:1", "x/y@\(digest)"]
            for name in names {
                try await SampleImage.commit(name, to: store, as: name)
                try store.layout(of: Reference(name)).indexFile.replace(with: "{".utf8)
            }
            try await SampleImage.commit("good", to: store, as: "good")
            let wanted = try (names + ["good"]).map { try Reference($0).fullName }.sorted()
            #expect(store.names().map(\.fullName) == wanted)
            let problems = try await store.problems(of: Reference("app"))
            #expect(problems.count == 1 && problems[0].contains("index.json"), "\(problems)")
        }
    }

    @Test("a lock in whose place a pipe is makes nobody wait")
    func lock() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("lock")
            #expect(mkfifo(path.string, 0o600) == 0)
            // Whoever opens it to read does not wait for a writer.
            let held = try FileDescriptor.open(path, .readWrite)
            defer { try? held.close() }
            try FileLock(creating: path).release()
            try FileLock(path).release()
            #expect(fcntl(try FileLock(path).descriptor.rawValue, F_GETFL) & O_NONBLOCK != 0)
        }
    }
}
