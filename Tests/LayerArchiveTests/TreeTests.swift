import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage
import TestSupport
import Testing
import Text

@Suite struct TreeTests {
    @Test("a folder is walked in lexical order of its bytes, with modes, links as they are, and no sockets")
    func walk() throws {
        try withTemporaryFolder { folder in
            try folder.setMode(0o755)
            for name in ["b", "a/z", "a-b", "B", "a.d/x", "\u{E9}"] {
                try folder.appending(name).write("1", mode: 0o640)
            }
            try folder.appending("b").setMode(0o4755)
            try #require(symlink("/not/there", folder.appending("link").string) == 0)
            try #require(link(folder.appending("b").string, folder.appending("c").string) == 0)
            try #require(mkfifo(folder.appending("pipe").string, 0o644) == 0)
            let entries = try read(.tree(folder, at: "/x", owner: Owner(user: 7, group: 8)))
            #expect(
                entries.map(\.path) == [
                    "/x", "/x/B", "/x/a", "/x/a/z", "/x/a-b", "/x/a.d", "/x/a.d/x", "/x/b", "/x/c", "/x/link",
                    "/x/\u{E9}",
                ])
            #expect(entries.allSatisfy { $0.time == 315_532_801 && $0.owner == Owner(user: 7, group: 8) })
            #expect(entries.first { $0.path == "/x/b" }?.mode == 0o4755)
            #expect(entries.first { $0.path == "/x/c" }?.kind == .file(size: 1))
            #expect(entries.first { $0.path == "/x/link" }?.linkTarget == "/not/there")
        }
    }

    @Test("a rule leaves files out, folders with all they hold, and sets modes")
    func rule() throws {
        try withTemporaryFolder { folder in
            for name in ["keep/a", "drop/b", "keep/c.log"] { try folder.appending(name).write("1", mode: 0o600) }
            try folder.appending("keep/group").write("1", mode: 0o611)
            try folder.appending("keep/run").write("1", mode: 0o711)
            let rule: LayerContents.Tree.Rule = { file in
                file.path == "drop" || file.path.hasSuffix(".log") ? nil : LayerContents.Tree.plainModes(file)
            }
            let entries = try read(.tree(folder, at: "/", owner: .root, rule: rule))
            #expect(entries.map(\.path) == ["/keep", "/keep/a", "/keep/group", "/keep/run"])
            #expect(entries.map(\.mode) == [0o755, 0o644, 0o644, 0o755])
        }
    }

    @Test("a file that cannot be had is named", arguments: ["folder", "file"])
    func missing(kind: String) throws {
        let path = FilePath("/not/there")
        let item: LayerContents.Item =
            kind == "file"
            ? .copy(path, path: "/x", mode: nil, owner: .root) : .tree(path, at: "/x", owner: .root)
        let error = #expect(throws: Failure.self) { try LayerContents([item]).write(to: DigestSink()) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("/not/there") == true)
    }

    @Test("names and targets that are not UTF-8 keep their bytes: in pax records, as our reader and GNU tar read them")
    func notUnicode() async throws {
        let names: [[UInt8]] = [
            Array("caf".utf8) + [0xE9], [0xF4, 0x8F, 0xBA, 0x80], Array(repeating: 0xC4, count: 150), [0xFF, 0x78],
        ].sorted { $0.lexicographicallyPrecedes($1) }
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            for name in names { try tree.writeRaw(name) }
            try tree.writeRaw(Array("link".utf8), linkTo: [0xE9, 0x2F, 0xFF])
            let sink = MemorySink()
            try LayerContents([.tree(tree, at: "/x", owner: .root)]).write(to: sink)
            let text = Array("path=/x/caf".utf8) + [0xE9, 0x0A]
            #expect(sink.bytes.indices.contains { sink.bytes[$0...].starts(with: text) })
            let reader = try TarReader(.bytes(sink.bytes))
            var read: [TarEntry] = []
            while let entry = try reader.next() { read.append(entry) }
            #expect(read.first { $0.path == "/x/link" }?.linkTarget?.fileNameBytes == [0xE9, 0x2F, 0xFF])
            let paths = read.map(\.path.fileNameBytes).filter { $0.contains { $0 >= 0x80 } }
            #expect(paths == names.map { Array("/x/".utf8) + $0 })
            let (archive, out) = (folder.appending("a.tar"), folder.appending("out"))
            try archive.replace(with: sink.bytes)
            try out.makeFolder()
            let tar = try await run(
                try findTool("tar"), ["-xPf", archive.string, "-C", out.string, "--transform=s,^/,,"])
            _ = try tar.succeeded()
            #expect(
                try out.appending("x").rawNames()
                    == (names + [Array("link".utf8)]).sorted { $0.lexicographicallyPrecedes($1) })
            #expect(out.appending("x/link").linkTarget?.fileNameBytes == [0xE9, 0x2F, 0xFF])
        }
    }

    @Test("a scan of a folder keeps the bytes of names too")
    func scan() throws {
        try withTemporaryFolder { folder in
            try folder.writeRaw([0xE9])
            var paths: [[UInt8]] = []
            try FolderScan(folder).run { paths.append($0.path.fileNameBytes) }
            #expect(paths == [[0xE9]])
        }
    }

    private func read(_ item: LayerContents.Item) throws -> [TarEntry] {
        let sink = MemorySink()
        try LayerContents([item]).write(to: sink)
        let reader = try TarReader(.bytes(sink.bytes))
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }
}
