import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing
import Text

struct CopyTests {
    @Test("names and links that are not UTF-8 are listed, copied, compared and removed as they are")
    func rawNames() throws {
        try withTemporaryFolder { folder in
            let from = folder.appending("from")
            let inner = from.appending(String(fileName: [0xE9, 0x64]))
            try from.appending("plain").makeFolders()
            try inner.makeFolders()
            #expect(try from.rawNames() == [Array("plain".utf8), [0xE9, 0x64]])
            #expect(from.names.map(\.fileNameBytes) == [Array("plain".utf8), [0xE9, 0x64]])
            try inner.appending(String(fileName: [0xFF])).replace(with: [1])
            try inner.appending("link").makeLink(to: String(fileName: [0xFF]))
            let to = folder.appending("to")
            try from.copyTree(to: to)
            #expect(from.isSameTree(as: to))
            let copy = to.appending(String(fileName: [0xE9, 0x64]))
            #expect(copy.appending("link").linkTarget?.fileNameBytes == [0xFF])
            #expect(copy.appending("link").isFile)
            #expect(copy.appending("link").realPath?.lastComponent?.string.fileNameBytes == [0xFF])
            #expect(try copy.appending(String(fileName: [0xFF])).bytes() == [1])
            try copy.appending(String(fileName: [0xFF])).move(to: copy.appending(String(fileName: [0xFE])))
            #expect(copy.names.map(\.fileNameBytes) == [Array("link".utf8), [0xFE]])
            try to.remove()
            #expect(!to.exists)
        }
    }

