/// What the dynamic linker reads of a program or library: who it is for, and what it needs.
///
/// Follows the System V ABI, "Object Files" and "Dynamic Linking", and the LSB's symbol versioning. Only what a file says
/// about loading is read; sizes and offsets are checked, so that any bytes may be given.
package struct ElfFile: Sendable, Hashable {
    /// 32 or 64 bits.
    package var bits: Int
    /// The processor, as `e_machine` numbers it: 62 is x86-64, 183 is AArch64.
    package var machine: UInt16
    /// The dynamic linker that starts it; `nil` for libraries and static programs.
    package var interpreter: String?
    /// The libraries it needs, by soname.
    package var needed: [String]
    /// Where they are looked for first; `$ORIGIN` stands for its own folder.
    package var runPath: [String]
    /// Its own soname.
    package var soname: String?
    /// The symbol versions that it needs, by library.
    package var neededVersions: [String: Set<String>]
    /// The symbol versions that it offers.
    package var providedVersions: Set<String>

    /// The name of the processor for people.
    package var machineName: String {
        switch machine {
        case 3: "x86"
        case 40: "arm"
        case 62: "x86_64"
        case 183: "aarch64"
        case 243: "riscv64"
        default: "machine \(machine)"
        }
    }

    /// Whether some bytes begin as an ELF file does.
    package static func isElf(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) }
}
