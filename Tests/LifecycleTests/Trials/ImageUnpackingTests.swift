import Files
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Unpacking a run image")
struct ImageUnpackingTests {
    private static func file(_ path: String, _ text: String, mode: UInt16 = 0o644) -> LayerContents.Item {
        .file(Array(text.utf8), path: path, mode: mode, owner: .root)
    }

    private static func folder(_ path: String) -> LayerContents.Item { .directory(path, mode: 0o755, owner: .root) }

    private static func link(_ path: String, to target: String) -> LayerContents.Item {
        .symlink(target: target, path: path, mode: 0o777, owner: .root)
    }

    /// The folder that an image of these layers is unpacked to.
    private static func unpack(_ layers: [[LayerContents.Item]], in folder: FilePath) async throws -> FilePath {
        let store = ImageStore(root: folder.appending("images"))
        let transaction = try store.begin()
        var builder = ImageBuilder()
        for items in layers {
            builder.append(
                try await transaction.addLayer(LayerContents(items), expecting: nil).layer, createdBy: "test")
        }
        let image = try builder.image()
        try await transaction.commit(image, as: [Reference("run")])
        return try await ImageUnpacking(store: store, folder: folder.appending("roots")).files(of: image)
    }

    @Test("Later layers replace and remove what earlier ones have, and programs can be run")
    func layers() async throws {
        try await withTemporaryFolder { folder in
            let root = try await Self.unpack(
                [
                    [
                        Self.folder("/etc"), Self.file("/etc/old", "1"), Self.file("/etc/gone", "1"),
                        Self.folder("/var"), Self.folder("/var/all"), Self.file("/var/all/a", "1"),
                        Self.folder("/bin"), Self.file("/bin/run", "#!", mode: 0o755),
                    ],
                    [
                        Self.file("/etc/old", "2"), Self.file("/etc/.wh.gone", ""),
                        Self.file("/var/all/.wh..wh..opq", ""), Self.file("/var/all/b", "2"),
                    ],
                ], in: folder)
            #expect(try root.appending("etc/old").readText() == "2")
            #expect(!root.appending("etc/gone").isThere)
            #expect(try root.appending("var/all").names() == ["b"])
            #expect(FileStamp(of: root.appending("bin/run")).map { $0.mode & 0o111 } == 0o111)
            for name in ["proc", "dev", "tmp", "layers", "workspace"] { #expect(root.appending(name).isFolder) }
        }
    }

    @Test("A whiteout hides what is below its layer, wherever it stands, and never a folder above it")
    func whiteouts() async throws {
        try await withTemporaryFolder { folder in
            let other = folder.appending("roots/other")
            try other.appending("kept").write("x")
            let root = try await Self.unpack(
                [
                    [Self.folder("/var"), Self.file("/var/a", "1"), Self.file("/b", "1")],
                    [
                        Self.file("/var/c", "2"), Self.file("/var/.wh..wh..opq", ""), Self.file("/b", "2"),
                        Self.file("/.wh.b", ""), Self.file("/.wh..", ""), Self.file("/.wh...", ""),
                        Self.file("/.wh.", ""),
                    ],
                ], in: folder)
            #expect(try root.appending("var").names() == ["c"])
            #expect(try root.appending("b").readText() == "2")
            #expect(other.appending("kept").isThere)
        }
    }

    @Test("Links are followed inside of the folder only, and nothing is written outside of it")
    func links() async throws {
        try await withTemporaryFolder { folder in
            let outside = folder.appending("outside")
            try outside.makeFolder()
            let root = try await Self.unpack(
                [
                    [
                        Self.folder("/usr"), Self.folder("/usr/bin"), Self.link("/bin", to: "usr/bin"),
                        Self.link("/lib", to: "/usr/lib"), Self.link("/evil", to: outside.string),
                        Self.link("/up", to: "../../../.."), Self.link("/round", to: "round"),
                    ],
                    [
                        Self.file("/bin/sh", "sh"), Self.file("/lib/a", "a"), Self.file("/evil/a", "a"),
                        Self.file("/up/b", "b"), Self.file("/round/c", "c"), Self.file("/usr/../../d", "d"),
                    ],
                ], in: folder)
            #expect(try root.appending("usr/bin/sh").readText() == "sh")
            #expect(try root.appending("usr/lib/a").readText() == "a")
            #expect(try root.appending("b").readText() == "b")
            #expect(try outside.names() == [])
            #expect(try folder.names().sorted() == ["images", "outside", "roots"])
            #expect(try folder.appending("roots").names().count == 1)
        }
    }

    @Test("An image is unpacked once, and only the last few stay")
    func kept() async throws {
        try await withTemporaryFolder { folder in
            let first = try await Self.unpack([[Self.file("/a", "0")]], in: folder)
            try first.appending("mark").write("still the same")
            #expect(try await Self.unpack([[Self.file("/a", "0")]], in: folder) == first)
            #expect(first.appending("mark").isThere)
            for index in 1...6 { _ = try await Self.unpack([[Self.file("/a", "\(index)")]], in: folder) }
            #expect(try folder.appending("roots").names().count == 4)
        }
    }
}
