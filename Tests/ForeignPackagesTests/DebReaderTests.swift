import Diagnostics
import Files
import LayerArchive
import RunImages
import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("Debian packages, unpacked without dpkg")
struct DebReaderTests {
    @Test("It is what dpkg unpacks, in each compression", arguments: ["xz", "gzip", "zstd"])
    func unpack(compression: String) async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("root")
            try root.appending("DEBIAN/control").write(
                "Package: one\nVersion: 1:2-3\nArchitecture: all\nMaintainer: N <n@example.invalid>\nDescription: x\n")
            try root.appending("usr/bin/one").write("#!/bin/sh\n", mode: 0o755)
            try root.appending("usr/lib/a b").write(String(repeating: "text ", count: 100_000))
            try root.appending("usr/bin/two").makeLink(to: "../lib/a b")
            try root.appending("usr/share/doc/one/copyright").write("free")
            let deb = folder.appending("one.deb")
            let tool = try findTool("dpkg-deb")
            _ = try await run(
                tool, ["--root-owner-group", "-Z\(compression)", "--build", root.string, deb.string]
            ).succeeded()
            let (own, others) = (folder.appending("own"), folder.appending("others"))
            let reader = try DebReader(deb)
            try reader.unpack(to: own)
            _ = try await run(tool, ["--extract", deb.string, others.string]).succeeded()
            try others.appending("usr/share/doc").remove()
            #expect(try own.tree() == others.tree())
            for path in ["usr/bin/one", "usr/lib/a b", "usr/bin/two"] {
                #expect(own.appending(path).isSameTree(as: others.appending(path)), "\(path)")
            }
            let record = try #require(PackageRecord(paragraph: Substring(try reader.control())))
            #expect(record.version.description == "1:2-3" && record.architecture == "all")
        }
    }

    private func deb(_ entries: [(TarEntry, String)]) throws -> [UInt8] {
        let sink = MemorySink()
        let writer = TarWriter(sink: sink)
        for (entry, text) in entries { try writer.add(entry, content: Array(text.utf8)) }
        try writer.finish()
        return Array("!<arch>\n".utf8) + member("debian-binary", Array("2.0\n".utf8)) + member("data.tar", sink.bytes)
    }

    private func member(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        func field(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
        let head = field(name, 16) + field("0", 12) + field("0", 6) + field("0", 6) + field("100644", 8)
        return Array((head + field("\(bytes.count)", 10) + "`\n").utf8) + bytes + (bytes.count % 2 == 0 ? [] : [10])
    }

    private func entry(_ path: String, _ kind: TarEntry.Kind) -> TarEntry {
        TarEntry(path: path, kind: kind, mode: 0o4777, owner: .root)
    }

    @Test("Nothing is written outside of the folder, by whatever way")
    func outside() throws {
        let file = TarEntry.Kind.file(size: 1)
        for entries in [
            [(entry("../out", file), "x")], [(entry("/out", file), "x")], [(entry("a/../../out", file), "x")],
            [(entry("link", .symlink(target: "..")), ""), (entry("link/out", file), "x")],
            [
                (entry("link", .symlink(target: "/")), ""), (entry("link", .directory), ""),
                (entry("link/out", file), "x"),
            ],
            [(entry("hard", .hardLink(target: "../secret")), "")], [(entry("pipe", .special), "")],
            [(entry("one", .symlink(target: "../secret")), ""), (entry("hard", .hardLink(target: "one")), "")],
        ] {
            try withTemporaryFolder { folder in
                try folder.appending("secret").write("s")
                let place = folder.appending("x.deb")
                try place.replace(with: try deb(entries))
                #expect(throws: Failure.self, "\(entries.map(\.0.path))") {
                    try DebReader(place).unpack(to: folder.appending("root"))
                }
                #expect(try folder.names() == ["root", "secret", "x.deb"])
            }
        }
    }

    @Test("A file is not run as another user, and a link is replaced, not followed")
    func modes() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending("x.deb")
            let target = folder.appending("target")
            try target.write("old")
            try place.replace(
                with: try deb([
                    (entry("./a", .symlink(target: target.string)), ""), (entry("./a", .file(size: 3)), "new"),
                ]))
            try DebReader(place).unpack(to: folder.appending("root"))
            #expect(try target.readText() == "old" && folder.appending("root/a").readText() == "new")
            #expect(FileStamp(of: folder.appending("root/a"))?.permissions == 0o755)
        }
    }

    @Test("What is no package, or cut short, is refused; any change of a byte is too, or unpacks")
    func broken() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending("x.deb")
            let good = try deb([(entry("./a", .file(size: 3)), "new")])
            let other = Array("!<arch>\n".utf8) + member("other", Array("2.0\n".utf8))
            for bytes in [[], Array("text".utf8), other, Array(good.prefix(100)), Array(good.prefix(700))] {
                try place.replace(with: bytes)
                #expect(throws: Failure.self) { try DebReader(place).unpack(to: folder.appending("root")) }
            }
            for index in stride(from: 0, to: good.count, by: 97) {
                var bytes = good
                bytes[index] ^= 0x55
                try place.replace(with: bytes)
                let root = try ScratchFolder(in: folder)
                _ = try? DebReader(place).unpack(to: root.path)
                root.remove()
            }
            #expect(try folder.names() == ["root", "x.deb"])
        }
    }
}
