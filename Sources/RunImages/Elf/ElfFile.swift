/// What the dynamic linker reads of a program or library: who it is for, and what it needs.
///
/// Follows the System V ABI, "Object Files" and "Dynamic Linking", and the LSB's symbol versioning. Only what a file says
/// about loading is read; sizes and offsets are checked, so that any bytes may be given.
public struct ElfFile: Sendable, Hashable {
    /// 32 or 64 bits.
    public var bits: Int
    /// The processor, as `e_machine` numbers it: 62 is x86-64, 183 is AArch64.
    public var machine: UInt16
    /// The dynamic linker that starts it; `nil` for libraries and static programs.
    public var interpreter: String?
    /// The libraries it needs, by soname.
    public var needed: [String]
    /// Where they are looked for first; `$ORIGIN` stands for its own folder.
    public var runPath: [String]
    /// Its own soname.
    public var soname: String?
    /// The symbol versions that it needs, by library.
    public var neededVersions: [String: Set<String>]
    /// The symbol versions that it offers.
    public var providedVersions: Set<String>

    /// The name of the processor for people.
    public var machineName: String {
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
    public static func isElf(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) }
}
