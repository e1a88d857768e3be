import BuildpackAPI
import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage
import TestSupport
import Testing
import Text

@testable import Lifecycle

@Suite("The application's folder of external buildpacks")
struct WorkspaceCopyTests {
    private func copy(in folder: FilePath) -> WorkspaceCopy {
        WorkspaceCopy(
            project: folder.appending("project"), selection: SourceSelection(), folder: folder.appending("copy"))
    }

    @Test("It has what takes part of the project, with modes that do not depend on who copied")
    func contents() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("project")
            try project.appending("run.sh").write("x", mode: 0o700)
            try project.appending("lib/a.ex").write("a", mode: 0o600)
            try project.appending(".env").write("SECRET=1")
            try project.appending("deps/x").write("x")
            try project.appending("link").link(to: "run.sh")
            let copy = copy(in: folder)
            try copy.folder.appending("stale").write("x")
            try copy.make()
            #expect(try copy.folder.tree() == ["lib", "lib/a.ex", "link", "run.sh"])
            #expect(FileStamp(of: copy.folder.appending("run.sh")).map { $0.mode & 0o777 } == 0o755)
            #expect(FileStamp(of: copy.folder.appending("lib/a.ex")).map { $0.mode & 0o777 } == 0o644)
            let times = [project, copy.folder].map { FileStamp(of: $0.appending("run.sh"))?.modified }
            #expect(times[0] == times[1])
        }
    }

    @Test("Names that are not UTF-8 are there byte for byte, in the layers too, and go again with the sources")
    func rawNames() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("project")
            try project.appending("priv").writeRaw([0xE9], "one")
            try project.appending("priv").writeRaw([0xFF], linkTo: [0x61, 0xE9])
            let copy = copy(in: folder)
            try copy.make()
            #expect(try copy.folder.appending("priv").rawNames() == [[0xE9], [0xFF]])
            for slices in [[], [["priv"]]] {
                let sink = MemorySink()
                try SliceDivision(folder: copy.folder, slices: slices).layers()[0].write(to: sink)
                let out = folder.appending("out \(slices.count)")
                try out.makeFolder()
                var extraction = LayerExtraction(["priv"], of: ["workspace"], into: out)
                try extraction.extract(.bytes(sink.bytes))
                #expect(try out.appending("priv").rawNames() == [[0xE9], [0xFF]])
                #expect(
                    out.appending("priv").appending(String(fileName: [0xFF])).linkTarget?.fileNameBytes == [0x61, 0xE9])
            }
            try copy.removeSource()
            #expect(try copy.folder.rawNames() == [])
        }
    }

    @Test("What a link leads to outside the project is there where the user opened it, else there is no copy")
    func linksOutside() throws {
        try withTemporaryFolder { folder in
            try folder.appending("shared/a").write("shared")
            try folder.appending("project/mix.exs").write("")
            try folder.appending("project/more").link(to: "../shared")
            var copy = copy(in: folder)
            #expect(throws: Failure.self) { try copy.make() }
            #expect(try copy.folder.tree() == [])
            copy = WorkspaceCopy(
                project: copy.project, selection: SourceSelection(openedPaths: [folder.appending("shared")]),
                folder: copy.folder)
            try copy.make()
            #expect(try copy.folder.appending("more/a").readText() == "shared")
        }
    }

    @Test("Its sources can be taken out again; what was made stays, and no link is followed")
    func removal() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("project")
            for file in ["mix.exs", "lib/a.ex", "priv/keep", "web/x"] { try project.appending(file).write(file) }
            let copy = copy(in: folder)
            try copy.make()
            try copy.folder.appending("priv/made").write("")
            try copy.folder.appending("web").remove()
            try copy.folder.appending("web").link(to: project.appending("web").string)
            try copy.removeSource()
            #expect(try copy.folder.tree() == ["priv", "priv/made"])
            #expect(try project.tree() == ["lib", "lib/a.ex", "mix.exs", "priv", "priv/keep", "web", "web/x"])
        }
    }
}

extension FilePath {
    /// Makes a symbolic link here.
    func link(to target: String) throws {
        guard symlink(target, string) == 0 else { throw Errno(rawValue: errno) }
    }
}
