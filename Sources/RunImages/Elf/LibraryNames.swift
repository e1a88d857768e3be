import Glibc

/// Texts in the loaded parts of an ELF file that are the name of a library and nothing else, such as `libsctp.so.1`.
struct LibraryNames {
    private(set) var all: Set<String> = []

    init(in bytes: [UInt8], segments: [ElfSegment]) {
        for segment in segments where segment.type == ElfSegment.load {
            add(from: bytes[segment.offset..<segment.offset + segment.size])
        }
    }

    private static let longest = 128

    private mutating func add(from part: ArraySlice<UInt8>) {
        var position = part.startIndex
        while let ending = part.firstRange(of: Array(".so".utf8), from: position) {
            position = ending.upperBound
            let before = part[..<ending.lowerBound].suffix(Self.longest).lastIndex(of: 0).map { $0 + 1 }
            guard let start = before, let end = part[position...].prefix(Self.longest).firstIndex(of: 0) else {
                continue
            }
            let name = part[start..<ending.lowerBound]
            guard Self.isName(name), Self.isVersion(part[position..<end]) else { continue }
            all.insert(String(decoding: part[start..<end], as: UTF8.self))
        }
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let others = Array("_+-.".utf8)
        return bytes.count > 3 && bytes.starts(with: Array("lib".utf8))
            && bytes.allSatisfy { $0.isDigit || $0.isLetter || others.contains($0) }
    }

    /// Nothing, or numbers with a dot before each.
    private static func isVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty
            || bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).enumerated()
                .allSatisfy { index, part in index == 0 ? part.isEmpty : !part.isEmpty && part.allSatisfy(\.isDigit) }
                && bytes.first == UInt8(ascii: ".")
    }
}

extension ArraySlice<UInt8> {
    /// Where some bytes are first, from a place on; the C library looks for the first of them, so debug builds are fast.
    func firstRange(of wanted: [UInt8], from start: Index) -> Range<Index>? {
        guard let first = wanted.first else { return nil }
        return self[start...].withUnsafeBytes { bytes -> Range<Index>? in
            guard let base = bytes.baseAddress else { return nil }
            var offset = 0
            while offset + wanted.count <= bytes.count {
                let rest = bytes.count - wanted.count - offset + 1
                guard let place = memchr(base + offset, Int32(first), rest) else { return nil }
                let found = UnsafeRawPointer(place) - base
                if memcmp(base + found, wanted, wanted.count) == 0 {
                    return start + found..<start + found + wanted.count
                }
                offset = found + 1
            }
            return nil
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
