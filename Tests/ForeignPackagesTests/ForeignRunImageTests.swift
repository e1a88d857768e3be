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

@Suite("The run image of another processor, from packages of the test's own", .serialized)
struct ForeignRunImageTests {
    /// Both ways, by the same code.
    static let ways = DebianArchitecture.all.map { from in
        (from, DebianArchitecture.all.first { $0 != from } ?? from)
    }

    /// The files of a package of both processors: a program, its library, and what both share.
    private func files(_ architecture: DebianArchitecture, library: String = "1.2", data: String = "shared") -> [String:
        [UInt8]]
    {
        let libraries = "/usr/lib/\(architecture.triplet)"
        return [
            "/bin/one": tinyElf(architecture, "one"), "\(libraries)/libone.so.\(library)": tinyElf(architecture),
            "\(libraries)/libone.so.1": Array("->libone.so.\(library)".utf8), "/usr/share/one/data": Array(data.utf8),
            architecture.interpreter: Array("->/lib/\(architecture.triplet)/ld.so".utf8),
            "/lib/\(architecture.triplet)/ld.so": tinyElf(architecture, "ld"),
        ]
    }

    /// A machine of a processor that has the package: its run image and dpkg's folder.
    private func base(
        _ folder: FilePath, _ store: ImageStore, _ architecture: DebianArchitecture, version: String = "1.0-1"
    ) async throws -> (image: Image, installed: InstalledPackages) {
        var items: [String: LayerContents.Item] = [:]
        func folders(_ path: String) {
            var above = FilePath(path).removingLastComponent()
            while above != "/" {
                items[above.string] = .directory(above.string, mode: 0o755, owner: .root)
                above = above.removingLastComponent()
            }
        }
        func add(_ path: String, _ bytes: [UInt8], mode: UInt16 = 0o644) {
            folders(path)
            let text = String(decoding: bytes, as: UTF8.self)
            items[path] =
                text.hasPrefix("->")
                ? .symlink(target: String(text.dropFirst(2)), path: path, mode: 0o777, owner: .root)
                : .file(bytes, path: path, mode: mode, owner: .root)
        }
        var listed = ""
        for (path, bytes) in files(architecture) {
            listed += path + "\n"
            add(path.hasPrefix("/usr/") ? path : "/usr" + path, bytes, mode: path == "/bin/one" ? 0o755 : 0o644)
        }
        add("/etc/passwd", Array("root".utf8))
        add("/usr/share/all/data", Array("all".utf8))
        add("/var/lib/dpkg/status.d/one", Array("Package: one\nArchitecture: \(architecture.name)\n".utf8))
        items["/proc"] = .directory("/proc", mode: 0o755, owner: .root)
        for top in Set([
            "lib", "bin", FilePath(architecture.interpreter).removingLastComponent().lastComponent?.string ?? "",
        ]) {
            items["/" + top] = .symlink(target: "usr/" + top, path: "/" + top, mode: 0o777, owner: .root)
        }
        let transaction = try store.begin()
        var builder = ImageBuilder(platform: architecture.platform)
        builder.configuration.config.user = "1000:1000"
        builder.configuration.config.labels = ["io.buildpacks.stack.id": "x"]
        let layer = try await transaction.addLayer(LayerContents(items.sorted { $0.key < $1.key }.map(\.value))).layer
        builder.append(layer, createdBy: "test")
        let image = try builder.image()
        _ = try await transaction.commit(image, as: [try Reference("mixpack.invalid/base:1")])

        let dpkg = folder.appending("dpkg-\(architecture.name)")
        try dpkg.appending("info/one:\(architecture.name).list").write("/.\n" + listed)
        try dpkg.appending("info/all.list").write("/.\n/usr/share/all/data\n")
        let paragraph = "Status: install ok installed\nVersion: \(version)\n"
        try dpkg.appending("status").write(
            "Package: one\n\(paragraph)Architecture: \(architecture.name)\n\nPackage: all\n\(paragraph)Architecture: all\n"
        )
        return (image, try InstalledPackages(folder: dpkg))
    }

