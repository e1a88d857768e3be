import Diagnostics
import Glibc
import LayerArchive
import SystemPackage
import TestSupport
import Testing

@Suite struct TarReaderTests {
    @Test(
        "what is written is read back",
        arguments: [
            TarEntry(path: "/a/b", kind: .directory, mode: 0o1777, owner: Owner(user: 1, group: 2)),
            TarEntry(path: "/file", kind: .file(size: 5), mode: 0o4755, owner: Owner(user: 1000, group: 1000)),
            TarEntry(path: "caf\u{E9}/\u{1F980}", kind: .file(size: 5), mode: 0o644, owner: .root),
            TarEntry(path: "/l", kind: .symlink(target: "to/\u{E9}"), mode: 0o777, owner: .root),
            TarEntry(path: "/h", kind: .hardLink(target: "/file"), mode: 0o644, owner: .root),
            TarEntry(path: "\u{E9}", kind: .file(size: 5), mode: 0o644, owner: .root),
            TarEntry(path: "/l", kind: .symlink(target: "\u{E9}"), mode: 0o777, owner: .root),
            TarEntry(path: "/h", kind: .hardLink(target: "\u{E9}"), mode: 0o644, owner: .root),
            TarEntry(path: "/l", kind: .symlink(target: String(fileName: [0xE9])), mode: 0o777, owner: .root),
            TarEntry(path: "/h", kind: .hardLink(target: String(fileName: [0xE9])), mode: 0o644, owner: .root),
            TarEntry(
                path: "/" + String(repeating: "d/", count: 120) + String(repeating: "n", count: 200),
                kind: .file(size: 5), mode: 0o600, owner: Owner(user: 3_000_000, group: 3_000_001), time: -1),
            TarEntry(path: "/" + String(repeating: "s", count: 120), kind: .directory, mode: 0o755, owner: .root),
        ])
    func roundTrip(entry: TarEntry) throws {
        let sink = MemorySink()
        let writer = TarWriter(sink: sink)
        try writer.add(entry, content: Array("hello".utf8.prefix(Int(entry.size))))
        try writer.add(TarEntry(path: "last", kind: .file(size: 0), mode: 0o644, owner: .root))
        try writer.finish()
        let reader = try TarReader(.bytes(sink.bytes))
        var expected = entry
        expected.mode = entry.mode
        #expect(try reader.next() == expected)
        if entry.size > 0 {
            let offset = try #require(reader.contentOffset)
            #expect(Array(sink.bytes[Int(offset)..<Int(offset) + 5]) == Array("hello".utf8))
            #expect(try reader.content(limit: 5) == Array("hello".utf8))
        }
        #expect(try reader.next()?.path == "last")
        #expect(try reader.next() == nil)
    }

    @Test("the zeros after the last content, and the blocks that end an archive, may be missing", arguments: 1...4)
    func noEnd(size: Int) throws {
        let entry = TarEntry(path: "/file", kind: .file(size: Int64(size)), mode: 0o644, owner: .root)
        let bytes = try entry.header() + Array("hello".utf8.prefix(size))
        for input in [bytes, try compressed(bytes, .gzip())] {
            let reader = try TarReader(.bytes(input))
            #expect(try reader.next() == entry)
            #expect(try reader.content(limit: 5) == Array("hello".utf8.prefix(size)))
            #expect(try reader.next() == nil)
            let list = try TarReader(.bytes(input))
            #expect(try list.next() == entry)
            #expect(try list.next() == nil)
        }
    }

