import Commands
import Diagnostics
import Files
import LayerArchive
import OCIImage
import RunImages
import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("Erlang for another processor, in a folder or an image")
struct ForeignErlangTests {
    private let to: DebianArchitecture
    private let own: FilePath
    private let folder: FilePath
    private static let paths = ["erts-1.0/bin/beam.smp", "lib/crypto-5.0/priv/lib/crypto.so"]
    private static let portable = ["lib/kernel-8.0/ebin/a.beam", "lib/kernel-8.0/ebin/kernel.app"]

    init() throws {
        to = try #require(DebianArchitecture.all.first { $0 != DebianArchitecture.current })
        folder = try makeTemporaryFolder()
        own = folder.appending("own")
        for (path, bytes) in files(try #require(DebianArchitecture.current)) {
            try Self.write(bytes, own.pushing(path))
        }
    }

    /// What is in Erlang's folder.
    /// - Parameter code: that of a module, which has a debug chunk besides.
    private func files(_ architecture: DebianArchitecture, code: String = "code", debug: String = "one") -> [FilePath:
        [UInt8]]
    {
        [
            "erts-1.0/bin/beam.smp": tinyElf(architecture), "lib/crypto-5.0/priv/lib/crypto.so": tinyElf(architecture),
            "lib/kernel-8.0/ebin/a.beam": Self.module(["Code": code, "Dbgi": debug]),
            "lib/kernel-8.0/ebin/kernel.app": Array("app".utf8), "lib/kernel-8.0/src/a.erl": Array("source".utf8),
            "releases/25/OTP_VERSION": Array("25.2.3\n".utf8), "releases/start_erl.data": Array("1.0 25".utf8),
        ]
    }

    private static func write(_ bytes: [UInt8], _ file: FilePath) throws {
        try file.removingLastComponent().makeFolders()
        try file.replace(with: bytes)
    }

