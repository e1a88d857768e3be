import Diagnostics
import Files
import SystemPackage

/// What the dynamic linker reads of a program or library: who it is for, and what it needs.
///
/// Follows the System V ABI, "Object Files" and "Dynamic Linking", and the LSB's symbol versioning. Only what a file says
/// about loading is read; sizes and offsets are checked, so that any bytes may be given.
package struct ElfFile: Sendable, Hashable {
    package var bits: Int
    /// The processor, as `e_machine` numbers it: 62 is x86-64, 183 is AArch64.
    package var machine: UInt16
    /// The dynamic linker that starts it; `nil` for libraries and static programs.
    package var interpreter: String?
    /// The libraries it needs, by soname.
    package var needed: [String] = []
    /// Where they are looked for first; `$ORIGIN` stands for its own folder.
    package var runPath: [String] = []
    package var soname: String?
    /// The symbol versions that it needs, by library.
    package var neededVersions: [String: Set<String>] = [:]
    /// The symbol versions that it offers.
    package var providedVersions: Set<String> = []
    /// The libraries that it may open by name while it runs, sorted: they are in no table, only among its texts.
    package var opened: [String] = []

    package var machineName: String {
        if let known = DebianArchitecture.all.first(where: { $0.machine == machine }) { return known.processor }
        return switch machine {
        case 3: "x86"
        case 40: "arm"
        case 243: "riscv64"
        default: "machine \(machine)"
        }
    }

    /// Whether some bytes begin as an ELF file does.
    package static func isElf(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) }

    /// Reads a file; `nil` where it is no ELF file.
    /// - Throws: `Failure` when it is a broken one or cannot be read.
    package init?(at path: FilePath) throws(Failure) {
        guard let file = try? FileDescriptor.open(path.nameBytes, .readOnly, options: .closeOnExec) else {
            throw Failure(.unreadable, "cannot read \(path)")
        }
        defer { try? file.close() }
        guard let start = file.filled(64), start.count == 64, Self.isElf(start) else { return nil }
        guard let size = path.fileSize, size < Self.largest else {
            throw Failure(.malformed, "\(path): too large for an ELF file")
        }
        guard let rest = file.filled(Int(size) - start.count), rest.count + start.count == size else {
            throw Failure(.unreadable, "cannot read \(path)")
        }
        try self.init(start + rest, name: path.string)
    }

    /// Reads bytes.
    /// - Throws: `Failure` when they are not a whole ELF file.
    package init(_ bytes: [UInt8], name: String) throws(Failure) {
        guard bytes.count >= 52, Self.isElf(bytes) else {
            throw Failure(.malformed, "\(name): not an ELF file")
        }
        let file = ElfBytes(bytes: bytes, isBigEndian: bytes[5] == 2, name: name)
        let layout = bytes[4] == 2 ? ElfLayout.bits64 : ElfLayout.bits32
        bits = layout.bits
        machine = UInt16(truncatingIfNeeded: try file.number(at: 18, width: 2))
        let segments = try ElfSegment.all(in: file, layout)
        if let segment = segments.first(where: { $0.type == ElfSegment.interpreter }) {
            interpreter = try file.text(at: segment.offset)
        }
        guard let dynamic = segments.first(where: { $0.type == ElfSegment.dynamic }) else { return }
        let table = try ElfDynamicTable(file, layout, segment: dynamic, segments: segments)
        needed = try table.texts(of: .needed)
        soname = try table.texts(of: .soname).first
        runPath = try (table.texts(of: .runPath) + table.texts(of: .rPath)).flatMap {
            $0.split(separator: ":").map(String.init)
        }
        neededVersions = try table.neededVersions()
        providedVersions = try table.providedVersions()
        guard try table.names("dlopen") else { return }
        let texts = LibraryNames(in: bytes, segments: segments).all
        opened = texts.subtracting(needed).subtracting([soname].compactMap { $0 }).sorted()
    }

    /// Nothing that belongs into a run image is larger.
    private static let largest = 1 << 30
}