    @Test("an archive that is cut in its content, or before the end of its compression, is refused")
    func cut() throws {
        let entry = TarEntry(path: "/file", kind: .file(size: 5), mode: 0o644, owner: .root)
        let bytes = try entry.header() + Array("hello".utf8)
        let packed = try compressed(bytes, .gzip())
        for input in [Array(bytes.dropLast()), Array(packed.dropLast(9)), bytes + entry.padding + [7]] {
            #expect(throws: Failure.self) {
                let reader = try TarReader(.bytes(input))
                while try reader.next() != nil {}
            }
        }
    }

    @Test("a new file is for its owner alone unless it is to be read by others; one that is there is not written over")
    func fileModes() throws {
        try withTemporaryFolder { folder in
            let (own, others) = (folder.appending("own"), folder.appending("others"))
            try FileSink(creating: own).write([1])
            try FileSink(creating: others, mode: [.ownerRead, .groupRead, .otherRead]).write([1])
            for (file, mode) in [(own, 0o600), (others, 0o444)] {
                var status = stat()
                #expect(stat(file.string, &status) == 0 && status.st_mode & 0o777 == mode_t(mode))
            }
            #expect(throws: Failure.self) { try FileSink(creating: own) }
        }
    }

    @Test("the header alone is what the writer writes")
    func header() throws {
        let entry = TarEntry(path: "caf\u{E9}", kind: .file(size: 700), mode: 0o644, owner: .root)
        let sink = MemorySink()
        let writer = TarWriter(sink: sink)
        let content = Array(repeating: UInt8(7), count: 700)
        try writer.add(entry, content: content)
        try writer.finish()
        #expect(try entry.header() + content + entry.padding + TarEntry.endOfArchive == sink.bytes)
    }

    @Test("a content of another size than the entry's is refused", arguments: [0, 4, 6])
    func wrongSize(size: Int) throws {
        let writer = TarWriter(sink: MemorySink())
        let entry = TarEntry(path: "a", kind: .file(size: 5), mode: 0o644, owner: .root)
        let error = #expect(throws: Failure.self) {
            try writer.add(entry, content: Array(repeating: 0, count: size))
        }
        #expect(error?.code == .changed)
    }

    @Test(
        "GNU tar and bsdtar's own formats are read, with names that are no ASCII", arguments: ["gnu", "pax", "ustar"])
    func formats(format: String) async throws {
        let tar = try findTool("tar")
        try await withTemporaryFolder { folder in
            let name = format == "ustar" ? "é" : String(repeating: "é", count: 90)
            try folder.appending("in").appending(name).write("12345")
            let file = folder.appending("x.tar")
            _ = try await run(tar, ["-C", folder.string, "--format=\(format)", "-cf", file.string, "in"]).succeeded()
            let reader = try TarReader(.file(file))
            #expect(try reader.next()?.path == "in")
            #expect(try reader.next()?.path == "in/" + name)
            #expect(try reader.content(limit: 10) == Array("12345".utf8))
            #expect(try reader.next() == nil)
        }
    }

    @Test("the holes of a sparse file are zeros", arguments: ["gnu", "pax"])
    func holes(format: String) async throws {
        let tar = try findTool("tar")
        try await withTemporaryFolder { folder in
            let content = folder.appending("sparse")
            try content.write("")
            let descriptor = open(content.string, O_WRONLY)
            #expect(pwrite(descriptor, "here", 4, 300_000) == 4 && ftruncate(descriptor, 700_001) == 0)
            _ = close(descriptor)
            let file = folder.appending("x.tar")
            let made = ["-C", folder.string, "--format=\(format)", "-Scf", file.string, "sparse"]
            _ = try await run(tar, made).succeeded()
            let reader = try TarReader(.file(file))
            #expect(try reader.next()?.size == 700_001)
            let read = try reader.content(limit: 1 << 20)
            #expect(read.count == 700_001 && Array(read[300_000..<300_004]) == Array("here".utf8))
            #expect(read.count { $0 != 0 } == 4)
        }
    }

    @Test("any bytes at all are read or refused, never a crash")
    func noise() throws {
        let sink = MemorySink()
        let user = Owner(user: 1, group: 1)
        try LayerContents([
            .file(Array("hello".utf8), path: "/caf\u{E9}", mode: 0o644, owner: user),
            .directory("/d", mode: 0o755, owner: user),
            .symlink(target: "x", path: "/d/l", mode: 0o777, owner: user),
        ]).write(to: sink)
        for packed in [sink.bytes, try compressed(sink.bytes, .gzip()), try compressed(sink.bytes, .zstd())] {
            let read = try Mutations(of: packed).map(entries)
            // Neither are all of them refused, nor all of them read.
            #expect(read.contains(3) && read.contains { $0 < 3 })
        }
    }

    @Test("an archive over a limit is refused at the entry that is too much")
    func limits() throws {
        let sink = MemorySink()
        try LayerContents(
            (0..<20).map { number in
                .file(Array(repeating: 1, count: 1000), path: "/file-\(number)", mode: 0o644, owner: .root)
            }
        ).write(to: sink)
        let tooMuch = [TarLimits(entries: 19), TarLimits(pathLength: 6), TarLimits(totalSize: 19_999)]
        for limits in tooMuch {
            let reader = try TarReader(.bytes(sink.bytes), limits: limits)
            let error = #expect(throws: Failure.self) { while try reader.next() != nil {} }
            #expect(error?.code == .overLimit)
        }
        let fits = try TarReader(
            .bytes(sink.bytes), limits: TarLimits(entries: 20, pathLength: 8, totalSize: 20_000))
        while try fits.next() != nil {}
    }

    /// How many entries of an archive can be read.
    private func entries(_ bytes: [UInt8]) throws -> Int {
        let limits = TarLimits(entries: 50, totalSize: 1 << 20)
        guard let reader = try? TarReader(.bytes(bytes), limits: limits) else { return 0 }
        var count = 0
        while let entry = try? reader.next() {
            _ = try? reader.content(limit: 1 << 16)
            #expect((0...1 << 20).contains(entry.size))
            count += 1
        }
        return count
    }

    private func compressed(_ bytes: [UInt8], _ method: CompressionMethod) throws -> [UInt8] {
        let memory = MemorySink()
        let sink = try CompressionSink(method, next: memory, threads: 1)
        try sink.write(bytes)
        try sink.finish()
        return memory.bytes
    }
}
