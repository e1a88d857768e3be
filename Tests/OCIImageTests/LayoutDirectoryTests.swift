import Diagnostics
import Glibc
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct LayoutDirectoryTests {
    @Test("other tags of a layout are kept, the same tag is replaced")
    func tags() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let one = try await SampleImage.commit("one", to: store, as: "one")
            let two = try await SampleImage.commit("two", to: store, as: "two")
            let path = folder.appending("out")
            try await LayoutDirectory(path, tag: "a").write(one, from: store, progress: nil)
            try await LayoutDirectory(path, tag: "b").write(one, from: store, progress: nil)
            try await LayoutDirectory(path, tag: "a").write(two, from: store, progress: nil)
            #expect(try LayoutDirectory(path, tag: nil).tags() == ["b", "a"])
            #expect(try await LayoutDirectory(path, tag: "a").image() == two)
            #expect(try await LayoutDirectory(path, tag: "b").image() == one)
            try await ImageValidator().validate(two, blobs: LayoutDirectory(path, tag: "a"))
        }
    }

    @Test("a layout that another process is making is there or not, and never broken")
    func appearing() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("out")
            try path.appending("index.json").write(#"{"schemaVersion":2,"manifests":[]}"#)
            let marker = path.appending("oci-layout")
            let writing = Task.detached {
                while !Task.isCancelled {
                    try marker.write(#"{"imageLayoutVersion":"1.0.0"}"#)
                    unlink(marker.string)
                }
            }
            defer { writing.cancel() }
            for _ in 0..<4_000 { #expect(try LayoutDirectory(path, tag: nil).tags().isEmpty) }
        }
    }

    @Test("what is there already is not touched")
    func unchanged() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("one", to: store, as: "one")
            let layout = LayoutDirectory(folder.appending("out"), tag: nil)
            let first = try await layout.write(image, from: store, progress: nil)
            let before = try identity(layout.path.appending("index.json"))
            let second = try await layout.write(image, from: store, progress: nil)
            #expect(!first.isUnchanged && second.isUnchanged)
            #expect(try identity(layout.path.appending("index.json")) == before)
            #expect(try layout.path.names() == ["blobs", "index.json", "oci-layout"])
        }
    }

    @Test("a missing or truncated blob is written again, though the index names the image")
    func repaired() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("one", to: store, as: "one")
            let layout = LayoutDirectory(folder.appending("out"), tag: "x")
            try await layout.write(image, from: store, progress: nil)
            let blob = layout.path.appending("blobs/sha256/\(image.layers[0].diffID.hex)")
            try #require(unlink(blob.string) == 0)
            try blob.write("short")
            try await layout.write(image, from: store, progress: nil)
            try await ImageValidator().validate(image, blobs: layout)
        }
    }

    @Test("a layout of several images needs a tag, and the error names those there are")
    func ambiguous() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("one", to: store, as: "one")
            let path = folder.appending("out")
            for tag in ["a", "b"] { try await LayoutDirectory(path, tag: tag).write(image, from: store, progress: nil) }
            let error = await #expect(throws: Failure.self) { try await LayoutDirectory(path, tag: nil).image() }
            #expect(error?.advice == "name one: oci:\(path):a, oci:\(path):b")
        }
    }

    @Test(
        "a layout that is damaged is an error, never a crash",
        arguments: [
            "", "{", "[]", #"{"schemaVersion":2}"#, #"{"schemaVersion":2,"manifests":[{}]}"#,
            #"{"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"sha256:../../etc/passwd","size":1}]}"#,
        ])
    func damaged(index: String) async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("index.json").write(index)
            let error = await #expect(throws: Failure.self) {
                try await LayoutDirectory(folder, tag: nil).image()
            }
            #expect(error?.message.contains("index.json is not valid: ") == true, "\(error?.message ?? "")")
        }
    }

    private func identity(_ path: FilePath) throws -> [Int] {
        var status = stat()
        guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
        return [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}
