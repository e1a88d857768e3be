import Diagnostics
import LayerArchive
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Slices of the application's folder")
struct SliceTests {
    @Test(
        "I7: patterns are those of Go's filepath.Match, relative to the application's folder",
        arguments: [
            ("static/**/*.txt", "static/assets/config.txt", true), ("static/**/*.txt", "static/config.txt", false),
            ("static/**/*.txt", "static/a/b/c.txt", false), ("*", ".env", true), ("*", "a/b", false),
            ("static/", "static", true), ("./a//b", "a/b", true), ("x/../a", "a", true), ("/workspace/a", "a", true),
            ("a?c", "abc", true), ("a?c", "a/c", false), ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false),
            ("[^a-c]x", "dx", true), ("\\*", "*", true), ("\\*", "a", false), ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false), ("*é*", "café au lait", true), ("a[]]", "a]", false),
        ])
    func patterns(pattern: String, path: String, matches: Bool) {
        #expect(GlobPattern(pattern, root: "/workspace")?.matches(path) ?? false == matches)
    }

    @Test(
        "I7: what is no pattern, or leads out of the application's folder, is an error",
        arguments: ["[", "a[", "[a-", "[]a]", "\\", "/etc/passwd", "../x", "a/../../x", "/workspace", "."])
    func notPatterns(pattern: String) throws {
        #expect(GlobPattern(pattern, root: "/workspace") == nil)
        try withTemporaryFolder { folder in
            let division = SliceDivision(folder: folder, slices: [[pattern]])
            _ = #expect(throws: Failure.self) { try division.layers() }
        }
    }

    /// The paths of each layer, without the application's folder in front.
    private func layers(
        _ slices: [[String]], files: [String], omitting omitted: Set<String> = []
    ) throws -> [[String]] {
        try withTemporaryFolder { folder in
            for file in files {
                if file.hasSuffix("/") {
                    try folder.appending(file).makeFolder()
                } else {
                    try folder.appending(file).write(file)
                }
            }
            return try SliceDivision(folder: folder, slices: slices, omitted: omitted).layers().map { contents in
                let sink = MemorySink()
                try contents.write(to: sink)
                let reader = try TarReader(.bytes(sink.bytes))
                var paths: [String] = []
                while let entry = try reader.next() { paths.append(String(entry.path.dropFirst("/workspace".count))) }
                return paths
            }
        }
    }

    @Test("I8: n slices make n + 1 layers; each has its paths with the folders above them")
    func division() throws {
        let found = try layers(
            [["static/*.css", "lib"], ["**/*.css", "*.md"]],
            files: ["static/a.css", "static/b.js", "lib/x/y.ex", "lib/z.ex", "README.md", "mix.exs"])
        #expect(
            found == [
                ["", "/lib", "/lib/x", "/lib/x/y.ex", "/lib/z.ex", "/static", "/static/a.css"], ["", "/README.md"],
                ["", "/mix.exs", "/static", "/static/b.js"],
            ])
    }

    @Test("I8: a folder whose content all went into slices is left out of what remains; an empty one stays")
    func remainder() throws {
        #expect(
            try layers([["a/x"]], files: ["a/x", "b/", "c/d/"]) == [["", "/a", "/a/x"], ["", "/b", "/c", "/c/d"]])
    }

    @Test("I8: where nothing matches, or nothing is left, the layer is empty")
    func empty() throws {
        #expect(try layers([["nope"], ["a"]], files: ["a"]) == [[], ["", "/a"], []])
        #expect(try layers([["nope"]], files: []) == [[], [""]])
        try withTemporaryFolder { folder in
            let slice = try SliceDivision(folder: folder, slices: [["nope"]]).layers()[0]
            #expect(
                try measured(slice).digest == "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
        }
    }

    @Test("files that are to stay out of the image are in no layer, nor folders that have nothing else")
    func omitted() throws {
        let files = ["lib/a.ex", "lib/made", "mix.exs", "only/b.ex"]
        let omitted: Set = ["lib", "lib/a.ex", "mix.exs", "only", "only/b.ex"]
        #expect(try layers([], files: files, omitting: omitted) == [["", "/lib", "/lib/made"]])
        #expect(try layers([["lib/*"]], files: files, omitting: omitted) == [["", "/lib", "/lib/made"], []])
        #expect(try layers([], files: ["x"], omitting: ["x"]) == [[""]])
    }

    private func measured(_ contents: LayerContents) throws -> DigestSink {
        let sink = try DigestSink()
        try contents.write(to: sink)
        return sink
    }

    @Test("Nothing is matched through a link")
    func links() throws {
        try withTemporaryFolder { folder in
            try folder.appending("app/real/x").write("")
            try folder.appending("app/link").link(to: "real")
            let layers = try SliceDivision(folder: folder.appending("app"), slices: [["link/x"], ["link"]]).layers()
            let sizes = try layers.map { try measured($0).count }
            #expect(sizes[0] == 1024)
            #expect(sizes[1] > 1024)
        }
    }
}