    private func maker(
        _ folder: FilePath, _ store: ImageStore, _ mirror: MadeMirror, _ installed: InstalledPackages,
        _ notices: Notices = Notices()
    ) throws -> ForeignRunImage {
        let cache = folder.appending("cache")
        let apt = PrivateApt(
            mirror.architecture, machine: try mirror.machine(folder.appending("machine")), cache: cache,
            runner: SubprocessCommandRunner(), day: "1", notice: notices.add)
        return ForeignRunImage(
            store: store, mirror: ForeignMirror(apt, cache: cache), installed: installed, cache: cache)
    }

    @Test("Native files come from its package, all others stay; it is made once", arguments: ways)
    func made(from: DebianArchitecture, to: DebianArchitecture) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            let (image, installed) = try await base(folder, store, from)
            // Newer, and so the library has another name below its link.
            let mirror = try await MadeMirror(
                folder, to, [.init(version: "1.0-2", files: files(to, library: "1.3"))])
            let notices = Notices()
            let maker = try maker(folder, store, mirror, installed, notices)
            let made = try await maker.image(for: image, blobs: store)
            #expect(made.skews == [VersionSkew(package: "one", here: "1.0-1", there: "1.0-2")])
            #expect(made.image.configuration.platform == to.platform)
            #expect(made.image.configuration.config == image.configuration.config)
            #expect(made.reference.tag?.hasSuffix("-" + to.name) == true)
            try await store.validate(made.image)
            let root = ImageFiles(made.image, blobs: store)
            let tree = try await root.mergedTree(through: 0)
            let old = try await ImageFiles(image, blobs: store).mergedTree(through: 0)
            let lib64 = Set(["/lib64", "/usr/lib64"])
            let expected = old.paths.map {
                ["/lib64", "/usr/lib64"].contains($0)
                    ? $0 : PathTranslation(from: from, to: to)($0).replacing("libone.so.1.2", with: "libone.so.1.3")
            }
            #expect(Set(tree.paths).subtracting(lib64) == Set(expected).subtracting(lib64))
            #expect(lib64.isSubset(of: Set(tree.paths)) == to.interpreter.hasPrefix("/lib64"))
            #expect(tree.node(following: to.interpreter) != nil && tree.node(following: "/proc") != nil)
            let program = try await root.content(of: "/usr/bin/one", in: 0, limit: 1000)
            #expect(program == tinyElf(to, "one"))
            let record = try await root.content(of: "/var/lib/dpkg/status.d/one", in: 0, limit: 1000)
            #expect(String(decoding: record, as: UTF8.self).contains("Version: 1.0-2\nArchitecture: \(to.name)\n"))
            let asked = mirror.server.requests.count
            let again = try await maker.image(for: image, blobs: store)
            #expect(again.image == made.image && again.skews == made.skews && mirror.server.requests.count == asked)
        }
    }

    @Test("What all processors share must be the same; what differs or is not there is named")
    func refused() async throws {
        let (from, to) = try #require(Self.ways.first)
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            let (image, installed) = try await base(folder, store, from)
            var other = files(to, data: "other")
            let mirror = try await MadeMirror(folder, to, [.init(files: other)])
            func refusal() async throws -> Failure? {
                try folder.appending("cache").remove()
                let maker = try maker(folder, store, mirror, installed)
                return await #expect(throws: Failure.self) { try await maker.image(for: image, blobs: store) }
            }
            #expect(
                try await refusal()?.message.contains("differ for \(to.name): /usr/share/one/data (one 1.0-1)") == true
            )
            other = files(to)
            other["/bin/one"] = nil
            try await mirror.fill([.init(files: other)])
            #expect(try await refusal()?.message.contains("have no /usr/bin/one (one)") == true)
            other["/bin/one"] = tinyElf(from)
            try await mirror.fill([.init(files: other)])
            #expect(try await refusal()?.message.contains("is not for \(to.name), though its package says so") == true)
            try await mirror.fill([.init(version: "0.9-1", files: files(to))])
            #expect(try await refusal()?.code == .versionConflict)
            try await mirror.fill([])
            #expect(try await refusal()?.message == "the mirror has no one for \(to.name)")
        }
    }
}

extension FileTree {
    /// All paths but that of the root.
    fileprivate var paths: [String] {
        var (paths, queue) = ([String](), children(of: .root))
        while let next = queue.popLast() {
            paths.append(path(of: next))
            queue += children(of: next)
        }
        return paths
    }
}
