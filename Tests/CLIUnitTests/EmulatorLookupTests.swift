import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("Finding the emulator for another processor")
struct EmulatorLookupTests {
    private static let other = Platform(architecture: Platform.current.architecture == "arm64" ? "amd64" : "arm64")

    @Test("without one, the user is told what to install; one that needs libraries cannot run in an image's files")
    func missing() throws {
        try withTemporaryFolder { folder in
            let lookup = EmulatorLookup(path: folder.string, system: folder.string)
            for processor in ["aarch64", "x86_64"] {
                for _ in 0..<2 {
                    let failure = #expect(throws: Failure.self) { _ = try lookup.emulator(for: Self.other) }
                    #expect(failure?.code == .notFound)
                    #expect(failure?.advice == "install it: sudo apt-get install -y qemu-user-static")
                    let program = folder.appending("qemu-\(processor)-static")
                    if !program.exists { try FilePath("/bin/ls").copy(to: program) }
                }
            }
        }
    }

    @Test("a statically linked one is taken, from the user's folders first")
    func found() throws {
        try withTemporaryFolder { folder in
            let launcher = try builtProgram("mixpack").removingLastComponent().appending("mixpack-launcher")
            for processor in ["aarch64", "x86_64"] { try launcher.copy(to: folder.appending("qemu-\(processor)")) }
            let found = try EmulatorLookup(path: folder.string, system: folder.string).emulator(for: Self.other)
            #expect(found.program.removingLastComponent() == (try #require(folder.realPath)))
        }
    }

    @Test("a processor that no images are made for has none")
    func unknown() {
        let failure = #expect(throws: Failure.self) {
            _ = try EmulatorLookup(path: nil).emulator(for: Platform(architecture: "riscv64"))
        }
        #expect(failure?.code == .unsupported)
    }
}
