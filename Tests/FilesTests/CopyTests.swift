import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

struct CopyTests {
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
