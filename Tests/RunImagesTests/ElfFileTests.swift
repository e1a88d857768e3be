import Diagnostics
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
        // Where the headers are, and where the tables of libraries and versions are.
        for part in [0..<4096, 0..<whole.count] {
            let read = Mutations(of: Array(whole[part]), rounds: 400).map { bytes in
                (try? ElfFile(bytes + whole[part.upperBound...], name: "damaged")) != nil
            }
            #expect(read.contains(true) && read.contains(false))
        }
        let error = #expect(throws: Failure.self) { try ElfFile(Array(whole.prefix(200)), name: "short") }
        #expect(error?.message.contains("short: the ELF file is cut short") == true, "\(error?.message ?? "")")
    }
}