    private static func module(_ chunks: [String: String]) -> [UInt8] {
        var body = Array("BEAM".utf8)
        for (name, text) in chunks.sorted(by: { $0.key < $1.key }) {
            body += Array(name.utf8) + [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
            body += Array(repeating: 0, count: -text.utf8.count & 3)
        }
        return Array("FOR1".utf8) + [0, 0, 0, UInt8(body.count)] + body
    }

    private func erlang(_ files: [FilePath: [UInt8]], _ name: String) throws -> ForeignErlang {
        let root = folder.appending(name)
        for (path, bytes) in files { try Self.write(bytes, root.pushing(path)) }
        return ForeignErlang(root, from: "there", for: to)
    }

    private func refusal(_ erlang: ForeignErlang) throws -> Failure {
        try #require(
            #expect(throws: Failure.self) {
                try erlang.files(for: Self.paths, portable: Self.portable, of: own)
            })
    }

    @Test("Native files are found; modules that differ in how they are debugged only are the same")
    func fits() throws {
        let erlang = try erlang(files(to, debug: "another"), "other")
        let found = try erlang.files(for: Self.paths, portable: Self.portable, of: own)
        #expect(found.keys.sorted() == Self.paths)
        for file in found.values { #expect(try ElfFile(at: file)?.machine == to.machine) }
    }

    @Test("What does not fit is refused by name: version, code, text, processor, a missing file, a link that leads out")
    func refused() throws {
        var other = files(to)
        other["releases/25/OTP_VERSION"] = Array("25.3\n".utf8)
        let version = try refusal(try erlang(other, "version"))
        #expect(version.message == "there has OTP 25.3, this machine builds with 25.2.3")
        #expect(version.code == .versionConflict)
        let code = try refusal(try erlang(files(to, code: "edoc"), "code"))
        #expect(code.message.hasSuffix("differ in there: lib/kernel-8.0/ebin/a.beam"))
        other = files(to)
        other["lib/kernel-8.0/ebin/kernel.app"] = Array("ape".utf8)
        #expect(try refusal(try erlang(other, "text")).message.hasSuffix("kernel.app"))
        let processor = try refusal(try erlang(files(try #require(DebianArchitecture.current)), "processor"))
        #expect(processor.message == "there has no \(Self.paths.joined(separator: ", ")) for \(to.name)")
        other = files(to)
        other["erts-1.0/bin/beam.smp"] = nil
        let missing = try erlang(other, "missing")
        #expect(try refusal(missing).message == "there has no erts-1.0/bin/beam.smp for \(to.name)")
        try Self.write(tinyElf(to), folder.appending("outside"))
        try folder.appending("missing/erts-1.0/bin").makeFolders()
        try folder.appending("missing/erts-1.0/bin/beam.smp").makeLink(to: "../../../outside")
        #expect(try refusal(missing).message == "there has no erts-1.0/bin/beam.smp for \(to.name)")
        let none = ForeignErlang(folder.appending("none"), from: "there", for: to)
        #expect(try refusal(none).message == "there has no Erlang")
    }

    @Test("Files of Debian's packages are compared as well: other debug information is nothing, other code is refused")
    func packages() async throws {
        let here = try #require(own.realPath)
        let from = try #require(DebianArchitecture.current)
        let dpkg = folder.appending("dpkg")
        let listed = files(from).keys.map { here.pushing($0).string }.sorted().joined(separator: "\n")
        try dpkg.appending("info").makeFolders()
        try dpkg.appending("info/erlang-base.list").replace(with: Array("/.\n\(listed)\n".utf8))
        try dpkg.appending("status").replace(
            with: Array(
                "Package: erlang-base\nStatus: install ok installed\nVersion: 1-1\nArchitecture: \(from.name)\n".utf8))
        func package(_ files: [FilePath: [UInt8]]) -> MadeMirror.Package {
            let placed = files.map { (here.pushing($0.key).string, $0.value) }
            return .init(name: "erlang-base", version: "1-1", files: Dictionary(uniqueKeysWithValues: placed))
        }
        let mirror = try await MadeMirror(folder, to, [package(files(to, debug: "another"))])
        func found() async throws -> [String: FilePath] {
            let cache = folder.appending("cache")
            try cache.remove()
            let apt = PrivateApt(
                to, machine: try mirror.machine(folder.appending("machine")), cache: cache,
                runner: SubprocessCommandRunner(), day: "1", notice: { _ in })
            return try await ForeignNativeFiles(
                erlangRoot: own, mirror: ForeignMirror(apt, cache: cache),
                installed: try InstalledPackages(folder: dpkg)
            ).files(for: Self.paths, portable: Self.portable)
        }
        #expect(try await found().keys.sorted() == Self.paths)
        try await mirror.fill([package(files(to, code: "edoc"))])
        let failure = await #expect(throws: Failure.self) { try await found() }
        #expect(failure?.message.hasSuffix("differ in the packages: lib/kernel-8.0/ebin/a.beam") == true)
    }

    @Test(
        "Out of an image's layers come programs and modules, links followed in the image, and what a layer removed not")
    func image() async throws {
        let store = ImageStore(root: folder.appending("images"))
        let top = "usr/local/lib/erlang/"
        var items = files(to).filter { $0.key != "erts-1.0/bin/beam.smp" }
            .map { LayerContents.Item.file($0.value, path: "/\(top)\($0.key)", mode: 0o644, owner: .root) }
        // As a link of the image has it, the file is elsewhere; on this machine there is none.
        items.append(.file(tinyElf(to), path: "/opt/beam", mode: 0o755, owner: .root))
        items.append(.symlink(target: "/opt/beam", path: "/\(top)erts-1.0/bin/beam.smp", mode: 0o777, owner: .root))
        items.append(.file([1], path: "/\(top)lib/kernel-8.0/ebin/gone.beam", mode: 0o644, owner: .root))
        items.append(.symlink(target: "/etc/passwd", path: "/\(top)lib/kernel-8.0/ebin/out", mode: 0o777, owner: .root))
        let gone = LayerContents.Item.file(
            [], path: "/\(top)lib/kernel-8.0/ebin/.wh.gone.beam", mode: 0o644, owner: .root)
        let image = try await image([items, [gone]], store)
        let place = folder.appending("kept/erlang")
        try await ErlangOfImage(image, blobs: store, name: "there").write(version: "25.2.3", to: place)
        var paths: [String] = []
        try FolderScan(place).run { entry in if case .file = entry.kind { paths.append(entry.path) } }
        #expect(
            paths.sorted()
                == (Self.paths + Self.portable + ["releases/25/OTP_VERSION", "releases/start_erl.data"]).sorted())
        let erlang = ForeignErlang(place, from: "there", for: to)
        #expect(try erlang.files(for: Self.paths, portable: Self.portable, of: own).count == 2)
        #expect(folder.appending("kept").names == ["erlang"])
    }

    @Test("An image without this version of Erlang says which it has, and leaves nothing behind")
    func imageRefused() async throws {
        let store = ImageStore(root: folder.appending("images"))
        let other = LayerContents.Item.file(
            Array("26.1".utf8), path: "/opt/erlang/releases/26/OTP_VERSION", mode: 0o644, owner: .root)
        let text = LayerContents.Item.file([], path: "/etc/passwd", mode: 0o644, owner: .root)
        for (layers, words) in [
            ([[other]], "there has OTP 26.1, this machine"), ([[text]], "no Erlang"), ([], "no Erlang"),
        ] {
            let image = try await image(layers, store)
            let failure = await #expect(throws: Failure.self) {
                try await ErlangOfImage(image, blobs: store, name: "there")
                    .write(version: "25.2.3", to: folder.appending("kept/erlang"))
            }
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
            #expect(failure?.advice == "name an image with exactly OTP 25.2.3")
        }
        #expect(folder.appending("kept").names.isEmpty)
    }

    private func image(_ layers: [[LayerContents.Item]], _ store: ImageStore) async throws -> Image {
        let transaction = try store.begin()
        var builder = ImageBuilder(platform: to.platform)
        for items in layers {
            builder.append(try await transaction.addLayer(LayerContents(items)).layer, createdBy: "test")
        }
        let image = try builder.image()
        _ = try await transaction.commit(image, as: [try Reference("mixpack.invalid/erlang:1")])
        return image
    }
}
