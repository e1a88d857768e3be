import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage
import TestSupport
import Testing

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
        let error = #expect(throws: Failure.self) { try LayerContents([item]).measured() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("/not/there") == true)
    }

    @Test("a file name that is no UTF-8 is an error that names its folder")
    func notUnicode() throws {
        try withTemporaryFolder { folder in
            let name = Array(folder.string.utf8CString.dropLast()) + [47, -1, 120, 0]
            let descriptor = name.withUnsafeBufferPointer { start in
                start.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o644) } ?? -1
            }
            try #require(descriptor >= 0)
            close(descriptor)
            let error = #expect(throws: Failure.self) {
                try LayerContents([.tree(folder, at: "/x", owner: .root)]).measured()
            }
            #expect(error?.code == .unsupported)
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
