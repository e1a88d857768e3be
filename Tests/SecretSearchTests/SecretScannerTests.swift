import Diagnostics
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import SecretSearch

@Suite("Scanning files for secrets")
struct SecretScannerTests {
    private static let value = "m4rk3r-in-a-bottle-0123456789"

    private static func findings(in folder: FilePath) throws -> [SecretFinding] {
        try SecretScanner(secrets: ["MARKER": value]).findings(in: folder)
    }

    /// A module whose attribute holds the value; repeated, so that its literals are worth compressing.
    private static let module = """
        defmodule Planted do
          @values [System.get_env("MARKER"), "filler filler filler filler filler filler filler filler"]
          def values, do: @values
        end
        """

    @Test("A module attribute is found in the compressed literals of its beam, where a plain search finds nothing")
    func beam() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("planted.ex").write(Self.module)
            let beams = folder.appending("ebin")
            try beams.makeFolder()
            _ = try await run(
                "/usr/bin/env", ["elixirc", "-o", beams.string, folder.appending("planted.ex").string],
                environment: ["MARKER": Self.value, "LC_ALL": "C.UTF-8"]
            ).succeeded()
            let beam = "Elixir.Planted.beam"
            #expect(try await run("/bin/grep", ["-c", Self.value, beams.appending(beam).string]).status == 1)
            let expected = SecretFinding(name: "MARKER", path: beam, form: .plain, isCompressed: true)
            #expect(try Self.findings(in: beams) == [expected])
            _ = try await run("/bin/gzip", ["-n", beams.appending(beam).string]).succeeded()
            try beams.appending("\(beam).gz").copy(to: beams.appending(beam))
            let packed = try Self.findings(in: beams)
            #expect(packed.map(\.path) == [beam, "\(beam).gz"])
            #expect(packed.allSatisfy { $0.isCompressed })
        }
    }

    @Test("A value is found in zstd and brotli files, as web projects make them")
    func webCompression() async throws {
        try await withTemporaryFolder { folder in
            let text = folder.appending("app.js")
            let lines = (0..<400).map { "line \($0 * 7919 % 1000) of the filling" }.joined(separator: "\n")
            try text.write("\(lines) \(Self.value) \(lines.reversed())")
            _ = try await run("/usr/bin/zstd", ["-q", text.string]).succeeded()
            _ = try await run("/usr/bin/brotli", [text.string]).succeeded()
            try text.remove()
            let found = try Self.findings(in: folder)
            #expect(found.map(\.path) == ["app.js.br", "app.js.zst"])
            #expect(found.allSatisfy { $0.isCompressed })
        }
    }

    @Test("A file that only looks compressed is no error", arguments: ["x.br", "x.zst", "x.gz"])
    func notCompressed(name: String) throws {
        try withTemporaryFolder { folder in
            for start: [UInt8] in [[0x28, 0xB5, 0x2F, 0xFD], [0x1F, 0x8B], [0x8B], []] {
                try folder.appending(name).replace(with: start + Array("some bytes that are nothing".utf8))
                #expect(try Self.findings(in: folder).isEmpty)
            }
        }
    }

    @Test("Names of files and folders and targets of links are searched, and not repeated")
    func names() throws {
        try withTemporaryFolder { folder in
            try folder.appending("a-\(Self.value)/file").write("nothing")
            try folder.appending("b/\(Self.value).txt").write("nothing")
            try folder.appending("c").makeLink(to: "/etc/\(Self.value)")
            let found = try Self.findings(in: folder)
            #expect(
                found.map(\.place) == [
                    "the name of a-[MARKER]", "the name of b/[MARKER].txt", "the link target of c",
                ])
            #expect(found.allSatisfy { $0.name == "MARKER" })
        }
    }

    @Test("A chunk of a module is found behind chunks of any length", arguments: 0...7)
    func chunkLengths(length: Int) async throws {
        try await withTemporaryFolder { folder in
            let text = "filler filler filler \(Self.value)"
            try folder.appending("text").write(text)
            _ = try await run("/bin/gzip", ["-n", folder.appending("text").string]).succeeded()
            // What gzip packs, as zlib frames it (RFC 1950); without a name gzip's header has ten bytes.
            let packed = try folder.appending("text.gz").readBytes().dropFirst(10).dropLast(8)
            let sums = text.utf8.reduce(into: (1, 0)) { sums, byte in
                sums.0 = (sums.0 + Int(byte)) % 65_521
                sums.1 = (sums.1 + sums.0) % 65_521
            }
            let literals = Self.word(text.utf8.count) + [0x78, 0x9c] + packed + Self.word(sums.1 << 16 | sums.0)
            let before = [UInt8](repeating: 1, count: length) + [UInt8](repeating: 0, count: -length & 3)
            let file =
                Array("FOR1".utf8) + Self.word(0) + Array("BEAMAtU8".utf8) + Self.word(length) + before
                + Array("LitT".utf8) + Self.word(literals.count) + literals
            let found = SecretScanner(secrets: ["MARKER": Self.value]).findings(in: file, path: "x.beam")
            #expect(found == [SecretFinding(name: "MARKER", path: "x.beam", form: .plain, isCompressed: true)])
        }
    }

    private static func word(_ number: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(number >> (8 * $0) & 255) } }

    @Test("Text, binary and compressed files are found with their places, links and broken files are passed over")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("root")
            try root.appending("priv/key.txt").write("first\nkey \(Self.value)\n")
            try root.appending("bin/tool").write("\0\0\0\0\(Self.value)\0")
            try root.appending("priv/static/app.js").write("var a = \"\(Self.value)\";")
            _ = try await run("/bin/gzip", ["-nk", root.appending("priv/static/app.js").string]).succeeded()
            try folder.appending("outside/key.txt").write(Self.value)
            try link("../outside", at: root.appending("link"))
            try root.appending("empty").write("")
            try root.appending("broken.beam").write("FOR1....BEAMLitT\u{7f}\u{7f}\u{7f}\u{7f}")
            try root.appending("broken.gz").write("\u{1f}\u{8b} this is no gzip file, however it begins")
            let found = try Self.findings(in: root)
            #expect(
                found.map(\.place) == [
                    "bin/tool", "priv/key.txt:2", "priv/static/app.js:1", "priv/static/app.js.gz",
                ])
            #expect(found.map(\.isCompressed) == [false, false, false, true])
            let skipped = try SecretScanner(secrets: ["MARKER": Self.value]).findings(in: root) { path, isFolder in
                isFolder ? path == "priv" : path == "bin/tool"
            }
            #expect(skipped.isEmpty)
        }
    }

    @Test("Several secrets are told apart, each once a file")
    func several() {
        let scanner = SecretScanner(secrets: ["A": "aaaa-aaaa", "B": "bbbb-bbbb", "AB": "aaaa-aaaa/bbbb-bbbb"])
        let found = scanner.findings(in: Array("bbbb-bbbb bbbb-bbbb\naaaa-aaaa/bbbb-bbbb\n".utf8), path: "f")
        #expect(Set(found.map(\.name)) == ["A", "B", "AB"])
        #expect(found.count == 3)
        #expect(found.first { $0.name == "B" }?.line == 1)
    }

    @Test("A folder that is not there is an error")
    func missing() {
        let error = #expect(throws: Failure.self) { try Self.findings(in: "/nonexistent") }
        #expect(error?.message.hasPrefix("/nonexistent: ") == true)
    }

    private func link(_ target: String, at place: FilePath) throws {
        try place.removingLastComponent().makeFolder()
        guard symlink(target, place.string) == 0 else { throw Errno(rawValue: errno) }
    }
}
