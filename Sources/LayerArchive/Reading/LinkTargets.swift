import Diagnostics

/// Targets of links that libarchive drops: those of pax records whose header has no target of its own, because not one of
/// its bytes is ASCII, as Go and mixpack write them.
///
/// It reads the input a second time, once for all links, and only where there is such a link.
final class LinkTargets {
    private let input: RawReader
    private let limit: Int
    private var rest: [UInt8] = []
    private var position: Int64 = 0

    /// - Parameter limit: the most bytes of the headers of one entry.
    init(_ input: ArchiveInput, limit: Int) throws(Failure) {
        self.input = try RawReader(input)
        self.limit = limit
    }

    /// The target in the pax records of an entry, `nil` without one.
    ///
    /// Entries are asked for in their order.
    /// - Parameter headers: where the entry's headers stand among the plain bytes.
    func target(inHeaders headers: Range<Int64>) throws(Failure) -> [UInt8]? {
        let bytes = try read(headers)
        var target: [UInt8]?
        var start = 0
        while start + TarBlock.size <= bytes.count {
            let block = bytes[start..<start + TarBlock.size]
            let kind = block[start + TarField.kind.offset]
            guard kind != 0, let size = Self.number(block, TarField.size), size <= bytes.count else { break }
            let content = start + TarBlock.size
            if kind == UInt8(ascii: "x"), content + size <= bytes.count {
                target = PaxRecord.value(of: "linkpath", in: bytes[content..<content + size]) ?? target
            }
            start = content + (size + TarBlock.size - 1) / TarBlock.size * TarBlock.size
        }
        return target
    }

    /// Goes forward to a range and reads it.
    private func read(_ range: Range<Int64>) throws(Failure) -> [UInt8] {
        guard range.lowerBound >= position, range.count <= limit else { return [] }
        while position + Int64(rest.count) < range.upperBound {
            let passed = min(Int64(rest.count), range.lowerBound - position)
            rest.removeFirst(Int(passed))
            position += passed
            guard let part = try input.next() else { break }
            let left = Int(min(max(range.lowerBound - position, 0), Int64(part.count)))
            if rest.isEmpty { position += Int64(left) }
            rest += part[(rest.isEmpty ? left : 0)...]
        }
        let from = min(Int(range.lowerBound - position), rest.count)
        return Array(rest[from..<min(Int(range.upperBound - position), rest.count)])
    }

    /// A number in octal; `nil` where there is none.
    private static func number(_ block: ArraySlice<UInt8>, _ field: TarField) -> Int? {
        let bytes = block.dropFirst(field.offset).prefix(field.size)
        let digits = bytes.drop { $0 == UInt8(ascii: " ") }.prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0)
        }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
