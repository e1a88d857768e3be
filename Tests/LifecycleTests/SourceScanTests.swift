import BuildpackAPI
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("What the project's files are")
struct SourceScanTests {
    private func digest(_ project: FilePath, _ index: FilePath, opened: [FilePath] = []) throws -> String {
        try SourceScan.digest(
            of: SourceWalk.entries(of: project, SourceSelection(openedPaths: opened)), index: index)
    }

    @Test("Equal files give an equal digest, wherever the folder is")
    func placeDoesNotCount() throws {
        try withTemporaryFolder { folder in
            for name in ["one", "two"] {
                try folder.appending(name).appending("lib").appending("a.ex").write("a")
                try folder.appending(name).appending("mix.exs").write("b")
            }
            let index = folder.appending("index")
            let first = try digest(folder.appending("one"), index)
            #expect(try digest(folder.appending("two"), folder.appending("other-index")) == first)
            #expect(try digest(folder.appending("one"), index) == first)
        }
    }

    @Test("A file that may have changed in the moment in which the index was written is read again")
    func lately() throws {
        try withTemporaryFolder { folder in
            let (file, path) = (folder.appending("a.ex"), folder.appending("index"))
            try file.write("a")
            let stamp = try #require(FileStamp(of: file))
            try SourceIndex.write([("a.ex", stamp, "hash")], to: path, unlessSame: SourceIndex(at: path))
            // The kernel's times advance in steps of up to 10 ms.
            let surelyLater = max(stamp.modified, stamp.changed) + 20_000_001
            for (time, known) in [(stamp.changed, nil), (surelyLater - 1, nil), (surelyLater, "hash")] {
                try path.setModified(time)
                #expect(SourceIndex(at: path).content(of: "a.ex", stamp) == known)
            }
            var other = stamp
            other.inode += 1
            #expect(SourceIndex(at: path).content(of: "a.ex", other) == nil)
        }
    }

    @Test("An index gives back whatever a file can be like, and leaves out lines that are not whole")
    func index() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("index")
            var stamp = FileStamp(stat())
            (stamp.mode, stamp.inode, stamp.size) = (S_IFREG | 0o7777, .max, .max)
            (stamp.modified, stamp.changed) = (-1_000_000_001, .min)
            let name = "lib/a file  with 1 2 3 blanks é.ex"
            try SourceIndex.write([(name, stamp, "hash")], to: path, unlessSame: SourceIndex(at: path))
            let line = try path.readText()
            #expect(SourceIndex(at: path).content(of: name, stamp) == "hash")
            for broken in [
                "", "hash 1 2 3", "hash 1 2 x 4 5 lib/b.ex", "hash 1 2  4 5 lib/b.ex", " 1 2 3 4 5 lib/b.ex",
            ] {
                try path.write(broken + "\n" + line)
                #expect(SourceIndex(at: path).content(of: name, stamp) == "hash")
                #expect(SourceIndex(at: path).count == 1, "\(broken)")
            }
        }
    }

    @Test("An edit, a new file, a removed file and a changed mode each give another digest")
    func changes() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            try project.appending("a.ex").write("a")
            var seen = [try digest(project, index)]
            try project.appending("a.ex").write("b")
            seen.append(try digest(project, index))
            try project.appending("c.ex").write("c")
            seen.append(try digest(project, index))
            chmod(project.appending("c.ex").string, 0o755)
            seen.append(try digest(project, index))
            unlink(project.appending("a.ex").string)
            seen.append(try digest(project, index))
            #expect(Set(seen).count == seen.count)
        }
    }

    @Test("An edit of the same length right after a look is seen")
    func quickEdit() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            var seen: Set<String> = []
            for text in ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"] {
                try project.makeFolders()
                let file = try FileDescriptor.open(
                    project.appending("a.ex"), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
                _ = try file.closeAfter { try file.writeAll(text.utf8) }
                seen.insert(try digest(project, index))
            }
            #expect(seen.count == 8)
        }
    }

    @Test(
        "Files that are left out do not count",
        arguments: [
            ".git/HEAD", "_build/prod/x", "deps/jason/mix.exs", "assets/node_modules/x.js", ".env", ".env.prod",
            "priv/tls.pem", "a.key", "apps/web/_build/x",
        ])
    func leftOut(path: String) throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            try project.appending("mix.exs").write("a")
            let before = try digest(project, index)
            try project.appending(FilePath(path).components).write("x")
            #expect(try digest(project, index) == before)
        }
    }

    @Test(
        "What a link leads to outside the project, where the user opened that, counts by its content, as the copy takes it",
        arguments: [true, false])
    func linksOutside(isFolder: Bool) throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            let shared = folder.appending("shared")
            try project.appending("mix.exs").write("a")
            try shared.appending("a.ex").write("a")
            try project.appending("more").link(to: isFolder ? "../shared" : "../shared/a.ex")
            let before = try digest(project, index, opened: [shared])
            try shared.appending("a.ex").write("b")
            let after = try digest(project, index, opened: [shared])
            #expect(after != before)
            try shared.appending("a.ex").write("a")
            #expect(try digest(project, index, opened: [shared]) == before)
            // A copy of the file in the link's place is the same to the build.
            unlink(project.appending("more").string)
            try project.appending(isFolder ? "more/a.ex" : "more").write("a")
            #expect(try digest(project, index, opened: [shared]) == before)
        }
    }

    @Test("A link inside the project, and one that leads nowhere, count by where they lead")
    func linksInside() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            try project.appending("a.ex").write("a")
            var seen = [try digest(project, index)]
            for target in ["a.ex", "b.ex", "../nowhere", "."] {
                try? project.appending("more").remove()
                try project.appending("more").link(to: target)
                seen.append(try digest(project, index))
            }
            #expect(Set(seen).count == seen.count)
        }
    }

    @Test("A folder called deps deep in the source counts", arguments: ["lib/deps/a.ex", "lib/my/_build/a.ex"])
    func deepNames(path: String) throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            let index = folder.appending("index")
            try project.appending("mix.exs").write("a")
            let before = try digest(project, index)
            try project.appending(FilePath(path).components).write("x")
            #expect(try digest(project, index) != before)
        }
    }
}