    @Test("holes are not copied: a file of 5 GB with three bytes takes no room, and has the same bytes")
    func sparse() throws {
        try withTemporaryFolder { folder in
            let (file, copy) = (folder.appending("file"), folder.appending("copy"))
            for (size, places) in [(5 << 30, [0, 3 << 30]), (5 << 30, [(5 << 30) - 3]), (1 << 20, []), (0, [])] {
                try makeSparse(file, size: size, places)
                #expect(try file.copyFile(to: copy, permissions: 0o600).size == Int64(size))
                var status = stat()
                try #require(stat(copy.string, &status) == 0)
                #expect(status.st_blocks * 512 < 1 << 20)
                for place in places { #expect(try bytes(of: copy, at: place) == [1, 2, 3]) }
            }
        }
    }

    private func makeSparse(_ file: FilePath, size: Int, _ places: [Int]) throws {
        let number = open(file.string, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
        try #require(number >= 0)
        defer { _ = close(number) }
        try #require(ftruncate(number, size) == 0)
        for place in places { try #require(pwrite(number, [1, 2, 3] as [UInt8], 3, place) == 3) }
    }

    private func bytes(of file: FilePath, at place: Int) throws -> [UInt8] {
        let number = open(file.string, O_RDONLY)
        try #require(number >= 0)
        defer { _ = close(number) }
        var bytes: [UInt8] = [0, 0, 0]
        try #require(pread(number, &bytes, 3, place) == 3)
        return bytes
    }

    @Test("a task that is cancelled stops copying, hashing and comparing")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let (file, copy) = (folder.appending("file"), folder.appending("copy"))
            try file.replace(with: Array(repeating: 7, count: 1 << 20))
            try file.copyTree(to: copy)
            let task = Task { () -> [Failure?] in
                while !Task.isCancelled { await Task.yield() }
                #expect(!file.hasSameBytes(as: copy))
                var failures: [Failure?] = []
                do throws(Failure) { try file.copyFile(to: folder.appending("c"), permissions: 0o600) } catch {
                    failures.append(error)
                }
                return failures
            }
            task.cancel()
            // A file system that shares blocks copies nothing.
            #expect(await task.value.allSatisfy { $0?.message.hasSuffix("cancelled") == true })
        }
    }

    @Test("a tree is copied with permissions, and links stay links")
    func tree() throws {
        try withTemporaryFolder { folder in
            let from = folder.appending("from")
            try from.appending("a/b").makeFolders()
            try from.appending("a/b/run").replace(with: Array("#!".utf8), mode: FilePermissions(rawValue: 0o751))
            try from.appending("a/loop").makeLink(to: "..")
            try from.appending("gone").makeLink(to: "nowhere")
            chmod(from.appending("a/b").string, 0o555)
            let to = folder.appending("to")
            try from.copyTree(to: to)
            #expect(from.isSameTree(as: to))
            #expect(FileStamp(of: to.appending("a/b/run"))?.permissions == 0o751)
            #expect(to.appending("a/loop").linkTarget == "..")
        }
    }

    @Test(
        "a copy has the permissions that it is given, also where a file stood before", arguments: [0o600, 0o755, 0o444])
    func permissions(mode: UInt32) throws {
        try withTemporaryFolder { folder in
            let (file, new, old) = (folder.appending("file"), folder.appending("new"), folder.appending("old"))
            try file.replace(with: [1])
            try old.replace(with: [2, 3], mode: FilePermissions(rawValue: 0o640))
            for place in [new, old] {
                #expect(try file.copyFile(to: place, permissions: mode).permissions == mode)
                #expect(FileStamp(of: place)?.permissions == mode)
                #expect(try place.bytes() == [1])
            }
        }
    }

    @Test("trees differ by a name, a byte, a mode or a link", arguments: 0..<4)
    func difference(kind: Int) throws {
        try withTemporaryFolder { folder in
            let (one, other) = (folder.appending("one"), folder.appending("other"))
            try one.appending("a").makeFolders()
            try one.appending("a/file").replace(with: [1, 2, 3])
            try one.appending("link").makeLink(to: "a")
            try one.copyTree(to: other)
            #expect(one.isSameTree(as: other))
            switch kind {
            case 0: try other.appending("more").replace(with: [])
            case 1: try other.appending("a/file").replace(with: [1, 2, 4])
            case 2: chmod(other.appending("a/file").string, 0o644)
            default:
                try other.appending("link").remove()
                try other.appending("link").makeLink(to: "a/")
            }
            #expect(!one.isSameTree(as: other))
        }
    }

    @Test("a tree deeper than a path can be long is copied whole")
    func deep() throws {
        try withTemporaryFolder { folder in
            let (from, to) = (folder.appending("from"), folder.appending("to"))
            try RemovalTests.makeDeep(from, levels: 1500)
            try from.copyTree(to: to)
            var depth = 0
            var current = open(to.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            while case let next = openat(current, "folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC), next >= 0 {
                close(current)
                current = next
                depth += 1
            }
            #expect(depth == 1500)
            #expect(faccessat(current, "file", F_OK, 0) == 0)
            close(current)
        }
    }

    @Test("a file that cannot be written is named")
    func error() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("file")
            try file.replace(with: [1])
            let error = #expect(throws: Failure.self) {
                try file.copyFile(to: folder.appending("no/where"), permissions: 0o600)
            }
            #expect(error?.code == .unwritable)
            #expect(error?.message.contains("no/where: No such file") == true)
            #expect(throws: Failure.self) { try folder.appending("none").copyTree(to: folder.appending("x")) }
        }
    }

    @Test("the copy has the permissions and the time that it is given")
    func stamp() throws {
        try withTemporaryFolder { folder in
            let (from, to) = (folder.appending("from"), folder.appending("to"))
            try from.replace(with: Array(repeating: 7, count: 300_000))
            let stamp = try from.copyFile(to: to, permissions: 0o640, modified: 1_500_000_000_123_456_789)
            #expect(stamp.permissions == 0o640 && stamp.size == 300_000)
            #expect(FileStamp(of: to)?.modified == 1_500_000_000_123_456_789)
            #expect(from.hasSameBytes(as: to))
        }
    }
}
