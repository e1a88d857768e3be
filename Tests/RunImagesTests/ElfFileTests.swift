import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("ELF files")
struct ElfFileTests {
    @Test("A program tells its processor, its linker, its libraries and their versions")
    func program() throws {
        let file = try #require(try ElfFile(at: "/usr/bin/sed"))
        #expect(file.bits == 64)
        #expect(file.interpreter?.contains("ld-linux") == true)
        #expect(file.needed.contains("libc.so.6"))
        #expect(file.neededVersions["libc.so.6"]?.contains { $0.hasPrefix("GLIBC_2.") } == true)
    }

    @Test("A library tells its soname and the versions it offers")
    func library() throws {
        let sed = try #require(try ElfFile(at: "/usr/bin/sed"))
        let path = try #require(LibrarySearch().find("libc.so.6", for: sed, at: "/usr/bin/sed"))
        let file = try #require(try ElfFile(at: path))
        #expect(file.soname == "libc.so.6")
        #expect(file.providedVersions.contains("GLIBC_2.34"))
    }

    @Test("A text file is no ELF file")
    func text() throws {
        #expect(try ElfFile(at: "/etc/passwd") == nil)
    }

    @Test("A file cut short or with bytes changed gives an error or a value, never a crash")
    func damaged() throws {
        let whole = try FilePath("/usr/bin/sed").readBytes()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<400 {
            var bytes = Array(whole.prefix(Int.random(in: 52...whole.count, using: &random)))
            for _ in 0..<20 {
                bytes[Int.random(in: 4..<min(bytes.count, 4096), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            _ = try? ElfFile(bytes, name: "damaged")
        }
        #expect(throws: RunImageError.self) { try ElfFile(Array(whole.prefix(200)), name: "short") }
    }
}
