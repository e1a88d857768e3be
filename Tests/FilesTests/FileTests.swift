import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

struct FileTests {
    @Test("a kind is that of what stands there, the other looks follow links")
    func kinds() throws {
        try withTemporaryFolder { folder in
            try folder.appending("file").replace(with: [])
            try folder.appending("folder").makeFolders()
            try folder.appending("to-file").makeLink(to: "file")
            try folder.appending("to-folder").makeLink(to: "folder")
            try folder.appending("to-nothing").makeLink(to: "nothing")
            let expected: [String: (FileKind, exists: Bool, leads: Bool, folder: Bool, file: Bool)] = [
                "file": (.file, true, true, false, true), "folder": (.folder, true, true, true, false),
                "to-file": (.link, true, true, false, true), "to-folder": (.link, true, true, true, false),
                "to-nothing": (.link, true, false, false, false), "nothing": (.missing, false, false, false, false),
            ]
            for (name, looks) in expected {
                let path = folder.appending(name)
                #expect(path.kind == looks.0, "\(name)")
                #expect(path.exists == looks.exists, "\(name)")
                #expect(path.leadsSomewhere == looks.leads, "\(name)")
                #expect(path.isFolder == looks.folder, "\(name)")
                #expect(path.isFile == looks.file, "\(name)")
            }
            #expect(folder.names == expected.keys.filter { $0 != "nothing" }.sorted())
        }
    }

    @Test("names come in the order of their bytes, whatever they mean")
    func nameOrder() throws {
        try withTemporaryFolder { folder in
            for name in ["é", "z", "a", "Z", "a-b", "a.b", "ab"] { try folder.appending(name).replace(with: []) }
            #expect(folder.names == ["Z", "a", "a-b", "a.b", "ab", "z", "é"])
        }
    }

    @Test("a file is read whole, also one that says that it is empty")
    func reading() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("file")
            for size in [0, 1, 65_536, 200_001] {
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                try file.replace(with: bytes)
                #expect(try file.bytes() == bytes)
            }
            #expect(FilePath("/proc/self/status").text?.contains("Name:") == true)
        }
    }

    @Test("what is no file, not there, or too large is refused, by its name")
    func refused() throws {
        try withTemporaryFolder { folder in
            try folder.appending("large").replace(with: [1, 2, 3])
            mkfifo(folder.appending("pipe").string, 0o600)
            let expected: [(String, Failure.Code)] = [
                ("large", .overLimit), ("pipe", .unreadable), ("none", .notFound), (".", .unreadable),
                ("large/below", .notFound),
            ]
            for (name, code) in expected {
                let error = #expect(throws: Failure.self) { try folder.appending(name).bytes(limit: 2) }
                #expect(error?.code == code, "\(name)")
                #expect(error?.message.contains(folder.string) == true)
            }
            #expect(folder.appending("none").text == nil)
            // A file that says that it is empty is held to the limit by what is read of it.
            let error = #expect(throws: Failure.self) { try FilePath("/proc/self/status").bytes(limit: 2) }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("a replaced file is for its owner alone, and nothing is left beside it")
    func replacing() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("file")
            try file.replace(with: [1])
            try file.replace(with: [2, 3])
            #expect(try file.bytes() == [2, 3])
            #expect(FileStamp(of: file)?.permissions == 0o600)
            #expect(folder.names == ["file"])
            let target = folder.appending("target")
            try target.makeFolders()
            #expect(throws: Failure.self) { try target.replace(with: [1]) }
            #expect(folder.names == ["file", "target"])
        }
    }

    @Test("a link in a file's place is replaced, not written through")
    func replacingLink() throws {
        try withTemporaryFolder { folder in
            try folder.appending("other").replace(with: [1])
            try folder.appending("file").makeLink(to: "other")
            try folder.appending("file").replace(with: [2])
            #expect(try folder.appending("other").bytes() == [1])
            #expect(folder.appending("file").kind == .file)
        }
    }

    @Test("folders are made with those above them; a file in the way is named")
    func folders() throws {
        try withTemporaryFolder { folder in
            let deep = folder.appending("a/b/c")
            try deep.makeFolders()
            try deep.makeFolders()
            #expect(FileStamp(of: folder.appending("a"))?.permissions == 0o700)
            try folder.appending("file").replace(with: [])
            let error = #expect(throws: Failure.self) { try folder.appending("file/x").makeFolders() }
            #expect(error?.code == .unwritable)
        }
    }

    @Test("links on the way are removed, what is behind them stays")
    func linksOnTheWay() throws {
        try withTemporaryFolder { folder in
            try folder.appending("outside").makeFolders()
            try folder.appending("root/a").makeFolders()
            try folder.appending("root/a/b").makeLink(to: "../../outside")
            try folder.appending("root/a/b/c").removeLinks(below: folder.appending("root"))
            #expect(!folder.appending("root/a/b").exists)
            #expect(folder.appending("outside").isFolder)
        }
    }

    @Test("a stamp is read back from its text, and tells a changed file")
    func stamps() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("file")
            try file.replace(with: [1])
            let stamp = try #require(FileStamp(of: file))
            #expect(FileStamp(fields: stamp.text.split(separator: " ")) == stamp)
            #expect(FileStamp(fields: "1 2 3".split(separator: " ")) == nil)
            chmod(file.string, 0o644)
            #expect(FileStamp(of: file) != stamp)
        }
    }

    @Test("a lock is held by one until it is given back")
    func locks() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("lock")
            let lock = try FileLock(creating: file)
            #expect(FileLock(ifFree: file)?.descriptor == nil)
            lock.release()
            let next = try #require(FileLock(ifFree: file))
            next.release()
            #expect(FileLock(ifFree: folder.appending("none"))?.descriptor == nil)
        }
    }

    @Test("a scratch folder is empty, for its owner alone, and goes with all it holds")
    func scratch() throws {
        try withTemporaryFolder { folder in
            let one = try ScratchFolder(in: folder.appending("new"))
            let other = try ScratchFolder(in: folder.appending("new"))
            #expect(one.path != other.path)
            #expect(FileStamp(of: one.path)?.permissions == 0o700)
            try one.path.appending("a/b").makeFolders()
            one.remove()
            #expect(!one.path.exists)
            try other.path.appending("left").replace(with: [1])
            #expect(try ScratchFolder(at: other.path).path.names == [])
        }
    }
}
