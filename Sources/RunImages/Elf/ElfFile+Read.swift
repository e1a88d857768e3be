import Diagnostics
import Files
import Glibc
import SystemPackage

extension ElfFile {
    /// Reads a file; `nil` where it is no ELF file.
    /// - Throws: `Failure` when it is a broken one or cannot be read.
    package init?(at path: FilePath) throws(Failure) {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
            throw Failure(.unreadable, "cannot read \(path)")
        }
        defer { try? file.close() }
        var start = [UInt8](repeating: 0, count: 64)
        let count = (try? start.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }) ?? 0
        guard count == start.count, Self.isElf(start) else { return nil }
        var status = Glibc.stat()
        guard fstat(file.rawValue, &status) == 0, status.st_size < Self.largest else {
            throw Failure(.malformed, "\(path): too large for an ELF file")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let size = (try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }) ?? 0
        guard size == bytes.count else { throw Failure(.unreadable, "cannot read \(path)") }
        try self.init(bytes, name: path.string)
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
        (interpreter, needed, runPath, soname) = (nil, [], [], nil)
        (neededVersions, providedVersions) = ([:], [])
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
    }

    /// Nothing that belongs into a run image is larger.
    private static let largest = 1 << 30
}
