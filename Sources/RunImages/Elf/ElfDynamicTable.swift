import Diagnostics
import Files

/// The dynamic table of an ELF file: what the dynamic linker is told.
struct ElfDynamicTable {
    /// The entries that are read here.
    enum Tag: UInt64 {
        case needed = 1
        case stringTable = 5
        case stringTableSize = 10
        case soname = 14
        case rPath = 15
        case runPath = 29
        case versionDefinitions = 0x6fff_fffc
        case versionDefinitionCount = 0x6fff_fffd
        case versionNeeds = 0x6fff_fffe
        case versionNeedCount = 0x6fff_ffff
    }

    private let file: ElfBytes
    private let segments: [ElfSegment]
    private let values: [Tag: [UInt64]]

    init(
        _ file: ElfBytes, _ layout: ElfLayout, segment: ElfSegment, segments: [ElfSegment]
    ) throws(Failure) {
        self.file = file
        self.segments = segments
        var values: [Tag: [UInt64]] = [:]
        for index in 0..<(segment.size / (2 * layout.word)) {
            let start = segment.offset + index * 2 * layout.word
            let tag = try file.number(at: start, width: layout.word)
            if tag == 0 { break }
            guard let known = Tag(rawValue: tag) else { continue }
            values[known, default: []].append(try file.number(at: start + layout.word, width: layout.word))
        }
        self.values = values
    }

    /// The texts that entries of a kind name.
    func texts(of tag: Tag) throws(Failure) -> [String] {
        guard let offsets = values[tag], let address = values[.stringTable]?.first else { return [] }
        let table = try place(of: address)
        var texts: [String] = []
        for offset in offsets { texts.append(try text(offset, in: table)) }
        return texts
    }

    /// Whether a symbol of this name is among those that it uses or offers.
    ///
    /// Asks the texts, as symbols have no count of their own; linkers let a name share the end of a longer one.
    func names(_ symbol: String) throws(Failure) -> Bool {
        guard let address = values[.stringTable]?.first, let size = values[.stringTableSize]?.first else {
            return false
        }
        let start = try place(of: address)
        guard let length = Int(exactly: size), length <= file.bytes.count - start else {
            throw file.broken("has a text outside")
        }
        return file.bytes[start..<start + length].firstRange(of: Array(symbol.utf8) + [0], from: start) != nil
    }

    /// The symbol versions it needs, by library (`.gnu.version_r`).
    func neededVersions() throws(Failure) -> [String: Set<String>] {
        guard let start = values[.versionNeeds]?.first, let strings = values[.stringTable]?.first else { return [:] }
        let table = try place(of: strings)
        var result: [String: Set<String>] = [:]
        var position = try place(of: start)
        for _ in 0..<(values[.versionNeedCount]?.first ?? 0) {
            let count = try file.count(at: position + 2, width: 2)
            let step = try file.count(at: position + 12, width: 4)
            let library = try text(try file.number(at: position + 4, width: 4), in: table)
            var entry = position + (try file.count(at: position + 8, width: 4))
            for _ in 0..<count {
                result[library, default: []].insert(try text(try file.number(at: entry + 8, width: 4), in: table))
                let step = try file.count(at: entry + 12, width: 4)
                if step == 0 { break }
                entry += step
            }
            if step == 0 { break }
            position += step
        }
        return result
    }

    /// The symbol versions it offers (`.gnu.version_d`).
    func providedVersions() throws(Failure) -> Set<String> {
        guard let start = values[.versionDefinitions]?.first, let strings = values[.stringTable]?.first else {
            return []
        }
        let table = try place(of: strings)
        var result: Set<String> = []
        var position = try place(of: start)
        for _ in 0..<(values[.versionDefinitionCount]?.first ?? 0) {
            let name = position + (try file.count(at: position + 12, width: 4))
            result.insert(try text(try file.number(at: name, width: 4), in: table))
            let step = try file.count(at: position + 16, width: 4)
            if step == 0 { break }
            position += step
        }
        return result
    }

    private func text(_ offset: UInt64, in table: Int) throws(Failure) -> String {
        guard let offset = Int(exactly: offset), offset < file.bytes.count else {
            throw file.broken("has a text outside")
        }
        return try file.text(at: table + offset)
    }

    /// The place in the file of an address in memory.
    private func place(of address: UInt64) throws(Failure) -> Int {
        let segment = segments.first {
            $0.type == ElfSegment.load && address >= $0.address && address - $0.address < UInt64($0.size)
        }
        guard let segment, let distance = Int(exactly: address - segment.address) else {
            throw file.broken("names an address that it does not load")
        }
        return segment.offset + distance
    }
}
