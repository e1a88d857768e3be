import Files
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

/// A seeded tenth of the changes; `make soak` tries all.
@Suite("What a build leaves to the next one") struct KeptFilesTests {
    private func kept(_ folder: FilePath) throws -> KeptFiles {
        for (path, text) in [
            "app/_build/prod/lib/a/ebin/a.beam": "beam", "app/lib/a.ex": "source", "home/.hex/cache.ets": "registry",
        ] { try folder.appending(FilePath(path).components).write(text) }
        try folder.appending("app/link").makeLink(to: "lib")
        let kept = KeptFiles(
            folders: [folder.appending("app"), folder.appending("home")], record: folder.appending("kept.record"))
        try kept.close()
        return kept
    }

    @Test("each change to a file or to the record is seen, whether or not the file's times were put back")
    func seen() throws {
        try withTemporaryFolder { folder in
            for seed in 0..<Corruption.rounds {
                let place = folder.appending("\(seed)")
                let kept = try kept(place)
                #expect(try !kept.haveChanged())
                let what = try Corruption.strike(place, seed: seed)
                #expect(try kept.haveChanged() || !kept.record.exists, "\(what)")
            }
        }
    }

    @Test("new files, other links and a file in a folder's place are seen; reading is not")
    func kinds() throws {
        try withTemporaryFolder { folder in
            let changes: [(FilePath) throws -> Void] = [
                { try $0.appending("app/new").write("") },
                { try $0.appending("app/link").remove() },
                { try $0.appending("home").remove() },
                { try $0.appending("app/lib/a.ex").setMode(0o755) },
                {
                    try $0.appending("app/lib").remove()
                    try $0.appending("app/lib").write("")
                },
            ]
            for (number, change) in changes.enumerated() {
                let place = folder.appending("\(number)")
                let kept = try kept(place)
                _ = try place.appending("app/lib/a.ex").readText()
                #expect(try !kept.haveChanged())
                try change(place)
                #expect(try kept.haveChanged(), "\(number)")
            }
        }
    }

    @Test("the record names no file, and a build that was killed leaves none")
    func record() throws {
        try withTemporaryFolder { folder in
            let kept = try kept(folder)
            #expect(try kept.record.readText().wholeMatch(of: /[0-9a-f]{64}/) != nil)
            try kept.open()
            try folder.appending("app/lib/a.ex").write("half a build")
            #expect(try !kept.haveChanged())
        }
    }
}
