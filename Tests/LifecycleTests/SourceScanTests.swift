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

    /// A folder with one file, the index of which says that the digest is `known`.
    private func withIndex(_ known: String?, _ body: (_ project: FilePath, _ index: FilePath) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let (project, index) = (folder.appending("p"), folder.appending("index"))
            try project.appending("a.ex").write("a")
            try project.appending("link").link(to: "a.ex")
            let files = try SourceWalk.entries(of: project, SourceSelection()).map {
                SourceIndex.File(path: $0.path, stamp: $0.stamp, content: $0.kind == .link ? "a.ex" : "hash")
            }
            try SourceIndex.write(files, digest: known, to: index)
            try body(project, index)
        }
    }

    private let known = String(repeating: "f", count: 64)

    @Test("A file that may have changed in the moment in which the index was written is read again")
    func lately() throws {
        try withIndex(known) { project, index in
            let files = try SourceWalk.entries(of: project, SourceSelection())
            let newest = files.map { max($0.stamp.modified, $0.stamp.changed) }.max() ?? 0
            // The kernel's times advance in steps of up to 10 ms.
            for (time, digest) in [(newest, nil), (newest + 20_000_000, nil), (newest + 20_000_001, known)] {
                try index.setModified(time)
                #expect(try SourceIndex(at: index).digest(of: files) == digest)
            }
            #expect(try self.digest(project, index) == known, "nothing is read again")
        }
    }

    @Test(
        "What is not just as the index has it is looked at: an edit, a link, a file more or less, an index that is cut off"
    )
    func changed() throws {
        let changes: [(FilePath, FilePath) throws -> Void] = [
            { project, _ in try project.appending("a.ex").write("bb") },
            { project, _ in try project.appending("b.ex").write("b") },
            { project, _ in unlink(project.appending("a.ex").string) },
            { project, _ in
                unlink(project.appending("link").string)
                try project.appending("link").link(to: "b.ex")
            },
            { _, index in try index.replace(with: try index.bytes().dropLast()) },
            { _, index in try index.replace(with: Array("mixpack sources 2\n".utf8)) },
            { _, index in try index.replace(with: []) },
        ]
        for (number, change) in changes.enumerated() {
            try withIndex(known) { project, index in
                try change(project, index)
                try index.setModified(Int64.max / 2)
                #expect(try self.digest(project, index) != known, "change \(number)")
            }
        }
        try withIndex(nil) { project, index in
            try index.setModified(Int64.max / 2)
            #expect(try self.digest(project, index) != known)
        }
    }

    @Test("A file whose path holds a secret is not remembered, the others are")
    func secretPath() throws {
        try withIndex(nil) { project, index in
            try project.appending("b.ex").write("b")
            let files = try SourceWalk.entries(of: project, SourceSelection())
            _ = try SourceScan.digest(of: files, index: index) { $0.contains("b.ex") }
            try index.setModified(Int64.max / 2)
            let contents = SourceIndex(at: index).contents()
            #expect(files.filter { contents[$0] != nil }.map(\.path) == ["a.ex"])
            #expect(try SourceIndex(at: index).digest(of: files) == nil)
        }
    }

    @Test("An index gives back whatever a file can be like")
    func index() throws {
        try withTemporaryFolder { folder in
            let (project, path) = (folder.appending("p"), folder.appending("index"))
            try project.appending("a file  with 1 2 3\nblanks é.ex").write("a")
            let first = try digest(project, path)
            try path.setModified(Int64.max / 2)
            let known = try SourceIndex(at: path).digest(of: SourceWalk.entries(of: project, SourceSelection()))
            #expect(known == first)
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
