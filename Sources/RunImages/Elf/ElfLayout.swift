import Diagnostics

/// Where the fields of ELF's tables lie, for files of 32 and of 64 bits.
struct ElfLayout {
    var bits: Int
    /// Bytes of an address or offset.
    var word: Int
    /// `e_phoff`, `e_phentsize`, `e_phnum`.
    var programTable: Int
    var programEntrySize: Int
    var programCount: Int
    /// `p_offset`, `p_vaddr`, `p_filesz` in a program header.
    var segmentOffset: Int
    var segmentAddress: Int
    var segmentSize: Int

    static let bits64 = ElfLayout(
        bits: 64, word: 8, programTable: 32, programEntrySize: 54, programCount: 56, segmentOffset: 8,
        segmentAddress: 16, segmentSize: 32)
    static let bits32 = ElfLayout(
        bits: 32, word: 4, programTable: 28, programEntrySize: 42, programCount: 44, segmentOffset: 4,
        segmentAddress: 8, segmentSize: 16)
}

/// A part of the file that is loaded or tells how to.
struct ElfSegment {
    static let load: UInt64 = 1
    static let dynamic: UInt64 = 2
    static let interpreter: UInt64 = 3

    var type: UInt64
    var offset: Int
    var address: UInt64
    var size: Int

    static func all(in file: ElfBytes, _ layout: ElfLayout) throws(Failure) -> [ElfSegment] {
        let table = try file.count(at: layout.programTable, width: layout.word)
        let entrySize = try file.count(at: layout.programEntrySize, width: 2)
        let count = try file.count(at: layout.programCount, width: 2)
        guard table <= file.bytes.count else { throw file.broken("has its table outside") }
        var segments: [ElfSegment] = []
        for index in 0..<count {
            let start = table + index * entrySize
            let segment = ElfSegment(
                type: try file.number(at: start, width: 4),
                offset: try file.count(at: start + layout.segmentOffset, width: layout.word),
                address: try file.number(at: start + layout.segmentAddress, width: layout.word),
                size: try file.count(at: start + layout.segmentSize, width: layout.word))
            guard [load, dynamic, interpreter].contains(segment.type) else { continue }
            guard segment.offset <= file.bytes.count, segment.size <= file.bytes.count - segment.offset else {
                throw file.broken("is cut short")
            }
            segments.append(segment)
        }
        return segments
    }
}

/// The bytes of an ELF file, read with every offset checked.
struct ElfBytes {
    let bytes: [UInt8]
    let isBigEndian: Bool
    let name: String

    /// An unsigned number of `width` bytes.
    func number(at offset: Int, width: Int) throws(Failure) -> UInt64 {
        guard offset >= 0, width <= bytes.count, offset <= bytes.count - width else { throw broken("ends too early") }
        var value: UInt64 = 0
        for index in 0..<width {
            let byte = UInt64(bytes[offset + index])
            value |= byte << UInt64(8 * (isBigEndian ? width - 1 - index : index))
        }
        return value
    }

    /// A number that counts bytes or places in the file.
    func count(at offset: Int, width: Int) throws(Failure) -> Int {
        let value = try number(at: offset, width: width)
        guard let count = Int(exactly: value) else { throw broken("contains a number that is out of range") }
        return count
    }

    /// A text that ends in a zero byte.
    func text(at offset: Int) throws(Failure) -> String {
        guard offset >= 0, offset < bytes.count, let end = bytes[offset...].prefix(4096).firstIndex(of: 0) else {
            throw broken("contains a text without an end")
        }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    func broken(_ what: String) -> Failure { Failure(.malformed, "\(name): the ELF file \(what)") }
}
