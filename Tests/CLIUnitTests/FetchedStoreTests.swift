import Digests
import Files
import SystemPackage
import TestSupport
import Testing

@testable import CLI
@testable import ElixirBuildpacks
@testable import MixInspection

@Suite("Packages of Hex that were fetched once for the machine")
struct FetchedStoreTests {
    /// A package as Hex has it after a fetch: its archive, and what it unpacked.
    private struct Fetched {
        let folder: FilePath
        let lock: String

        var archives: FilePath { folder.appending("archives") }
        var archive: FilePath { archives.appending("hexpm/words-0.1.0.tar") }
        var sources: FilePath { folder.appending("deps/words") }
        var store: FetchedStore {
            FetchedStore(folder: folder.appending("store")) { try HexArchive(file: $0).unpack(to: $1) }
        }

        /// - Parameter more: a program for the shell, run where the archive's contents are.
        init(in folder: FilePath, more: String = "") async throws {
            self.folder = folder
            try folder.appending("deps/words/lib/words.ex").write("defmodule Words do\nend\n")
            try folder.appending("deps/words/bin/run").write("#!/bin/sh\n")
            try folder.appending("deps/words/priv/empty").write("")
            try folder.appending("package/metadata.config").write("{<<\"name\">>,<<\"words\">>}.\n")
            try folder.appending("package/VERSION").write("3")
            try folder.appending("archives/hexpm/other").write("")
            let script = """
                set -e
                cd '\(folder)/deps/words'
                chmod 755 bin/run
                \(more)
                tar -czf ../../package/contents.tar.gz *
                cd ../../package
                tar -cf ../archives/hexpm/words-0.1.0.tar VERSION metadata.config contents.tar.gz
                cp metadata.config ../deps/words/hex_metadata.config
                printf 'words,0.1.0' > ../deps/words/.hex
                touch ../deps/words/.fetch
                """
            _ = try await run("/bin/sh", ["-c", script]).succeeded()
            let checksum = try MessageDigest.hex(ofFile: folder.appending("archives/hexpm/words-0.1.0.tar"))
            lock = "%{\"words\": {:hex, :words, \"0.1.0\", \"inner\", [:mix], [], \"hexpm\", \"\(checksum)\"}}"
        }

        func package(_ lock: String? = nil) -> FetchedStore.Package? {
            LockedPackage.all(in: Array((lock ?? self.lock).utf8)).values.first.flatMap(FetchedStore.Package.init)
        }

        func digest(_ folder: FilePath) throws -> String { try DependencyTree(folder: folder).digest() }
    }

