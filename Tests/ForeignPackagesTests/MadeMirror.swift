import Digests
import Files
import LayerArchive
import RunImages
import SystemPackage
import TestSupport

@testable import ForeignPackages

/// A mirror with packages of the test's own, signed by a key that it makes, and served on 127.0.0.1.
final class MadeMirror: Sendable {
    let server: FileServer
    /// What the server serves; the mirror is in `debian`.
    let folder: FilePath
    let architecture: DebianArchitecture
    private let keys: FilePath
    private let key: String

    /// A package to be made: its files by path; a text that begins with `->` is a link.
    struct Package: Sendable {
        var name = "one"
        var version = "1.0-1"
        var architecture: String?
        var source: String?
        var files: [String: [UInt8]] = [:]
        var compression = "xz"
    }

    init(_ folder: FilePath, _ architecture: DebianArchitecture, _ packages: [Package], authorization: String? = nil)
        async throws
    {
        self.folder = folder.appending("served")
        self.architecture = architecture
        keys = folder.appending("keys")
        try self.folder.makeFolders()
        try keys.makeFolders()
        let gpg = try findTool("gpg")
        let own = ["--homedir", keys.string, "--batch", "--quiet"]
        let make = ["--passphrase", "", "--quick-generate-key", "mirror@example.invalid", "ed25519", "sign", "never"]
        _ = try await run(gpg, own + make).succeeded()
        key = try await run(gpg, own + ["--armor", "--export"]).succeeded().output
        server = try FileServer(
            serving: self.folder, authorizations: authorization.map { ["/": $0] } ?? [:])
        try await fill(packages)
    }

    deinit {
        server.stop()
        // The agent would outlive the test.
        let folder = keys
        Task { _ = try? await run("/usr/bin/gpgconf", ["--homedir", folder.string, "--kill", "all"]) }
    }

    var distribution: FilePath { folder.appending("debian/dists/bookworm") }
    func file(of package: String) -> FilePath {
        folder.appending("debian/pool").appending("\(package)_\(architecture.name).deb")
    }

    /// Replaces what the mirror has.
    func fill(_ packages: [Package]) async throws {
        var list = ""
        for package in packages {
            let (control, deb) = try await make(package)
            let digest = try MessageDigest.hex(ofFile: deb)
            list += "\(control)Filename: pool/\(package.name)_\(architecture.name).deb\n"
            list += "Size: \(try deb.fileSize())\nSHA256: \(digest)\n\n"
        }
        let index = "main/binary-\(architecture.name)/Packages"
        try distribution.appending(index).write(list)
        let release = """
            Origin: Example
            Suite: bookworm
            Codename: bookworm
            Date: Fri, 02 Jan 2026 00:00:00 UTC
            Architectures: \(architecture.name)
            Components: main
            SHA256:
             \(try MessageDigest.hex(of: list.utf8)) \(list.utf8.count) \(index)

            """
        try await sign(release)
    }

    private func sign(_ release: String) async throws {
        try folder.appending("release").write(release)
        let end = try await run(
            try findTool("gpg"),
            ["--homedir", keys.string, "--batch", "--yes", "--clearsign", "--output"]
                + [distribution.appending("InRelease").string, folder.appending("release").string])
        _ = try end.succeeded()
    }

    private func make(_ package: Package) async throws -> (control: String, deb: FilePath) {
        let root = folder.removingLastComponent().appending("package-\(package.name)")
        try root.remove()
        let source = package.source.map { "Source: \($0)\n" } ?? ""
        let control =
            "Package: \(package.name)\n\(source)Version: \(package.version)\n"
            + "Architecture: \(package.architecture ?? architecture.name)\n"
            + "Maintainer: Nobody <nobody@example.invalid>\nDescription: for a test\n of mixpack\n"
        try root.appending("DEBIAN/control").write(control)
        for (path, bytes) in package.files {
            let place = root.pushing(FilePath(path).removingRoot())
            try place.removingLastComponent().makeFolders(mode: 0o755)
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasPrefix("->") {
                try place.makeLink(to: String(text.dropFirst(2)))
            } else {
                try place.replace(with: bytes, mode: [.ownerReadWrite, .groupRead, .otherRead])
            }
        }
        try folder.appending("debian/pool").makeFolders()
        let deb = file(of: package.name)
        _ = try await run(
            try findTool("dpkg-deb"),
            ["--root-owner-group", "-Z\(package.compression)", "--build", root.string, deb.string]
        ).succeeded()
        return (control, deb)
    }

    // MARK: The machine that uses it

    /// A machine with this mirror in its list, in apt's newer form with the key in it.
    func machine(
        _ folder: FilePath, dump: String = "", environment: [String: String] = [:], address: String? = nil
    ) throws -> AptMachine {
        let lines = key.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let embedded = lines.map { $0.isEmpty ? " ." : " \($0)" }.joined(separator: "\n")
        let entry = """
            Types: deb deb-src
            URIs: \(address ?? server.url + "/debian")
            Suites: bookworm
            Components: main
            Architectures: amd64
            Signed-By:
            \(embedded)

            """
        try folder.appending("etc/apt/sources.list.d/debian.sources").write(entry)
        try folder.appending("etc/os-release").write("ID=debian\nVERSION_CODENAME=bookworm\n")
        return try AptMachine(root: folder, dump: dump, environment: environment)
    }
}

/// The smallest ELF file of a processor.
func tinyElf(_ architecture: DebianArchitecture, _ more: String = "") -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64)
    bytes.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1])
    bytes[16] = 3
    bytes[18] = UInt8(truncatingIfNeeded: architecture.machine)
    return bytes + Array(more.utf8)
}
