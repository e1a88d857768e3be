import Diagnostics
import FoundationEssentials
import Glibc
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("The check of a release against a run image")
struct RunImageCheckTests {
    /// The machine's run image without some of its files.
    private func runImage(in folder: FilePath, without paths: [String]) async throws -> (Image, ImageStore) {
        let store = ImageStore(root: folder.appending("images"))
        let maker = MachineRunImage(
            erlangRoot: "/usr/lib/erlang", store: store, record: folder.appending("run-image.json"),
            searchPath: "/usr/bin:/bin")
        let base = try await maker.image { _ in }.image
        guard !paths.isEmpty else { return (base, store) }
        let whiteouts = paths.map { path in
            let place = FilePath(path)
            let name = ".wh." + (place.lastComponent?.string ?? "")
            return LayerContents.Item.file(
                [], path: place.removingLastComponent().appending(name).string, mode: 0o644, owner: .root)
        }
        let transaction = try store.begin()
        var builder = ImageBuilder(base: base)
        builder.append(try await transaction.addLayer(LayerContents(whiteouts), expecting: nil).layer)
        let image = try builder.image()
        try await transaction.commit(image, as: [try Reference("without")])
        return (image, store)
    }

    /// What is wrong with a release in an image that has what sed needs, but for tools and locale, which it has not.
    private func findingsInSmallImage(for release: FilePath, in folder: FilePath) async throws -> [RunImageFinding] {
        let store = ImageStore(root: folder.appending("images"))
        var selection = FileSelection(search: LibrarySearch())
        try selection.add("/usr/bin/sed")
        let transaction = try store.begin()
        var builder = ImageBuilder()
        let contents = RunImageLayer(selection: selection, osRelease: []).contents
        builder.append(try await transaction.addLayer(contents, expecting: nil).layer)
        let image = try builder.image()
        try await transaction.commit(image, as: [try Reference("small")])
        return try await RunImageCheck(image, blobs: store).findings(for: [release])
            .filter { $0.kind != .tool && $0.kind != .locale }
    }

    /// The path of a library on this machine, links followed, as the image has it.
    private func realPath(_ soname: String) throws -> String {
        let sed = try #require(try ElfFile(at: "/usr/bin/sed"))
        let found = try #require(LibrarySearch().find(soname, for: sed, at: "/usr/bin/sed"))
        return URL(filePath: found.string).resolvingSymlinksInPath().path(percentEncoded: false)
    }

    /// Writes a program into a release: a copy of one of this machine's, with some bytes changed.
    private func write(
        _ program: FilePath, as path: FilePath, changing old: String? = nil, to new: String = ""
    ) throws {
        var bytes = try program.readBytes()
        if let old {
            let (wanted, replacement) = (Array(old.utf8), Array(new.utf8))
            let places = bytes.indices.dropLast(wanted.count).filter { bytes[$0...].starts(with: wanted) }
            #expect(!places.isEmpty)
            for place in places {
                for (offset, byte) in replacement.enumerated() { bytes[place + offset] = byte }
                for offset in replacement.count..<max(replacement.count, wanted.count) { bytes[place + offset] = 0 }
            }
        }
        try path.removingLastComponent().makeFolder()
        try Data(bytes).write(to: URL(filePath: path.string))
    }

    @Test("The runtime of this machine fits the image made from it")
    func fits() async throws {
        try await withTemporaryFolder { folder in
            let (image, store) = try await runImage(in: folder, without: [])
            let findings = try await RunImageCheck(image, blobs: store).findings(for: ["/usr/lib/erlang/erts-13.1.5"])
            #expect(findings == [])
        }
    }