    @Test("what is taken is what Hex unpacks, links and what may be run included")
    func taken() async throws {
        try await withTemporaryFolder { folder in
            let fetched = try await Fetched(in: folder, more: "ln -s ../bin/run lib/link")
            let package = try #require(fetched.package())
            let (store, place) = (fetched.store, folder.appending("new/words"))
            #expect(try !store.take(package, to: place))
            for replaces in [false, false, true] {
                #expect(
                    try store.keep(
                        package, archives: fetched.archives, sources: fetched.sources, replaces: replaces))
            }
            #expect(try store.take(package, to: place))
            #expect(try fetched.digest(place) == fetched.digest(fetched.sources))
            #expect(try place.appending(".hex").readText() == "words,0.1.0")
            #expect(try folder.appending("store/.work").names() == [])
        }
    }

    @Test(
        "what a project's code has changed, in deps or in Hex's folder, is kept for nobody",
        arguments: [
            "echo x >> deps/words/lib/words.ex", "rm deps/words/bin/run", "chmod 644 deps/words/bin/run",
            "echo x > deps/words/lib/more.ex", "rm deps/words/.hex", "rm archives/hexpm/words-0.1.0.tar",
            "echo x >> archives/hexpm/words-0.1.0.tar", "echo x >> deps/words/hex_metadata.config",
            "ln -sf /etc/hostname deps/words/.hex",
        ])
    func changed(by script: String) async throws {
        try await withTemporaryFolder { folder in
            let fetched = try await Fetched(in: folder)
            let package = try #require(fetched.package())
            _ = try await run("/bin/sh", ["-c", "cd '\(folder)' && \(script)"]).succeeded()
            #expect(try !fetched.store.keep(package, archives: fetched.archives, sources: fetched.sources))
            #expect(folder.appending("store").names.filter { $0 != ".work" }.isEmpty)
        }
    }

    @Test("an entry that something has changed is as good as none, and makes room for a new one")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let fetched = try await Fetched(in: folder)
            let (store, package) = (fetched.store, try #require(fetched.package()))
            for seed in 0..<Corruption.rounds {
                #expect(try store.keep(package, archives: fetched.archives, sources: fetched.sources))
                let what = try Corruption.strike(store.folder, seed: seed)
                let place = folder.appending("new-\(seed)/words")
                #expect(try !store.take(package, to: place), "\(what)")
                #expect(!place.isThere && store.folder.names == [".work"], "\(what)")
            }
        }
    }

    @Test("a lock without a checksum of the archive names no package, nor does a name that leads elsewhere")
    func names() async throws {
        try await withTemporaryFolder { folder in
            let fetched = try await Fetched(in: folder)
            let checksum = String(repeating: "a", count: 64)
            let entry = "{:hex, :words, \"0.1.0\", \"inner\", [:mix], [], \"hexpm\", \"\(checksum)\"}"
            #expect(fetched.package("%{\"words\": \(entry)}") != nil)
            for name in ["../words", "/etc/words", ".", "..", "a/b", "", "words "] {
                #expect(fetched.package("%{\"\(name)\": \(entry)}") == nil, "\(name)")
            }
            let old = "%{\"words\": {:hex, :words, \"0.1.0\", \"inner\", [:mix], [], \"hexpm\"}}"
            #expect(fetched.package(old) == nil)
            let git = "%{\"words\": {:git, \"https://example.org/words.git\", \"abc\", []}}"
            #expect(fetched.package(git) == nil)
        }
    }

    @Test("an archive that is no package of Hex's, or leads out of its folder, brings nothing there")
    func archives() async throws {
        try await withTemporaryFolder { folder in
            let script = """
                set -e
                cd '\(folder)'
                mkdir -p work/a && echo evil > work/evil && echo x > work/a/x
                tar -czPf contents.tar.gz -C work/a ../evil x
                echo > metadata.config
                tar -cf outside.tar contents.tar.gz metadata.config
                tar -cf incomplete.tar metadata.config
                echo text > text.tar
                rm -r work
                """
            _ = try await run("/bin/sh", ["-c", script]).succeeded()
            let place = folder.appending("in/place")
            try place.makeFolder()
            for name in ["incomplete.tar", "text.tar", "missing.tar"] {
                #expect(throws: (any Error).self) { try HexArchive(file: folder.appending(name)).unpack(to: place) }
                #expect(try place.names() == [], "\(name)")
            }
            try? HexArchive(file: folder.appending("outside.tar")).unpack(to: place)
            #expect(!folder.appending("in/evil").isThere && !folder.appending("evil").isThere)
        }
    }

    @Test("what a fetch left is found again by its key only")
    func fetches() throws {
        try withTemporaryFolder { folder in
            let store = FetchedStore(folder: folder) { _, _ in }
            let fetch = FetchedStore.Fetch(hex: "hex-2.1.1", packages: ["words": "k"])
            try store.keep(fetch, as: "one")
            try store.keep(FetchedStore.Fetch(hex: "hex-9", packages: [:]), as: "one")
            #expect(store.fetch("one") == fetch && store.fetch("two") == nil)
            try folder.appending("one/fetch.json").write("{")
            #expect(store.fetch("one") == nil)
        }
    }
}
