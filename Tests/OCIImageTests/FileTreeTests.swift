import Diagnostics
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct FileTreeTests {
    @Test("a layer's files are marked against the layers below")
    func marks() async throws {
        let files = try await open([
            [.folder("etc"), .file("etc/kept", 10), .file("etc/changed", 20), .file("etc/gone", 30), .folder("var")],
            [
                .file("etc/changed", 25), .file("etc/.wh.gone", 0), .file("etc/new", 5), .folder("opt"),
                .file("opt/x", 1),
            ],
        ])
        #expect(
            try await text(files.mergedTree(through: 1)) == """
                M /etc 40
                M /etc/changed 25
                D /etc/gone 30
                  /etc/kept 10
                A /etc/new 5
                A /opt 1
                A /opt/x 1
                  /var 0
                """)
        #expect(
            try await text(files.layerTree(1)) == """
                M /etc 30
                M /etc/changed 25
                D /etc/gone 30
                A /etc/new 5
                A /opt 1
                A /opt/x 1
                """)
        #expect(try await files.mergedTree(through: 0)[.root].totalSize == 60)
        #expect(try await files.mergedTree(through: 1)[.root].totalSize == 41)
    }

    @Test("what a lower layer removed is not shown above it")
    func removedBelow() async throws {
        let files = try await open([[.file("a", 1), .file("b", 2)], [.file(".wh.a", 0)], [.file("c", 3)]])
        #expect(try await text(files.mergedTree(through: 2)) == "  /b 2\nA /c 3")
        #expect(try await text(files.mergedTree(through: 1)) == "D /a 1\n  /b 2")
    }

    @Test(
        "an opaque folder hides what is below, wherever the mark stands among the layer's entries",
        arguments: [true, false])
    func opaque(isFirst: Bool) async throws {
        let mark = Entry.file("d/.wh..wh..opq", 0)
        let new = Entry.file("d/new", 4)
        let files = try await open([
            [.folder("d"), .file("d/old", 8), .folder("d/sub"), .file("d/sub/deep", 16)],
            [.folder("d")] + (isFirst ? [mark, new] : [new, mark]),
        ])
        #expect(
            try await text(files.mergedTree(through: 1)) == """
                M /d 4
                A /d/new 4
                D /d/old 8
                D /d/sub 0
                D /d/sub/deep 16
                """)
    }

    @Test("a file that comes again after its removal in the same layer is modified, in a later layer added")
    func comesAgain() async throws {
        let same = try await open([[.file("a", 1)], [.file(".wh.a", 0), .file("a", 2)]])
        #expect(try await text(same.mergedTree(through: 1)) == "M /a 2")
        let later = try await open([[.file("a", 1)], [.file(".wh.a", 0)], [.file("a", 2)]])
        #expect(try await text(later.mergedTree(through: 2)) == "A /a 2")
    }

    @Test("a file in the place of a folder takes the folder's files away, and the other way round")
    func otherKind() async throws {
        let files = try await open([
            [.folder("x"), .file("x/y", 7)], [.file("x", 3)], [.folder("x"), .file("x/z", 1)],
        ])
        #expect(try await files.mergedTree(through: 1)[.root].totalSize == 3)
        #expect(try await text(files.mergedTree(through: 2)) == "M /x 1\nA /x/z 1")
    }

    @Test("a whiteout of nothing, a reserved name and a path that climbs are taken in peace")
    func odd() async throws {
        let files = try await open([
            [.file(".wh.nothing", 0), .file(".wh..wh.plnk", 0), .file("../../etc/passwd", 5), .file("./a//b/./c", 6)]
        ])
        #expect(
            try await text(files.mergedTree(through: 0)) == "A /a 6\nA /a/b 6\nA /a/b/c 6\nA /etc 5\nA /etc/passwd 5")
    }

    @Test("a path leads through links as in a container, of several layers too; a circle leads nowhere")
    func links() async throws {
        let files = try await open([
            [.link("bin", to: "usr/bin"), .file("usr/bin/sh", 5), .file("gone", 1), .link("round", to: "round")],
            [
                .link("app/sh", to: "../bin/./sh"), .link("opt", to: "/app"), .file(".wh.gone", 0),
                .link("out", to: "../../bin"),
            ],
        ])
        let tree = try await files.mergedTree(through: 1)
        func place(_ path: String) -> String? { tree.node(following: path).map { tree.path(of: $0) } }
        for path in ["/usr/bin/sh", "bin/sh", "/opt/sh", "/app/../bin//sh", "/out/sh"] {
            #expect(place(path) == "/usr/bin/sh", "\(path)")
        }
        for path in ["/round", "/round/x", "/gone", "/usr/bin/sh/x", "/none"] { #expect(place(path) == nil, "\(path)") }
        #expect(place("/") == "/")
    }

    @Test("forty links on the way are followed, as the kernel follows them, and one more is not")
    func manyLinks() async throws {
        let links = (0...40).map { Entry.link("l\($0)", to: "l\($0 + 1)") }
        let tree = try await open([links + [.file("l41", 1)]]).mergedTree(through: 0)
        #expect(tree.node(following: "/l1").map { tree.path(of: $0) } == "/l41")
        #expect(tree.node(following: "/l0") == nil)
    }

    @Test("mode, owner and link target are kept")
    func attributes() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let tree = try await ImageFiles(image, blobs: store).layerTree(1)
            let greeting = try #require(tree.node(at: "/app/greeting"))
            let link = try #require(tree.node(at: "/app/hello"))
            #expect(tree[greeting].mode == 0o644 && tree[greeting].owner == SampleImage.user)
            #expect(tree[greeting].layer == 1)
            #expect(tree[link].kind == .symlink && tree.linkTarget(of: link) == "greeting")
            #expect(tree.path(of: link) == "/app/hello")
            #expect(tree.node(at: "/etc/passwd") == nil)
            #expect(tree.largestFiles(1) == [greeting])
        }
    }

    @Test("the score is dive's, and what can be reclaimed is what no one can see")
    func efficiency() async throws {
        let files = try await open([
            [.file("base", 100), .file("twice", 40), .folder("d"), .file("d/a", 30), .file("d/b", 30)],
            [.file("twice", 60), .file("once", 100), .file(".wh.d", 0)],
            [.file(".wh.base", 0)],
        ])
        let efficiency = try await files.efficiency()
        // Least: base 0, twice 40, d/a 30, d/b 30, once 100, and the removal of d with its 60.
        // Sum: base 100, twice 100, 60, once 100, and again 60.
        #expect(efficiency.score == 260.0 / 420.0)
        #expect(efficiency.paths.map(\.path) == ["/base", "/twice"])
        #expect(efficiency.wastedBytes == 200)
        #expect(efficiency.wastedFraction == 200.0 / 160.0)
        #expect(efficiency.reclaimableBytes == 100 + 40 + 60)
    }

    @Test("of paths that several layers hold the one with the most bytes comes first, equal ones by their names")
    func wasteOrder() async throws {
        let layer: [Entry] = [.file("c", 10), .file("a", 10), .file("b", 30), .file("once", 50)]
        let paths = try await open([layer, Array(layer.dropLast())]).efficiency().paths
        #expect(paths.map { "\($0.path) \($0.bytes) \($0.copies)" } == ["/b 60 2", "/a 20 2", "/c 20 2"])
    }

    @Test("an image of one layer wastes nothing")
    func oneLayer() async throws {
        let efficiency = try await open([[.file("a", 10)]]).efficiency()
        #expect(efficiency.score == 1 && efficiency.wastedFraction == 0 && efficiency.paths.isEmpty)
    }

    @Test("a file's bytes come from the layer that is asked, within a limit")
    func content() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let files = ImageFiles(image, blobs: store)
            #expect(try await files.content(of: "/app/greeting", in: 1, limit: 100) == Array("hello".utf8))
            let wrong = [
                ("/app/greeting", 0, "layer 0 has no file /app/greeting"), ("/app", 1, "/app is a folder"),
                ("/app/hello", 1, "/app/hello is a link to greeting"), ("/nothing", 1, "layer 1 has no file /nothing"),
                ("/x", 9, "the image has no layer 9, only 2 layers"),
            ]
            for (path, layer, message) in wrong {
                let error = await #expect(throws: Failure.self) {
                    try await files.content(of: path, in: layer, limit: 100)
                }
                #expect(error?.message == message)
            }
            let error = await #expect(throws: Failure.self) {
                try await files.content(of: "/app/greeting", in: 1, limit: 4)
            }
            #expect(error?.code == .overLimit)
            try await files.extract("/app/greeting", in: 1, to: folder.appending("out"))
            #expect(try folder.appending("out").readText() == "hello")
        }
    }

    @Test("compressed layers are read as well, files in them too")
    func compressed() async throws {
        let skopeo = try findTool("skopeo")
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            try await SampleImage.commit("hello", to: store, as: "app")
            let layout = store.layout(of: try Reference("app")).path
            for format in ["gzip", "zstd"] {
                let copy = folder.appending(format)
                _ = try await run(
                    skopeo,
                    ["copy", "--dest-compress-format", format, "oci:\(layout):latest", "oci:\(copy):x"]
                ).succeeded()
                let source = LayoutDirectory(copy, tag: "x")
                let files = ImageFiles(try await source.image(), blobs: source)
                #expect(try await text(files.layerTree(1)) == "A /app 5\nA /app/greeting 5\nA /app/hello 0")
                #expect(try await files.content(of: "app/greeting", in: 1, limit: 9) == Array("hello".utf8))
            }
        }
    }

    @Test("a layer that is no tar, or is cut off, is an error that says so")
    func broken() async throws {
        var tar = try bytes([.file("a", 3000)])
        let cut = Array(tar.prefix(2000))
        tar[0] ^= 0xff
        for layer in [cut, tar, Array("no tar at all, just some text".utf8)] {
            let files = ImageFiles(try image([layer]), blobs: try Blobs([layer]))
            let error = await #expect(throws: Failure.self) { try await files.layerTree(0) }
            #expect(error?.message.contains("is not a valid archive: ") == true, "\(error?.message ?? "")")
        }
    }

    @Test("a layer with too many entries or too much in it is refused")
    func limits() async throws {
        let layer = try bytes([.file("a", 3000), .file("b", 3000)])
        for limits in [TarLimits(entries: 1), TarLimits(totalSize: 5999), TarLimits(pathLength: 0)] {
            let files = ImageFiles(try image([layer]), blobs: try Blobs([layer]), limits: limits)
            let error = await #expect(throws: Failure.self) { try await files.layerTree(0) }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("a folder on the disk is read like a layer, without marks")
    func folder() throws {
        try withTemporaryFolder { folder in
            try folder.appending("lib/b.beam").write("12345", mode: 0o640)
            try folder.appending("lib/a.beam").write("123")
            try #require(symlink("lib", folder.appending("link").string) == 0)
            let tree = try FileTree(directory: folder)
            #expect(self.text(tree) == "  /lib 8\n  /lib/a.beam 3\n  /lib/b.beam 5\n  /link 0")
            let file = try #require(tree.node(at: "lib/b.beam"))
            #expect(tree[file].mode == 0o640)
            #expect(tree[.root].count == 4)
        }
    }

    // MARK: - What the layers are made of

    enum Entry {
        case folder(String)
        case file(String, Int)
        case link(String, to: String)
    }

    struct Blobs: BlobSource {
        let blobs: [Digest: [UInt8]]

        init(_ layers: [[UInt8]]) throws {
            blobs = Dictionary(uniqueKeysWithValues: try layers.map { (try Digest(of: $0), $0) })
        }

        func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
            guard let bytes = blobs[descriptor.digest] else { throw Failure(.notFound, "no such blob") }
            return .bytes(bytes)
        }
    }

    private func open(_ layers: [[Entry]]) async throws -> ImageFiles {
        let layers = try layers.map(bytes)
        return ImageFiles(try image(layers), blobs: try Blobs(layers))
    }

    private func bytes(_ entries: [Entry]) throws -> [UInt8] {
        let items = entries.map { entry in
            switch entry {
            case .folder(let path): LayerContents.Item.directory(path, mode: 0o755, owner: .root)
            case .file(let path, let size):
                LayerContents.Item.file(Array(repeating: 120, count: size), path: path, mode: 0o644, owner: .root)
            case .link(let path, let target):
                LayerContents.Item.symlink(target: target, path: path, mode: 0o777, owner: .root)
            }
        }
        let sink = MemorySink()
        try LayerContents(items).write(to: sink)
        return sink.bytes
    }

    private func image(_ layers: [[UInt8]]) throws -> Image {
        var builder = ImageBuilder()
        for layer in layers {
            let digest = try Digest(of: layer)
            let descriptor = Descriptor(mediaType: .layer, digest: digest, size: Int64(layer.count))
            builder.append(ImageLayer(descriptor: descriptor, diffID: digest))
        }
        return try builder.image()
    }

    /// One line a node: mark, path, size with everything in it.
    private func text(_ tree: FileTree, _ folder: FileTree.ID = .root) -> String {
        tree.children(of: folder).map { id in
            let size = tree[id].kind == .directory ? tree[id].totalSize : tree[id].size
            let below = text(tree, id)
            return "\(tree[id].change.mark) \(tree.path(of: id)) \(size)" + (below.isEmpty ? "" : "\n" + below)
        }.joined(separator: "\n")
    }
}
