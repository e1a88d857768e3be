import FoundationEssentials
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("The run image made from this machine")
struct MachineRunImageTests {
    private func maker(_ folder: FilePath) -> MachineRunImage {
        MachineRunImage(
            erlangRoot: "/usr/lib/erlang", store: ImageStore(root: folder.appending("images")),
            record: folder.appending("cache").appending("run-image.json"), searchPath: "/usr/bin:/bin")
    }

    @Test("It is made once, is valid, and is known again")
    func madeOnce() async throws {
        try await withTemporaryFolder { folder in
            let notices = Mutex<[String]>([])
            let first = try await maker(folder).image { text in notices.withLock { $0.append(text) } }
            let second = try await maker(folder).image { text in notices.withLock { $0.append(text) } }
            #expect(notices.withLock { $0.count } == 1)
            #expect(first.image.digest == second.image.digest)
            try await ImageStore(root: folder.appending("images")).validate(first.image)
            #expect(first.image.configuration.config.user == "1000:1000")
            let labels = first.image.configuration.config.labels
            #expect(labels["io.buildpacks.stack.id"] == "io.github.carlo-colombo.elixir-builder")
            #expect(labels["io.buildpacks.base.distro.name"] != nil)
        }
    }

    @Test("Its layers stay while somebody has it, whatever a prune removes meanwhile", arguments: [false, true])
    func held(isKnown: Bool) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            if isKnown { _ = try await maker(folder).image { _ in } }
            let made = try await maker(folder).image { _ in }
            try store.remove(try store.inventory().entries.map(\.item))
            try store.collectGarbage()
            #expect(try store.list().isEmpty)
            #expect(store.firstProblem(of: made.image) == nil)
            withExtendedLifetime(made) {}
        }
    }

    @Test("Two stores get the same digest")
    func deterministic() async throws {
        try await withTemporaryFolder { folder in
            let one = try await maker(folder.appending("one")).image { _ in }
            let two = try await maker(folder.appending("two")).image { _ in }
            #expect(one.image.digest == two.image.digest)
        }
    }

    @Test("A file that it was made from has changed: it is made again")
    func stale() async throws {
        try await withTemporaryFolder { folder in
            _ = try await maker(folder).image { _ in }
            let record = folder.appending("cache").appending("run-image.json")
            try record.write(record.readText().replacing("/usr/bin/dash\":\"", with: "/usr/bin/dash\":\"1"))
            let notices = Mutex(0)
            _ = try await maker(folder).image { _ in notices.withLock { $0 += 1 } }
            #expect(notices.withLock { $0 } == 1)
        }
    }

    @Test("It has the record of every package that owns a file in it, as dpkg tells them")
    func packageRecords() async throws {
        let query = try findTool("dpkg-query")
        let tools = { (name: String) -> FilePath? in FilePath("/usr/bin").appending(name) }
        let selection = try RunImageFiles(erlangRoot: "/usr/lib/erlang", tools: tools).selection()
        let paths = selection.ownedPaths.flatMap(PackageDatabase.aliases)
        let found = try await run(query, ["--search"] + paths)
        let expected = Set(
            found.output.split(separator: "\n").compactMap { $0.split(separator: ":").first.map(String.init) }
        )
        .filter { !$0.contains(" ") }
        let owners = PackageDatabase.owners(of: selection.ownedPaths)
        let names = Set(owners.map(\.name))
        #expect(names.symmetricDifference(expected).isEmpty && names.contains("libc6"))
        let libc = try #require(owners.first { $0.name == "libc6" })
        let version = try await run(query, ["--show", "--showformat=${Version}", "libc6"]).succeeded().output
        #expect(libc.record.contains("Package: libc6\n") && libc.record.contains("\nVersion: \(version)\n"))
        #expect(libc.record.contains("\nSource: glibc\n") && !libc.record.contains("Depends"))
        let layer = RunImageLayer(selection: selection, osRelease: [], packages: owners).contents
        let written = layer.items.map { item -> String in if case .file(_, let path, _, _) = item { path } else { "" } }
        #expect(written.contains("/var/lib/dpkg/status.d/libc6"))
    }

    @Test(
        "A line is found whole, wherever it is",
        arguments: [
            ("/a\n/usr/lib/one\n", true), ("/usr/lib/one", true), ("/x/usr/lib/one\n", false),
            ("/usr/lib/one/two\n", false), ("/b\n", true), ("", false), ("\n\n", false),
        ])
    func lines(text: String, isThere: Bool) {
        #expect(WantedLines(["/usr/lib/one", "/b"]).areAny(in: Array(text.utf8)) == isThere)
    }

    @Test("The store has other bytes of it, by whatever way: who reads it gets it made again, with the same digest")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let made = try await maker(folder).image { _ in }
            let layer = made.image.layers[0].descriptor
            let file = folder.appending("images/blobs/sha256").appending(layer.digest.hex)
            try Corruption.flip(file)
            let notices = Mutex<[String]>([])
            _ = try await maker(folder).image { text in notices.withLock { $0.append(text) } }
            #expect(notices.withLock { $0 } == [])
            let again = try await maker(folder).image(isRead: true) { text in notices.withLock { $0.append(text) } }
            #expect(again.image == made.image)
            let told = notices.withLock { $0 }
            #expect(told.count == 1 && told[0].hasPrefix("\(file) does not hold what its name says"), "\(told)")
            try await ImageStore(root: folder.appending("images")).validate(again.image)
            _ = try await maker(folder).image(isRead: true) { text in notices.withLock { $0.append(text) } }
            #expect(notices.withLock { $0.count } == 1)
        }
    }

    @Test("It holds what a release needs")
    func contents() throws {
        let tools = { (name: String) -> FilePath? in FilePath("/usr/bin").appending(name) }
        let selection = try RunImageFiles(erlangRoot: "/usr/lib/erlang", tools: tools).selection()
        let names = Set(selection.sources.compactMap { FilePath($0).lastComponent?.string })
        for name in [
            "dash", "sed", "grep", "awk", "od", "libtinfo.so.6", "libcrypto.so.3", "libstdc++.so.6", "xterm-256color",
            "ca-certificates.crt",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains("libsystemd.so.0"))
    }
}
