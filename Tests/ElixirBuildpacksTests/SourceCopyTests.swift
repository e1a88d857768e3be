import Diagnostics
import Digests
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing
import Text

@testable import BuildpackAPI
@testable import ElixirBuildpacks

@Suite("The copy of a project")
struct SourceCopyTests {
    private struct Place {
        let folder: FilePath
        var selection = SourceSelection()
        var source: FilePath { folder.appending("source") }
        var copy: FilePath { folder.appending("copy") }

        @discardableResult
        func update() throws -> SourceCopy.Changes {
            try SourceCopy(of: source, at: copy, record: folder.appending("record"), selection: selection).update()
        }

        func write(_ path: String, _ text: String = "text") throws { try source.appending(path).write(text) }
        func read(_ path: String) throws -> String { try copy.appending(path).readText() }
    }

    private func withPlace(_ body: (inout Place) throws -> Void) throws {
        try withTemporaryFolder { folder in
            var place = Place(folder: folder)
            try body(&place)
        }
    }

    @Test("Everything is copied, dotfiles too, but what is to be left out")
    func selects() throws {
        try withPlace { place in
            for path in [
                "mix.exs", ".formatter.exs", ".tool-versions", "lib/a.ex", "priv/static/x.css", "apps/web/lib/w.ex",
                "lib/deps/kept.ex", "lib/_build/kept.ex", ".git/HEAD", "_build/prod/x", "deps/jason/mix.exs",
                "apps/web/_build/x", "apps/web/deps/x", "assets/node_modules/x/y.js", ".env", ".env.prod",
                "cert.pem", "priv/tls.key", "docs/secret.md", "scratch/a.ex",
                ".elixir_ls/x", "lib/.idea/x", "cover/x", "apps/web/doc/x", "lib/tmp/kept.ex",
            ] { try place.write(path) }
            place.selection = SourceSelection(excluded: ["docs/secret.md", "scratch"])
            try place.update()
            let files = try place.copy.tree().filter { path in
                place.copy.appending(path).kind == .file
            }
            #expect(
                files == [
                    ".formatter.exs", ".tool-versions", "apps/web/lib/w.ex", "lib/_build/kept.ex", "lib/a.ex",
                    "lib/deps/kept.ex", "lib/tmp/kept.ex", "mix.exs", "priv/static/x.css",
                ])
            #expect(place.selection.leftOut(of: place.source) == [".elixir_ls", "cover", "apps/web/doc"])
        }
    }

    @Test("A path that holds a secret is in the record by its keyed hash alone, and still remembered and removed")
    func secretNames() throws {
        try withPlace { place in
            for path in ["lib/t0p-s3cret.ex", "t0p-s3cret/a", "mix.exs"] { try place.write(path) }
            let names = RecordedNames(
                hash: try KeyedHash(keyFile: place.folder.appending("key")), holdsSecret: { $0.contains("t0p-s3cret") })
            func update(_ names: RecordedNames?) throws -> SourceCopy.Changes {
                try SourceCopy(
                    of: place.source, at: place.copy, record: place.folder.appending("record"),
                    selection: SourceSelection(), names: names
                ).update()
            }
            #expect(try update(names).written.count == 5)
            let record = try place.folder.appending("record").readText()
            #expect(record.contains("mix.exs") && !record.contains("t0p-s3cret"))
            #expect(try update(names).isEmpty)
            try place.source.appending("t0p-s3cret").remove()
            // The secret has another value by now.
            let renewed = RecordedNames(hash: names.hash, holdsSecret: { $0.contains("other") })
            #expect(try update(renewed).removed.contains("t0p-s3cret/a"))
            #expect(place.copy.names == ["lib", "mix.exs"])
            #expect(try place.read("lib/t0p-s3cret.ex") == "text")
        }
    }

    @Test("Names that are not UTF-8 are copied byte for byte, and remembered: not written again, and removed")
    func rawNames() throws {
        try withPlace { place in
            let folder = place.source.appending("priv")
            try folder.writeRaw([0xE9], "one")
            try folder.writeRaw([0xFF], linkTo: [0xE9])
            #expect(try place.update().written.count == 3)
            #expect(try place.copy.appending("priv").rawNames() == [[0xE9], [0xFF]])
            #expect(
                place.copy.appending("priv").appending(String(fileName: [0xFF])).linkTarget?.fileNameBytes == [0xE9])
            #expect(try place.update().isEmpty)
            try folder.appending(String(fileName: [0xFF])).remove()
            #expect(try place.update().removed == [String(fileName: Array("priv/".utf8) + [0xFF])])
            #expect(try place.copy.appending("priv").rawNames() == [[0xE9]])
        }
    }

    @Test("Without a change nothing is written")
    func unchanged() throws {
        try withPlace { place in
            for index in 0..<300 { try place.write("lib/m\(index % 10)/f\(index).ex", "content \(index)") }
            #expect(try place.update().written.count == 311)
            let before = FileStamp(of: place.copy.appending("lib/m1/f1.ex"))
            #expect(try place.update().isEmpty)
            #expect(FileStamp(of: place.copy.appending("lib/m1/f1.ex")) == before)
            // A change of the copy that no stamp shows goes unseen: the proof that files are not read again.
            let file = place.copy.appending("lib/m1/f1.ex")
            let stamp = try #require(FileStamp(of: file))
            try file.write("CONTENT 1")
            try file.setModified(stamp.modified)
            #expect(try place.update().isEmpty)
        }
    }

    @Test("Changed, new and vanished files are followed, folders with everything in them")
    func follows() throws {
        try withPlace { place in
            for path in ["a.ex", "b.ex", "old/x.ex", "old/deep/y.ex"] { try place.write(path, "1") }
            try place.update()
            try place.copy.appending("old/generated").write("made by the build")
            try place.write("a.ex", "2")
            try place.write("new/z.ex", "3")
            removeTree(place.source.appending("old"))
            let changes = try place.update()
            #expect(Set(changes.written) == ["a.ex", "new", "new/z.ex"])
            #expect(changes.removed.first == "old")
            #expect(try place.copy.tree() == ["a.ex", "b.ex", "new", "new/z.ex"])
            #expect(try place.read("a.ex") == "2")
        }
    }

    @Test("A change of content is seen even with the same size and an older time")
    func sameSize() throws {
        try withPlace { place in
            try place.write("a.ex", "one")
            try place.update()
            try place.write("a.ex", "two")
            try place.source.appending("a.ex").setModified(1_000_000_000)
            #expect(try place.update().written == ["a.ex"])
            #expect(try place.read("a.ex") == "two")
        }
    }

    @Test("A touched file is not written again, and not compared twice")
    func touched() throws {
        try withPlace { place in
            try place.write("a.ex", "one")
            try place.update()
            try place.source.appending("a.ex").setModified(2_000_000_000)
            #expect(try place.update().isEmpty)
            let record = try place.folder.appending("record").readText()
            #expect(record.contains(" 2000000000 "))
        }
    }

    @Test("What a build changed in the copy is put right, what it made stays")
    func repairs() throws {
        try withPlace { place in
            try place.write("mix.lock", "%{}")
            try place.update()
            try place.copy.appending("mix.lock").write("%{a: 1}")
            try place.copy.appending("_build/prod/x").write("beam")
            try place.copy.appending("priv/static/app.js").write("made")
            #expect(try place.update().written == ["mix.lock"])
            #expect(try place.read("mix.lock") == "%{}")
            #expect(try place.read("_build/prod/x") == "beam")
            #expect(try place.read("priv/static/app.js") == "made")
        }
    }

    @Test("A lost or damaged record costs a comparison, not a wrong copy", arguments: ["", "nonsense\0f 1\0"])
    func damagedRecord(text: String) throws {
        try withPlace { place in
            try place.write("a.ex", "one")
            try place.update()
            try place.folder.appending("record").write(text)
            #expect(try place.update().isEmpty)
            try place.write("a.ex", "two")
            try place.folder.appending("record").write(text)
            #expect(try place.update().written == ["a.ex"])
        }
    }

    @Test("Files become folders and links, and back")
    func changesKind() throws {
        try withPlace { place in
            try place.write("a")
            try place.write("b/c")
            try place.update()
            removeTree(place.source.appending("a"))
            removeTree(place.source.appending("b"))
            try place.write("a/x")
            symlink("a/x", place.source.appending("b").string)
            try place.update()
            #expect(try place.read("a/x") == "text")
            #expect(place.copy.appending("b").linkTarget == "a/x")
        }
    }

    @Test("Links inside stay links; what others lead to is copied, outside what the user opened; circles end")
    func links() throws {
        try withPlace { place in
            place.selection.openedPaths = [place.folder.appending("outside")]
            try place.write("lib/a.ex", "inside")
            try place.folder.appending("outside/o.ex").write("outside")
            symlink("lib/a.ex", place.source.appending("inner").string)
            symlink("../../outside", place.source.appending("lib/outer").string)
            symlink(place.source.appending("lib/a.ex").string, place.source.appending("absolute").string)
            symlink("nowhere", place.source.appending("dangling").string)
            symlink(".", place.source.appending("lib/circle").string)
            symlink(place.source.string, place.source.appending("whole").string)
            try place.update()
            #expect(place.copy.appending("inner").linkTarget == "lib/a.ex")
            #expect(place.copy.appending("lib/circle").linkTarget == ".")
            #expect(place.copy.appending("dangling").linkTarget == "nowhere")
            #expect(place.copy.appending("absolute").linkTarget == nil)
            #expect(try place.read("absolute") == "inside")
            #expect(try place.read("lib/outer/o.ex") == "outside")
            #expect(try place.copy.appending("whole").names().isEmpty)
        }
    }

    @Test(
        "A link that leads out of the project is an error that names it, and nothing of what is there is copied",
        arguments: ["../../secrets/id_ed25519", "../../secrets", "ABSOLUTE/secrets/id_ed25519", "../../first"])
    func linksOutside(target: String) throws {
        try withPlace { place in
            try place.write("mix.exs")
            try place.folder.appending("secrets/id_ed25519").write("private")
            symlink("secrets/id_ed25519", place.folder.appending("first").string)
            let link = place.source.appending("priv/k")
            try place.write("priv/.keep")
            symlink(target.replacing("ABSOLUTE", with: place.folder.string), link.string)
            // What is opened elsewhere, or has a name that begins alike, opens nothing here.
            place.selection.openedPaths = [place.folder.appending("sec"), place.folder.appending("other")]
            let error = try #require(throws: Failure.self) { try place.update() }
            #expect(error.code == .outsideLinks && error.choices.count == 1)
            #expect(error.message.hasPrefix("priv/k is a link that leads out of the project, to /"))
            let opened = try #require(error.choices.first)
            #expect(error.advice?.contains("--follow-links '\(opened)'") == true)
            #expect(error.advice?.contains("exclude = [\"priv/k\"]") == true)
            #expect(try place.copy.tree() == [])
            place.selection.openedPaths = [FilePath(opened)]
            try place.update()
            #expect(try place.read(target.hasSuffix("secrets") ? "priv/k/id_ed25519" : "priv/k") == "private")
        }
    }

    @Test("Folders of other tools, and what Nix leaves behind, are no part of the project, wherever they lead")
    func otherTools() throws {
        try withPlace { place in
            try place.write("mix.exs")
            try place.folder.appending("outside/x").write("x")
            for path in [".direnv/profile", ".devenv/run", ".venv/python"] {
                let link = place.source.appending(FilePath(path).components)
                try link.removingLastComponent().makeFolder()
                symlink(place.folder.appending("outside").string, link.string)
            }
            try place.update()
            #expect(try place.copy.tree() == ["mix.exs"])
        }
        #expect(SourceWalk.isResult("result", "/nix/store/abc-app-1.0"))
        #expect(SourceWalk.isResult("result-doc", "/nix/store/abc-app-1.0-doc"))
        for (path, target) in [
            ("result", "/home/ann/.ssh"), ("priv/result", "/nix/store/abc"), ("app", "/nix/store/abc"),
        ] { #expect(!SourceWalk.isResult(path, FilePath(target))) }
    }

    @Test("A link that a build left in a folder's place is not followed when the folder's files go, or change")
    func linksLeftByBuilds() throws {
        try withPlace { place in
            for path in ["lib/gone", "lib/kept", "doc/a/gone"] { try place.write(path) }
            try place.update()
            let outside = place.folder.appending("outside")
            for path in ["gone/x", "kept", "a/gone/x"] {
                try outside.appending(FilePath(path).components).write("the user's")
            }
            for name in ["lib", "doc"] {
                removeTree(place.copy.appending(name))
                symlink(outside.string, place.copy.appending(name).string)
            }
            removeTree(place.source.appending("lib/gone"))
            removeTree(place.source.appending("doc"))
            try place.write("lib/kept", "changed")
            try place.update()
            for path in ["gone/x", "kept", "a/gone/x"] {
                #expect(try outside.appending(FilePath(path).components).readText() == "the user's")
            }
            #expect(try place.read("lib/kept") == "changed")
            #expect(place.copy.appending("lib").linkTarget == nil)
        }
    }

    @Test("A link to what is left out of the project brings it in no more than a copy would")
    func linksToLeftOut() throws {
        try withPlace { place in
            try place.write(".env", "SECRET=1")
            try place.write("priv/tls.key", "private")
            try place.write("deps/jason/mix.exs", "dependency")
            for name in [".env", "priv/tls.key", "deps"] {
                let link = place.source.appending("to-" + name.filter(\.isLetter))
                symlink(place.source.appending(FilePath(name).components).string, link.string)
            }
            try place.update()
            #expect(try place.copy.tree() == ["priv", "to-deps", "to-env", "to-privtlskey"])
            for name in try place.copy.names() where name != "priv" {
                #expect(place.copy.appending(name).linkTarget?.hasPrefix("/") == true)
            }
        }
    }

    @Test("A change is seen though the file's size and time were put back")
    func hiddenChange() throws {
        try withPlace { place in
            try place.write("a.ex", "one")
            try place.update()
            let file = place.source.appending("a.ex")
            let stamp = try #require(FileStamp(of: file))
            try file.write("two")
            try file.setModified(stamp.modified)
            #expect(try place.update().written == ["a.ex"])
        }
    }

    @Test("Pipes are left out, programs stay programs, and the project is not written to")
    func modes() throws {
        try withPlace { place in
            try place.source.appending("rel/hook.sh").write("#!/bin/sh\n", mode: 0o755)
            try place.source.appending("locked").write("x", mode: 0o444)
            mkfifo(place.source.appending("pipe").string, 0o600)
            let before = FileStamp(of: place.source)?.modified
            try place.update()
            #expect(FileStamp(of: place.copy.appending("rel/hook.sh"))?.permissions == 0o755)
            #expect(FileStamp(of: place.copy.appending("locked"))?.permissions == 0o644)
            #expect(!place.copy.appending("pipe").isThere)
            #expect(FileStamp(of: place.source)?.modified == before)
            try place.source.appending("locked").setMode(0o644)
            try place.write("locked", "y")
            #expect(try place.update().written == ["locked"])
        }
    }
}
