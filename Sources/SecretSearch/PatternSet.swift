import Glibc

/// Finds any of many texts in one pass over the bytes (the algorithm of Wu and Manber).
///
/// A table by pairs of bytes says how far the window may move on; where it may not, the few texts that have this pair at
/// this place are compared. Most bytes are never looked at. The texts are overwritten when the set goes.
final class PatternSet: Sendable {
    let count: Int
    /// The length of the shortest text: the width of the window.
    private let width: Int
    // All of it is written in the initialiser alone.
    private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    private nonisolated(unsafe) let starts: UnsafeMutableBufferPointer<Int>
    /// How far to move, by pair of bytes.
    private nonisolated(unsafe) let shifts: UnsafeMutableBufferPointer<UInt8>
    /// The first text of each pair, and the next of each text; -1 ends the list.
    private nonisolated(unsafe) let heads: UnsafeMutableBufferPointer<Int32>
    private nonisolated(unsafe) let next: UnsafeMutableBufferPointer<Int32>

    /// Takes texts of at least two bytes each.
    init(_ patterns: [[UInt8]]) {
        count = patterns.count
        width = min(patterns.map(\.count).min() ?? 2, 255)
        bytes = .allocate(byteCount: patterns.reduce(0) { $0 + $1.count }, alignment: 1)
        starts = .allocate(capacity: patterns.count + 1)
        shifts = .allocate(capacity: 65_536)
        heads = .allocate(capacity: 65_536)
        next = .allocate(capacity: patterns.count)
        shifts.initialize(repeating: UInt8(max(1, width - 1)))
        heads.initialize(repeating: -1)
        next.initialize(repeating: -1)
        starts.initialize(repeating: 0)
        var end = 0
        for (index, pattern) in patterns.enumerated() {
            UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyBytes(from: pattern)
            end += pattern.count
            starts[index + 1] = end
            enter(pattern, Int32(index))
        }
    }

    deinit {
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
        bytes.deallocate()
        starts.deallocate()
        shifts.deallocate()
        heads.deallocate()
        next.deallocate()
    }

    private func enter(_ pattern: [UInt8], _ index: Int32) {
        for place in 0...(width - 2) {
            let pair = Int(pattern[place]) << 8 | Int(pattern[place + 1])
            shifts[pair] = min(shifts[pair], UInt8(width - 2 - place))
        }
        let last = Int(pattern[width - 2]) << 8 | Int(pattern[width - 1])
        next[Int(index)] = heads[last]
        heads[last] = index
    }

    /// Tells of every place where a text stands, from the front; `found` answers whether to go on.
    func matches(in data: UnsafeRawBufferPointer, _ found: (_ pattern: Int, _ offset: Int) -> Bool) {
        guard let base = data.baseAddress?.assumingMemoryBound(to: UInt8.self), count > 0 else { return }
        var place = width - 2
        while place + 1 < data.count {
            let pair = Int(base[place]) << 8 | Int(base[place + 1])
            let shift = Int(shifts[pair])
            guard shift == 0 else {
                place += shift
                continue
            }
            let start = place - (width - 2)
            var candidate = heads[pair]
            while candidate >= 0 {
                let index = Int(candidate)
                if stands(index, at: start, in: data), !found(index, start) { return }
                candidate = next[index]
            }
            place += 1
        }
    }

    /// The first text that stands in the bytes.
    func firstMatch(in data: UnsafeRawBufferPointer) -> (pattern: Int, offset: Int)? {
        var first: (Int, Int)?
        matches(in: data) { pattern, offset in
            first = (pattern, offset)
            return false
        }
        return first
    }

    /// How many bytes at the end of the data are the start of a text, but not all of it.
    func longestStart(atEndOf data: UnsafeRawBufferPointer, where counts: (_ pattern: Int) -> Bool) -> Int {
        guard let last = data.last, let base = data.baseAddress, let texts = bytes.baseAddress else { return 0 }
        var longest = 0
        for index in 0..<count where counts(index) {
            var length = min(starts[index + 1] - starts[index] - 1, data.count)
            while length > longest {
                let ends = bytes[starts[index] + length - 1] == last
                if ends, memcmp(texts + starts[index], base + data.count - length, length) == 0 { longest = length }
                length -= 1
            }
        }
        return longest
    }

    private func stands(_ index: Int, at start: Int, in data: UnsafeRawBufferPointer) -> Bool {
        let length = starts[index + 1] - starts[index]
        guard start + length <= data.count, let text = bytes.baseAddress, let base = data.baseAddress else {
            return false
        }
        return memcmp(base + start, text + starts[index], length) == 0
    }
}
