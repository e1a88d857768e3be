import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import OCIImage

/// What the store gives out is what its names say, whatever a disk or another program did to its files.
@Suite("A store whose files were changed") struct StoreIntegrityTests {
    /// What is done to a blob's file; its size stays, and so do its times.
    static func flip(_ path: FilePath) throws {
        var status = stat()
        try #require(stat(path.string, &status) == 0)
        chmod(path.string, 0o644)
        var bytes = try path.bytes()
        bytes[bytes.count / 2] ^= 1
        let descriptor = try FileDescriptor.open(path, .writeOnly)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        var times = [status.st_atim, status.st_mtim]
        utimensat(AT_FDCWD, path.string, &times, 0)
        chmod(path.string, 0o444)
    }

    @Test("a blob with a flipped bit is not given out, and the error names the file and its cure")
    func flipped() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let layer = image.layers[1].descriptor
            let path = store.blobs.path(of: layer.digest)
            try Self.flip(path)
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
            for blob in image.blobs { try Self.flip(store.blobs.path(of: blob.digest)) }
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

    @Test("each damaged image is named with its files, one whose manifest cannot be read too")
    func problems() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app", "team/blobs:1")
            _ = try await SampleImage.commit("other", to: store, as: "other")
            let names = try ["app", "team/blobs:1", "other"].map { try Reference($0) }
            #expect(try store.names().map(\.fullName) == names.map(\.fullName).sorted())
            for name in names { #expect(try await store.problems(of: name).isEmpty) }
            let path = store.blobs.path(of: image.layers[1].descriptor.digest)
            try Self.flip(path)
            let later = ImageStore(root: folder)
            for name in names.prefix(2) {
                let problems = try await later.problems(of: name)
                #expect(problems.count == 1 && problems[0].contains(path.string), "\(problems)")
            }
            #expect(try await later.problems(of: names[2]).isEmpty)
            let other = try #require(try store.image(for: names[2]))
            try Self.flip(later.layout(of: names[2]).blobs.path(of: other.digest))
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
}
