import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("Which saved files start a build") struct ProjectChangesTests {
    @Test("the file that was saved, made or removed is named; what is ignored or generated is not seen")
    func changes() throws {
        try withTemporaryFolder { project in
            try project.appending(".gitignore").write("/priv/static/\n*.ez\n!keep.ez\nerl_crash.dump\n")
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nexclude = [\"notes\"]\n")
            for path in ["lib/a.ex", "lib/b.ex", "_build/x.beam", "deps/jason/mix.exs", "priv/static/app.js"] {
                let file = project.appending(path)
                try file.removingLastComponent().makeFolder()
                try file.write("1")
            }
            var before = ProjectFiles(of: project)
            func expect(_ change: String?, after body: () throws -> Void) rethrows {
                try body()
                let now = ProjectFiles(of: project)
                #expect(now.change(since: before) == change)
                before = now
            }
            try expect("lib/a.ex") { try project.appending("lib/a.ex").write("12") }
            try expect("keep.ez") { try project.appending("keep.ez").write("1") }
            expect("lib/b.ex") { #expect(unlink(project.appending("lib/b.ex").string) == 0) }
            for path in [
                "_build/x.beam", "deps/jason/mix.exs", "priv/static/app.js", "a.ez", "erl_crash.dump", "notes", ".env",
                "lib/.a.ex.swp", "lib/4913", "lib/a.ex~", "lib/.#a.ex", "lib/#a.ex#",
            ] {
                try expect(nil) { try project.appending(path).write("changed") }
            }
        }
    }

    @Test("a file that is replaced by one with the same size and an older time is seen")
    func replaced() throws {
        try withTemporaryFolder { project in
            let (file, other) = (project.appending("a.ex"), project.appending("b.ex"))
            try file.write("1")
            try other.write("2")
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, other.string, &times, 0) == 0)
            let before = ProjectFiles(of: project)
            #expect(rename(other.string, file.string) == 0)
            #expect(ProjectFiles(of: project).change(since: before) == "a.ex")
        }
    }
}