    @Test("Missing libraries, tools and the locale are named, with the file that needs them and the cure")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let gone = [
                try realPath("libcrypto.so.3"), try realPath("libstdc++.so.6"), try realPath("libtinfo.so.6"),
                "/usr/bin/cut",
                "/usr/bin/od", "/usr/lib/locale/C.utf8",
            ]
            let (image, store) = try await runImage(in: folder, without: gone)
            let release = folder.appending("release")
            try write("/usr/lib/erlang/erts-13.1.5/bin/beam.smp", as: release.appending("erts-13.1.5/bin/beam.smp"))
            try write(
                "/usr/lib/erlang/lib/crypto-5.1.2/priv/lib/crypto.so", as: release.appending("lib/crypto/crypto.so"))
            try write("/usr/lib/erlang/erts-13.1.5/bin/epmd", as: release.appending("erts-13.1.5/bin/epmd"))
            let findings = try await RunImageCheck(image, blobs: store).findings(for: [release])
            #expect(
                findings.map { "\($0.isFatal ? "fatal" : "warning") \($0.kind.rawValue) \($0.subject)" } == [
                    "fatal library libcrypto.so.3", "fatal library libstdc++.so.6", "fatal library libtinfo.so.6",
                    "fatal tool cut", "warning locale C.UTF-8", "warning tool od",
                ])
            #expect(
                findings.first?.message
                    == "lib/crypto/crypto.so needs libcrypto.so.3, which the run image does not have")
            #expect(findings.first?.advice.contains("the Debian package libssl3") == true)
            #expect(findings.first?.files == ["lib/crypto/crypto.so"])
        }
    }

    @Test("A newer C library than the image's is seen by the symbol versions")
    func symbolVersions() async throws {
        try await withTemporaryFolder { folder in
            let release = folder.appending("release")
            let needed = try #require(try ElfFile(at: "/usr/bin/sed")?.neededVersions["libc.so.6"]?.max())
            let newer = "GLIBC_9" + needed.dropFirst("GLIBC_2".count)
            try write("/usr/bin/sed", as: release.appending("bin/one"), changing: needed, to: newer)
            try write("/usr/bin/sed", as: release.appending("bin/two"), changing: needed, to: newer)
            let findings = try await findingsInSmallImage(for: release, in: folder)
            #expect(findings.map(\.subject) == [newer])
            #expect(findings.first?.files == ["bin/one", "bin/two"])
            #expect(
                findings.first?.message.hasPrefix(
                    "bin/one needs \(newer) of libc.so.6; the run image's goes up to GLIBC_2.") == true)
        }
    }

    @Test("Files for another processor, or started by another linker, are seen")
    func foreign() async throws {
        try await withTemporaryFolder { folder in
            let sed = try #require(try ElfFile(at: "/usr/bin/sed"))
            let release = folder.appending("release")
            try write(
                "/usr/bin/sed", as: release.appending("priv/musl"), changing: sed.interpreter,
                to: "/lib/ld-musl-x.so.1")
            try write("/usr/bin/sed", as: release.appending("priv/foreign.so"))
            try changeMachine(of: release.appending("priv/foreign.so"), to: 243)
            let findings = try await findingsInSmallImage(for: release, in: folder)
            #expect(findings.map(\.kind) == [.architecture, .dynamicLinker])
            #expect(findings.first?.message.hasPrefix("priv/foreign.so is for riscv64, the run image for ") == true)
            #expect(findings.last?.advice.contains("musl") == true)
        }
    }

    @Test("A broken library is an error that names it")
    func broken() async throws {
        try await withTemporaryFolder { folder in
            let release = folder.appending("release")
            try write("/usr/bin/sed", as: release.appending("priv/nif.so"))
            guard truncate(release.appending("priv/nif.so").string, 2000) == 0 else { throw Errno(rawValue: errno) }
            let error = await #expect(throws: Failure.self) {
                try await findingsInSmallImage(for: release, in: folder)
            }
            #expect(error?.message.contains("priv/nif.so") == true)
        }
    }

    private func changeMachine(of file: FilePath, to machine: UInt8) throws {
        var bytes = try file.readBytes()
        (bytes[18], bytes[19]) = (machine, 0)
        try Data(bytes).write(to: URL(filePath: file.string))
    }
}
