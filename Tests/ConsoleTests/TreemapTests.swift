import LayerArchive
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import OCIImage

@Suite("The treemap of an image", .timeLimit(.minutes(1)))
struct TreemapTests {
    private static func session(_ size: Size = Size(width: 120, height: 40)) async throws
        -> HeadlessSession<ConsoleProgram>
    {
        let program = try ConsoleProgram(clients: World().clients(), start: .image(place: "shop:latest"))
        let session = await HeadlessSession(program, size: size)
        await session.wait { $0.console.image.measure != nil }
        return session
    }

    private static func names(_ tree: SizeTree, _ id: SizeTree.ID = .root) -> [String] {
        tree.children(of: id).map { "\(tree[$0].kind) \(tree.name(of: $0)) \(tree[$0].bytes)" }
    }

    @Test("a layer has its applications and folders, the largest first; single folders are joined")
    func parts() throws {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        for (path, size) in [
            ("layers/x/release/lib/web-0.1.0/ebin/a.beam", 50), ("layers/x/release/lib/web-0.1.0/priv/b.css", 70),
            ("layers/x/release/lib/plug-1.0.0/ebin/c.beam", 40), ("layers/x/release/releases/0.1.0/sys.config", 10),
        ] as [(String, Int64)] {
            builder.add(TarEntry(path: path, kind: .file(size: size), mode: 0o644, owner: .root))
        }
        var tree = SizeTree()
        tree.add(layer: 0, named: "release", builder.tree(.layer), comparedIn: nil)
        #expect(Self.names(tree) == ["layer release 170"])
        let layer = try #require(tree.children(of: .root).first)
        #expect(
            Self.names(tree, layer) == [
                "application web-0.1.0 120", "application plug-1.0.0 40", "folder releases/0.1.0 10",
            ])
        #expect(tree[layer].files == 4)
        let web = try #require(tree.children(of: layer).first)
        #expect(Self.names(tree, web) == ["folder priv 70", "folder ebin 50"])
    }

    @Test("what changed is marked up to its layer, and nothing else")
    func marks() async throws {
        let tree = await Trees.sizes()
        let marks = tree.children(of: .root).map { "\(tree[$0].change.mark)\(tree.name(of: $0))" }
        #expect(Set(marks) == [" run image 1", " base", " deps", "Mrelease", " launcher"])
    }

    @Test("Enter zooms, Esc goes back to where the cursor was, and at last to the files")
    func zooms() async throws {
        let session = try await Self.session()
        try await session.press("t")
        await session.wait { $0.console.image.treemap.tree != nil }
        #expect(session.text.contains("Treemap of shop:latest"))
        #expect(session.text.contains("›base 6.0 MB"))
        try await session.press("j")
        let below = await session.state()?.console.image.treemap.selection
        #expect(below != 0)
        try await session.press("Enter")
        #expect(await session.state()?.console.image.treemap.isZoomed == true)
        try await session.press("Esc")
        #expect(await session.state()?.console.image.treemap.selection == below)
        try await session.press("Esc")
        #expect(session.text.contains("Files of"))
    }

    @Test("Enter on a file shows it in the files of its layer")
    func opensFile() async throws {
        let session = try await Self.session()
        try await session.press("t")
        await session.wait { $0.console.image.treemap.tree != nil }
        for _ in 0..<6 {
            guard await session.state()?.console.image.showsTreemap == true else { break }
            try await session.press("Enter")
        }
        await session.wait { $0.console.image.files.tree != nil }
        let files = await session.state()?.console.image.files
        #expect(files?.selected.flatMap { files?.tree?.path(of: $0) }?.hasSuffix("beam.smp") == true)
    }

    @Test("a change is seen without colour: by a letter and a pattern")
    func withoutColour() async throws {
        var state = TreemapState()
        state.begin(.init(image: "shop", comparand: .previous))
        state.show(await Trees.sizes())
        let tree = try #require(state.tree)
        let parts = tree.children(of: .root)
        state.select(try #require(parts.firstIndex { tree.name(of: $0) == "release" }), of: parts.count)
        let isZoomed = state.zoomIn()
        #expect(isZoomed)
        var canvas = Canvas(size: Size(width: 80, height: 20))
        try #require(TreemapView(state, isFocused: true)).draw(in: canvas.bounds, on: &canvas)
        let rows = (0..<20).map { y in (0..<80).map { canvas[Point(x: $0, y: y)]?.text ?? "" }.joined() }
        #expect(rows.contains { $0.contains("▒▒") } && rows.contains { $0.contains("M lib/web-0.2.0") }, "\(rows)")
    }

    @Test("a hundred thousand files are drawn at once")
    func large() throws {
        var tree = SizeTree()
        tree.add(layer: 0, named: "layer 1", Trees.large(100_000), comparedIn: nil)
        #expect(tree.count > 100_000)
        var state = TreemapState()
        state.begin(.init(image: "large", comparand: nil))
        state.show(tree)
        let clock = ContinuousClock()
        let times = try (0..<3).map { _ in
            try clock.measure {
                var canvas = Canvas(size: Size(width: 200, height: 60))
                try #require(TreemapView(state, isFocused: true)).draw(in: canvas.bounds, on: &canvas)
            }
        }
        print("treemap of 100,000 files, debug build: \(times)")
        #expect((times.min() ?? .zero) < .milliseconds(500))
    }
}
