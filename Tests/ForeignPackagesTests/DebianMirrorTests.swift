import Commands
import Diagnostics
import Files
import FoundationEssentials
import LayerArchive
import OCIImage
import RunImages
import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

/// From the mirror that this machine takes its own packages from: some 30 MB.
@Suite("Another processor's files out of the machine's own mirror")
struct DebianMirrorTests {
    private let erlangRoot: FilePath = "/usr/lib/erlang"

    @Test("The run image is complete and only for it, Erlang's native files are of this version, and both are kept")
    func wholeWay() async throws {
        let to = try #require(DebianArchitecture.all.first { $0 != DebianArchitecture.current })
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            let base = try await MachineRunImage(
                erlangRoot: erlangRoot, store: store, record: folder.appending("run-image.json"),
                searchPath: "/usr/bin:/bin"
            ).image { _ in }.image
            let notices = Notices()
            let (cache, runner) = (folder.appending("cache"), SubprocessCommandRunner())
            let machine = try await AptMachine.read(runner, environment: ProcessInfo.processInfo.environment)
            let apt = PrivateApt(to, machine: machine, cache: cache, runner: runner, notice: notices.add)
            let mirror = ForeignMirror(apt, cache: cache)
            let installed = try InstalledPackages()
            let maker = ForeignRunImage(store: store, mirror: mirror, installed: installed, cache: cache)
            let made = try await maker.image(for: base, blobs: store)
            try await check(made, against: base, store, to)
            #expect(notices.all.count == 2 && notices.all[0].hasPrefix("fetching the lists of packages for \(to.name)"))

            let files = ForeignNativeFiles(erlangRoot: erlangRoot, mirror: mirror, installed: installed)
            try await checkNative(files, to)
            let asked = notices.all.count
            try await checkNative(files, to)
            #expect(try await maker.image(for: base, blobs: store).image == made.image)
            #expect(notices.all.count == asked)
        }
    }

    private func check(
        _ made: ForeignRunImage.Made, against base: Image, _ store: ImageStore, _ to: DebianArchitecture
    ) async throws {
        try await store.validate(made.image)
        #expect(made.image.configuration.platform == to.platform)
        #expect(made.image.configuration.config == base.configuration.config)
        #expect(made.image.layers.count == base.layers.count)
        // Programs for scripts, the locale, and every library that one of its own needs, symbol by symbol.
        #expect(try await RunImageCheck(made.image, blobs: store).findings(for: []) == [])
        for skew in made.skews { #expect(PackageVersion(skew.here) < PackageVersion(skew.there), "\(skew)") }
        let (own, others) = (try await native(made.image, store), try await native(base, store))
        #expect(own.count == others.count && own.count > 30)
        for (path, machine) in own { #expect(machine == to.machine, "\(path)") }
        let tree = try await ImageFiles(made.image, blobs: store).mergedTree(through: base.layers.count - 1)
        #expect(tree.node(following: to.interpreter) != nil && tree.node(following: "/bin/sh") != nil)
        #expect(own.keys.contains("/usr/lib/\(to.triplet)/libcrypto.so.3"))
        let packages = try await RunImagePackages(of: made.image, blobs: store).versions
        #expect(try await RunImagePackages(of: base, blobs: store).versions.keys == packages.keys)
    }

    /// The processors of an image's native files, by path.
    private func native(_ image: Image, _ store: ImageStore) async throws -> [String: UInt16] {
        var found: [String: UInt16] = [:]
        for layer in image.layers {
            let reader = try TarReader(try await store.blob(layer.descriptor).input)
            while let entry = try reader.next() {
                guard case .file = entry.kind else { continue }
                let bytes = try reader.content(limit: 1 << 28)
                if ElfFile.isElf(bytes) { found[entry.path] = try ElfFile(bytes, name: entry.path).machine }
            }
        }
        return found
    }

    /// Erlang's native files; where the mirror has another version, only that it is refused as it should be.
    private func checkNative(_ native: ForeignNativeFiles, _ to: DebianArchitecture) async throws {
        let runtime = try #require(erlangRoot.names.first { $0.hasPrefix("erts-") })
        let crypto = try #require(erlangRoot.appending("lib").names.first { $0.hasPrefix("crypto-") })
        let paths = ["\(runtime)/bin/beam.smp", "\(runtime)/bin/erlexec", "lib/\(crypto)/priv/lib/crypto.so"]
        do {
            let files = try await native.files(for: paths)
            #expect(files.keys.sorted() == paths.sorted())
            for (path, file) in files { #expect(try ElfFile(at: file)?.machine == to.machine, "\(path)") }
            let failure = await #expect(throws: Failure.self) {
                try await native.files(for: paths + ["\(runtime)/bin/start"])
            }
            #expect(failure?.message.hasSuffix("have no \(runtime)/bin/start") == true, "\(failure?.message ?? "")")
        } catch let failure as Failure where failure.code == .versionConflict {
            #expect(failure.advice?.contains("erlang-") == true && failure.message.contains("this machine has"))
        }
    }
}
