import Files
import FoundationEssentials
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("Libraries that are opened by name")
struct OpenedLibraryTests {
    /// A runtime whose only program is this machine's, which opens the library of a name instead of libsctp.so.1.
    private func runtime(opening library: String, in folder: FilePath) throws -> FilePath {
        let erlang: FilePath = "/usr/lib/erlang"
        let erts = try #require(erlang.names.first { $0.hasPrefix("erts-") })
        var bytes = try erlang.appending(erts).appending("bin/beam.smp").readBytes()
        let (old, new) = (Array("\0libsctp.so.1\0".utf8), Array("\0\(library)\0".utf8))
        try #require(old.count == new.count)
        let places = bytes.indices.dropLast(old.count).filter { bytes[$0] == 0 && bytes[$0...].starts(with: old) }
        try #require(!places.isEmpty)
        for place in places { bytes.replaceSubrange(place..<place + old.count, with: new) }
        let root = folder.appending("erlang")
        try write(bytes, to: root.appending("erts-1/bin/beam.smp"))
        return root
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        try path.removingLastComponent().makeFolders()
        try Data(bytes).write(to: URL(filePath: path.string))
    }

    private func selection(_ erlangRoot: FilePath) throws -> FileSelection {
        let tools = { (name: String) -> FilePath? in FilePath("/usr/bin").appending(name) }
        return try RunImageFiles(erlangRoot: erlangRoot, tools: tools).selection()
    }

    @Test("A program that can open libraries tells their names; one that cannot has none")
    func names() throws {
        try withTemporaryFolder { folder in
            let root = try runtime(opening: "libnone.so.1", in: folder)
            let file = try #require(try ElfFile(at: root.appending("erts-1/bin/beam.smp")))
            #expect(file.opened == ["libnone.so.1"])
            #expect(!file.needed.contains("libnone.so.1"))
            #expect(try ElfFile(at: "/usr/bin/sed")?.opened == [])
        }
    }

    @Test(
        "Only a whole text is a name",
        arguments: [
            ("libsctp.so.1", true), ("libodbc.so", true), ("libstdc++.so.6.0.30", true), ("libgtk-3.so.0", true),
            ("lib/libx.so", false), ("cannot open libx.so.1", false), ("libx.so.1 is missing", false),
            ("libx.sock", false), ("libx.so.1.", false), ("lib%s.so", false), (".so", false), ("lib.so", false),
        ])
    func whole(text: String, isName: Bool) {
        let bytes = [0] + Array(text.utf8) + [0, 1, 2]
        let segment = ElfSegment(type: ElfSegment.load, offset: 0, address: 0, size: bytes.count)
        #expect(LibraryNames(in: bytes, segments: [segment]).all == (isName ? [text] : []))
    }

    @Test("What the runtime opens by name is in the run image if the machine has it, and changes nothing if not")
    func taken() throws {
        try withTemporaryFolder { folder in
            // Debian's own tools need libuuid, but nothing else in the run image does.
            let with = try selection(try runtime(opening: "libuuid.so.1", in: folder.appending("with")))
            let without = try selection(try runtime(opening: "libnone.so.1", in: folder.appending("without")))
            let more = Set(with.sources).subtracting(without.sources)
            #expect(more.contains { $0.hasSuffix("/libuuid.so.1") })
            #expect(more.allSatisfy { $0.contains("/libuuid.so.1") }, "\(more)")
            #expect(Set(without.sources).subtracting(with.sources).isEmpty)
        }
    }

    @Test("A library that lacks one of its own is left out, without an error")
    func broken() throws {
        try withTemporaryFolder { folder in
            let program = try runtime(opening: "libuuid.so.1", in: folder).appending("erts-1/bin/beam.smp")
            let file = try #require(try ElfFile(at: program))
            let uuid = try #require(LibrarySearch().find("libuuid.so.1", for: file, at: program))
            let libraries = folder.appending("root/usr/lib")
            try write(try uuid.readBytes(), to: libraries.appending("libuuid.so.1"))
            var selection = FileSelection(search: LibrarySearch(root: folder.appending("root")))
            try selection.addOpened(by: program)
            #expect(selection.items.isEmpty)
            let libc = try #require(LibrarySearch().find("libc.so.6", for: file, at: program))
            try write(try libc.readBytes(), to: libraries.appending("libc.so.6"))
            let linker = try #require(try ElfFile(at: libc)?.needed.first)
            let ld = try #require(LibrarySearch().find(linker, for: file, at: program))
            try write(try ld.readBytes(), to: libraries.appending(linker))
            try selection.addOpened(by: program)
            #expect(selection.items.keys.contains(libraries.appending("libuuid.so.1").string))
        }
    }

    @Test("A library that is installed later is noticed: the places where it would be are remembered")
    func later() async throws {
        try await withTemporaryFolder { folder in
            let record = folder.appending("run-image.json")
            let maker = MachineRunImage(
                erlangRoot: try runtime(opening: "libnone.so.1", in: folder),
                store: ImageStore(root: folder.appending("images")), record: record, searchPath: "/usr/bin:/bin")
            let first = try await maker.image { _ in }
            #expect(try record.readText().contains("/usr/lib/libnone.so.1\":\"missing\""))
            let again = try await maker.image { Issue.record("it is made again: \($0)") }
            #expect(first.image.digest == again.image.digest)
        }
    }
}
