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
        try await withTemporaryFolder { folder in
            let work = try await Work(folder, erlangRoot)
            let made = try await work.maker.image(for: work.base, blobs: work.store)
            try await check(made, against: work.base, work.store, work.to)
            let notices = work.notices
            #expect(notices.all.count == 2)
            #expect(notices.all[0].hasPrefix("fetching the lists of packages for \(work.to.name)"))
            try await checkNative(work.native, work.to)
            let asked = notices.all.count
            try await checkNative(work.native, work.to)
            #expect(try await work.maker.image(for: work.base, blobs: work.store).image == made.image)
            #expect(notices.all.count == asked)
        }
    }

    /// What the tests work with, in a folder of their own.
    private struct Work {
        let to: DebianArchitecture
        let store: ImageStore
        let base: Image
        let notices = Notices()
        let cache: FilePath
        let maker: ForeignRunImage
        let native: ForeignNativeFiles
        let machine: AptMachine

        init(_ folder: FilePath, _ erlangRoot: FilePath) async throws {
            to = try #require(DebianArchitecture.all.first { $0 != DebianArchitecture.current })
            store = ImageStore(root: folder.appending("images"))
            base = try await MachineRunImage(
                erlangRoot: erlangRoot, store: store, record: folder.appending("run-image.json"),
                searchPath: "/usr/bin:/bin"
            ).image { _ in }.image
            cache = folder.appending("cache")
            let runner = SubprocessCommandRunner()
            machine = try await AptMachine.read(runner, environment: ProcessInfo.processInfo.environment)
            let apt = PrivateApt(to, machine: machine, cache: cache, runner: runner, notice: notices.add)
            let mirror = ForeignMirror(apt, cache: cache)
            let installed = try InstalledPackages()
            maker = ForeignRunImage(store: store, mirror: mirror, installed: installed, cache: cache)
            native = ForeignNativeFiles(erlangRoot: erlangRoot, mirror: mirror, installed: installed)
        }
    }

    @Test(
        "Erlang starts in the run image under qemu, with its cryptography",
        .enabled(if: ProcessInfo.processInfo.environment["MIXPACK_SOAK"] != nil, "make soak fetches qemu"))
    func emulated() async throws {
        try await withTemporaryFolder { folder in
            let work = try await Work(folder, erlangRoot)
            let made = try await work.maker.image(for: work.base, blobs: work.store)
            let root = folder.appending("root")
            try root.makeFolders()
            for layer in made.image.layers {
                guard case .file(let tar, _, _) = try await work.store.blob(layer.descriptor) else { continue }
                _ = try await run(
                    try findTool("tar"),
                    ["--extract", "--no-same-owner", "--file", tar.string, "--directory", root.string]
                ).succeeded()
            }
            try await addErlang(to: root, work.native)
            let qemu = try await emulator(work)
            let code =
                "io:format(\"~s ~p~n\", [erlang:system_info(system_architecture), "
                + "byte_size(crypto:hash(sha256, <<>>))]), halt()."
            let end = try await runEmulated(
                qemu, work.to, root, ["/usr/lib/erlang/bin/erl", "-noshell", "-eval", code])
            let processor = work.to.triplet.prefix { $0 != "-" }
            #expect(end.output.hasPrefix("\(processor)-") && end.output.hasSuffix(" 32\n"), "\(end)")
            let shell = "echo a:b | cut -d : -f 2 | sed s/b/c/; uname -m; awk 'BEGIN { print 6 * 7 }'"
            let tools = try await runEmulated(qemu, work.to, root, ["/bin/sh", "-c", shell])
            #expect(tools.lines == ["c", String(processor), "42"], "\(tools)")
        }
    }

    /// What Erlang needs to start, with the native files of the other processor.
    private func addErlang(to root: FilePath, _ native: ForeignNativeFiles) async throws {
        let place = root.appending("usr/lib/erlang")
        let runtime = try #require(erlangRoot.names.first { $0.hasPrefix("erts-") })
        let libraries = erlangRoot.appending("lib").names.filter { name in
            ["kernel-", "stdlib-", "crypto-"].contains(where: name.hasPrefix)
        }
        let folders = ["bin", "releases", "\(runtime)/bin"] + libraries.map { "lib/\($0)" }
        var paths: [String] = []
        for folder in folders {
            try place.appending(folder).removingLastComponent().makeFolders()
            try erlangRoot.appending(folder).copyTree(to: place.appending(folder))
            try FolderScan(place.appending(folder)).run { entry in
                if case .file = entry.kind { paths.append("\(folder)/\(entry.path)") }
            }
        }
        let wanted = try paths.filter { try ElfFile(at: place.appending($0)) != nil }
        for (path, file) in try await native.files(for: wanted) {
            try place.appending(path).remove()
            try file.copyTree(to: place.appending(path))
        }
        #expect(wanted.count > 8)
    }

    /// An emulator from the same mirror, without installing it.
    private func emulator(_ work: Work) async throws -> FilePath {
        let own = try #require(DebianArchitecture.current)
        let cache = work.cache.appending("own")
        let apt = PrivateApt(
            own, machine: work.machine, cache: cache, runner: SubprocessCommandRunner(), notice: work.notices.add)
        let record = try #require(try await apt.records(of: ["qemu-user-static"]).max { $0.version < $1.version })
        let files = try await apt.fetch([record], to: try ScratchFolder(in: cache).path)
        let package = try PackageShelf(folder: cache).add(try #require(files[record.name]), record)
        let processor = work.to.triplet.prefix { $0 != "-" }
        return try #require(package.file(following: "/usr/bin/qemu-\(processor)-static")).file
    }

    /// Runs a program of the other processor in a folder, with an emulator that is registered for it alone.
    private func runEmulated(
        _ qemu: FilePath, _ to: DebianArchitecture, _ root: FilePath, _ words: [String]
    ) async throws -> ProgramEnd {
        let machine = String(to.machine, radix: 16)
        let magic = #"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x"# + machine + #"\x00"#
        let mask = #"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"#
        // A path with a space is no rule's.
        let plain = FilePath("/tmp/mixpack-qemu-\(FilePath.uniqueName())")
        try plain.makeLink(to: qemu.string)
        defer { try? plain.remove() }
        let script = """
            set -e
            mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
            printf %s ':mixpack:M::\(magic):\(mask):\(plain):F' > /proc/sys/fs/binfmt_misc/register
            exec bwrap --bind "$1" / --proc /proc --dev /dev --setenv ERL_ZFLAGS "+JPperf true" -- "${@:2}"
            """
        return try await run(
            try findTool("unshare"),
            ["--user", "--map-root-user", "--mount", "bash", "-c", script, "bash", root.string] + words)
    }

    private func check(
        _ made: ForeignRunImage.Made, against base: Image, _ store: ImageStore, _ to: DebianArchitecture
    ) async throws {
        try await store.validate(made.image)
        #expect(made.image.configuration.platform == to.platform)
        var config = base.configuration.config
        config.labels[RunImageLabel.packages] = made.image.configuration.config.labels[RunImageLabel.packages]
        #expect(made.image.configuration.config == config)
        let (listed, there) = (made.image.listedPackages ?? [:], base.listedPackages ?? [:])
        #expect(!listed.isEmpty && Set(listed.keys) == Set(there.keys), "\(listed) \(there)")
        for skew in made.skews { #expect(listed[skew.package] ?? skew.there == skew.there, "\(skew)") }
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
