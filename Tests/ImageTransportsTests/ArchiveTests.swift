import Diagnostics
import Glibc
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

@Suite struct ArchiveTests {
    @Test("an image comes back from an archive of an OCI layout as it went in")
    func layoutArchive() async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let archive = LayoutArchive(folder.appending("image.tar"), reference: try Reference("sample:1"))
            let outcome = try await archive.write(sample.image, from: sample.store, progress: nil)
            #expect(outcome == WriteOutcome(manifestDigest: sample.image.digest, isUnchanged: false))
            #expect(try await archive.image() == sample.image)
            try await ImageValidator().validate(sample.image, blobs: archive)
            #expect(try folder.names() == ["image.tar", "store"])
        }
    }

    @Test("an image comes back from a docker archive with the same ID and layers")
    func dockerArchive() async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let archive = DockerArchive(folder.appending("image.tar"), reference: try Reference("sample"))
            try await archive.write(sample.image, from: sample.store, progress: nil)
            let read = try await archive.image()
            #expect(read.id == sample.image.id)
            #expect(read.layers == sample.image.layers)
            try await ImageValidator().validate(read, blobs: archive)
        }
    }

    @Test("an archive that holds the image already is not written again", arguments: ["oci", "docker"])
    func unchanged(kind: String) async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let other = try await SampleImage("jello", in: sample.store, name: "other")
            let file = folder.appending("image.tar")
            let name = try Reference("sample")
            let archive: any ImageDestination =
                kind == "oci" ? LayoutArchive(file, reference: name) : DockerArchive(file, reference: name)
            #expect(try await !archive.write(sample.image, from: sample.store, progress: nil).isUnchanged)
            #expect(try await archive.write(sample.image, from: sample.store, progress: nil).isUnchanged)
            #expect(try await !archive.write(other.image, from: sample.store, progress: nil).isUnchanged)
        }
    }

    @Test("skopeo takes both archives, and what skopeo writes is read", arguments: ["oci-archive", "docker-archive"])
    func skopeo(kind: String) async throws {
        let skopeo = try findTool("skopeo")
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let file = folder.appending("image.tar")
            let name = try Reference("sample")
            let copy = folder.appending("copy.tar")
            let read: any ImageSource
            if kind == "oci-archive" {
                try await LayoutArchive(file, reference: name).write(sample.image, from: sample.store, progress: nil)
                read = LayoutArchive(copy, reference: nil)
            } else {
                try await DockerArchive(file, reference: name).write(sample.image, from: sample.store, progress: nil)
                read = DockerArchive(copy, reference: nil)
            }
            _ = try await run(skopeo, ["copy", "\(kind):\(file)", "\(kind):\(copy):sample:latest"]).succeeded()
            let image = try await read.image()
            #expect(image.id == sample.image.id)
            try await ImageValidator().validate(image, blobs: read)
        }
    }

    @Test(
        "an archive that is compressed as a whole is read, and what was unpacked is removed",
        arguments: ["oci", "docker"], ["gzip", "zstd"])
    func compressed(kind: String, tool: String) async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let file = folder.appending("image.tar")
            let scratch = folder.appending("scratch")
            let name = try Reference("sample")
            try await archive(kind, file, name, scratch).destination
                .write(sample.image, from: sample.store, progress: nil)
            _ = try await run(try findTool(tool), ["-f", file.string]).succeeded()
            let packed = FilePath(file.string + (tool == "gzip" ? ".gz" : ".zst"))
            do {
                let source = archive(kind, packed, nil, scratch).source
                let image = try await source.image()
                #expect(image.id == sample.image.id)
                try await ImageValidator().validate(image, blobs: source)
                #expect(try scratch.names().count == 1)
            }
            #expect(try scratch.names().isEmpty)
        }
    }

    @Test("an archive that unpacks to far more than it is, is refused, and leaves nothing")
    func bomb() async throws {
        try await withTemporaryFolder { folder in
            let script = "head -c 60000000 /dev/zero | gzip > bomb.tar"
            _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
            let scratch = folder.appending("scratch")
            let archive = ArchiveFile(
                folder.appending("bomb.tar"), temporaryFolder: scratch, smallestLimit: 1_000_000)
            let error = #expect(throws: Failure.self) { try archive.index() }
            #expect(error?.code == .overLimit)
            #expect(error?.message.contains("bomb.tar") == true)
            #expect(try scratch.names().isEmpty)
        }
    }

    @Test("names in an archive cannot lead out of it, nor in a circle")
    func links() async throws {
        try await withTemporaryFolder { folder in
            let script = """
                set -e
                mkdir in && cd in
                ln -s ../../../../../../etc/passwd index.json
                ln -s b a && ln -s a b && ln -s a manifest.json
                mknod device c 1 3
                tar -cPf ../x.tar index.json a b manifest.json device --transform 's,^device,blobs/../../../device,'
                """
            _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
            let file = folder.appending("x.tar")
            for kind in ["oci", "docker"] {
                let error = await #expect(throws: Failure.self) {
                    try await archive(kind, file, nil, folder).source.image()
                }
                #expect(error?.code == .notFound)
            }
            let index = try TarIndex(file)
            #expect(index.content("device") == nil && index.content("/etc/passwd") == nil)
        }
    }

    private func archive(
        _ kind: String, _ file: FilePath, _ name: Reference?, _ scratch: FilePath
    ) -> (source: any ImageSource, destination: any ImageDestination) {
        if kind == "oci" {
            let archive = LayoutArchive(file, reference: name, temporaryFolder: scratch)
            return (archive, archive)
        }
        let archive = DockerArchive(file, reference: name, temporaryFolder: scratch)
        return (archive, archive)
    }

    @Test("a write that fails leaves the archive that was there, and nothing else")
    func failed() async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let other = try await SampleImage("other", in: ImageStore(root: folder.appending("other")))
            let archive = DockerArchive(folder.appending("image.tar"), reference: try Reference("sample"))
            try await archive.write(sample.image, from: sample.store, progress: nil)
            let before = try archive.file.readBytes()
            let error = await #expect(throws: Failure.self) {
                try await archive.write(other.image, from: sample.store, progress: nil)
            }
            #expect(error?.message.contains("no blob ") == true, "\(error?.message ?? "")")
            #expect(try archive.file.readBytes() == before)
            #expect(try folder.names() == ["image.tar", "other", "store"])
        }
    }

    @Test("what is no image archive is an error that names the file")
    func broken() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("x.tar")
            for text in ["", "no tar", String(repeating: "\0", count: 1024)] {
                try file.write(text)
                for source in [LayoutArchive(file, reference: nil), DockerArchive(file, reference: nil)]
                    as [any ImageSource]
                {
                    let error = await #expect(throws: Failure.self) { try await source.image() }
                    #expect(error?.message.contains(file.string) == true)
                }
            }
        }
    }

    @Test("a layer that is not what its name says is not taken over")
    func tampered() async throws {
        try await withTemporaryFolder { folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let archive = DockerArchive(folder.appending("image.tar"), reference: nil)
            try await archive.write(sample.image, from: sample.store, progress: nil)
            var bytes = try archive.file.readBytes()
            let place = try #require(bytes.firstRange(of: Array("hello".utf8) + [0])).lowerBound
            bytes[place] = UInt8(ascii: "j")
            try archive.file.setMode(0o600)
            try archive.file.write(String(decoding: bytes, as: UTF8.self))
            let image = try await archive.image()
            let target = ImageStore(root: folder.appending("target"))
            let transaction = try target.begin()
            let error = await #expect(throws: Failure.self) {
                try await transaction.addLayers(of: image, from: archive)
            }
            #expect(error?.message.contains("is now sha256:") == true, "\(error?.message ?? "")")
        }
    }
}
