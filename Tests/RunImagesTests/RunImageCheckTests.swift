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

    @Test(
        "A library that a NIF opens by name, and that this machine has, is a warning; Erlang's own programs do without")
    func opened() async throws {
        try await withTemporaryFolder { folder in
            let (image, store) = try await runImage(in: folder, without: [])
            let beam: FilePath = "/usr/lib/erlang/erts-13.1.5/bin/beam.smp"
            let release = folder.appending("release")
            for (path, library) in [
                ("lib/a-1/priv/a.so", "libuuid.so.1"), ("lib/b-1/priv/b.so", "libnone.so.1"),
                ("erts-13.1.5/bin/beam.smp", "libuuid.so.1"),
            ] { try write(beam, as: release.appending(path), changing: "libsctp.so.1", to: library) }
            let findings = try await RunImageCheck(image, blobs: store).findings(for: [release])
            #expect(findings.map(\.kind) == [.openedLibrary])
            #expect(findings.map(\.isFatal) == [false])
            #expect(
                findings.first?.message
                    == "lib/a-1/priv/a.so may open libuuid.so.1 by name, which this machine has and the run image does not"
            )
        }
    }

    @Test(
        "In the machine's own image what it was not made to fit is looked at, and where the machine has what is missing"
    )
    func ofMachine() async throws {
        try await withTemporaryFolder { folder in
            let (image, store) = try await runImage(in: folder, without: [])
            let base = folder.appending("base")
            // Stands in for Erlang's wx: a file that needs what the run image was not made with.
            let shell = try #require(try ElfFile(at: "/bin/sh"))
            let archive = try #require(LibrarySearch().find("libarchive.so.13", for: shell, at: "/bin/sh"))
            for place in ["lib/wx-2.2/priv/wxe_driver.so", "lib/crypto-5.1/priv/lib/crypto.so", "erts-13.1.5/bin/x"] {
                try write(archive, as: base.appending(place))
            }
            let findings = try await RunImageCheck(image, blobs: store).findings(
                for: [base], except: MachineRunImage.fits)
            let found = try #require(findings.first { $0.subject == "libxml2.so.2" })
            #expect(found.isFatal && found.files == ["lib/wx-2.2/priv/wxe_driver.so"])
            #expect(found.installed?.lastComponent?.string == "libxml2.so.2")
            let missing = findings.filter(\.isFatal).compactMap(\.installed)
            let larger = try await MachineRunImage(
                erlangRoot: "/usr/lib/erlang", store: store, record: folder.appending("larger.json"),
                searchPath: "/usr/bin:/bin", moreFiles: missing
            ).image { _ in }
            let rest = try await RunImageCheck(larger.image, blobs: store).findings(
                for: [base], except: MachineRunImage.fits)
            #expect(rest.filter(\.isFatal) == [])
            let label = larger.image.configuration.config.labels[RunImageLabel.libraries] ?? ""
            #expect(label.split(separator: ",").contains("libxml2.so.2"))
            #expect(MachineRunImage.library(named: "libxml2.so.2") != nil)
            for name in ["../etc/shadow", "/etc/shadow", "shadow", "libnone.so.9"] {
                #expect(MachineRunImage.library(named: name) == nil, "\(name)")
            }
        }
    }

    @Test("The program that runs a script must be in the image, found by its path or on PATH")
    func interpreters() async throws {
        try await withTemporaryFolder { folder in
            let (image, store) = try await runImage(in: folder, without: [])
            let lines = [
                "good": "#!/bin/sh -e\n", "env": "#!/usr/bin/env sh\n", "own": "#!/layers/x/bin/run\n",
                "none": "#!/opt/none/run\n", "bash": "#!/usr/bin/env bash\n", "binary": "\u{7F}ELF",
            ]
            for (name, line) in lines { try folder.appending("bin/\(name)").write(line) }
            let scripts = lines.keys.map { ($0, folder.appending("bin/\($0)")) }
            let findings = try await RunImageCheck(image, blobs: store).findings(
                for: [], scripts: Dictionary(uniqueKeysWithValues: scripts))
            #expect(findings.map(\.kind) == [.interpreter, .interpreter])
            #expect(findings.map(\.subject) == ["/opt/none/run", "bash"])
            #expect(findings.map(\.files) == [["none"], ["bash"]])
            #expect(findings.map(\.installed) == [nil, "/usr/bin/bash"])
            #expect(findings.first?.message == "none is run by /opt/none/run, which the run image does not have")
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

    @Test("Versions of symbols are compared number by number, and only with those of their family")
    func versionOrder() {
        let versions = ["GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.2.5"].map(SymbolVersion.init)
        #expect(versions.max { $0.isBefore($1) }?.text == "GLIBC_2.34")
        let wanted = SymbolVersion("GLIBC_2.40")
        #expect(wanted.newest(of: ["GLIBC_2.9", "GLIBC_2.36", "GLIBCXX_3.4.30", "GLIBC_PRIVATE"]) == "GLIBC_2.36")
        #expect(wanted.newest(of: ["GLIBCXX_3.4.30", "GLIBC_PRIVATE"]) == nil)
    }

    @Test("Of the versions that a library lacks, the newest of each family is told, with the newest that there is")
    func newestVersion() {
        var list = FindingList(architecture: "amd64")
        list.addVersions(
            ["GLIBC_2.9", "GLIBC_2.40", "GLIBC_2.38", "OTHER_1.2"], of: "libc.so.6",
            offered: ["GLIBC_2.4", "GLIBC_2.36"], neededBy: "bin/one")
        #expect(
            list.findings.map(\.message) == [
                "bin/one needs GLIBC_2.40 of libc.so.6; the run image's goes up to GLIBC_2.36",
                "bin/one needs OTHER_1.2 of libc.so.6; the run image's has no such versions",
            ])
    }

    @Test("A finding names each file that needs the same thing once, sorted")
    func files() {
        var list = FindingList(architecture: "amd64")
        for file in ["lib/b.so", "lib/a.so", "lib/b.so"] { list.addLibrary("libz.so.1", neededBy: file) }
        #expect(list.findings.map(\.files) == [["lib/a.so", "lib/b.so"]])
    }

    @Test("Libraries are looked for in a file's own folders, then in configured ones, then in the usual ones")
    func libraryOrder() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            func image(_ folders: [String]) async throws -> Image {
                let transaction = try store.begin()
                var builder = ImageBuilder()
                let libraries = folders.map { folder in
                    LayerContents.Item.copy("/usr/bin/sed", path: folder + "/libx.so.1", mode: 0o644, owner: .root)
                }
                let settings = LayerContents.Item.file(
                    Array("# ours\n/opt/configured\n".utf8), path: "/etc/ld.so.conf.d/a.conf", mode: 0o644,
                    owner: .root)
                builder.append(try await transaction.addLayer(LayerContents(libraries + [settings])).layer)
                let image = try builder.image()
                try await transaction.commit(image, as: [try Reference("libraries")])
                return image
            }
            let folders = ["/opt/own", "/opt/configured", "/usr/lib"]
            for first in folders.indices {
                let image = try await image(Array(folders[first...]))
                let found = try await ImageRoot(image, blobs: store).library("libx.so.1", startingIn: ["/opt/own"])
                #expect(found?.path == folders[first] + "/libx.so.1")
            }
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
