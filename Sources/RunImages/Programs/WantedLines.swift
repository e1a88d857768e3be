import Glibc

/// Finds out which of some lines a text has.
///
/// Most lines are told apart by their length and their last eight bytes, without making a text of each.
package struct WantedLines: Sendable {
    private let lines: Set<String>
    /// Whether there is a line of that length.
    private let lengths: [Bool]
    private let ends: Set<UInt64>

    package init(_ lines: Set<String>) {
        self.lines = lines
        var lengths = Array(repeating: false, count: (lines.map(\.utf8.count).max() ?? 0) + 1)
        for line in lines { lengths[line.utf8.count] = true }
        self.lengths = lengths
        ends = Set(lines.map { line in Array(line.utf8).withUnsafeBytes(Self.end) })
    }

    func areAny(in text: [UInt8]) -> Bool {
        var isThere = false
        visit(text) { _ in
            isThere = true
            return false
        }
        return isThere
    }

    /// Those of the lines that a text has.
    package func all(in text: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        visit(text) { line in
            found.insert(line)
            return true
        }
        return found
    }

    /// Calls `isWanted` with each of the lines that the text has, until it says no.
    private func visit(_ text: [UInt8], while isWanted: (String) -> Bool) {
        text.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                let length = Self.length(ofLineIn: rest)
                let line = UnsafeRawBufferPointer(rebasing: rest[..<length])
                start += length + 1
                guard length < lengths.count, lengths[length], ends.contains(Self.end(line)) else { continue }
                let text = String(decoding: line, as: UTF8.self)
                if lines.contains(text), !isWanted(text) { return }
            }
        }
    }

    private static func length(ofLineIn rest: UnsafeRawBufferPointer) -> Int {
        guard let base = rest.baseAddress, let found = memchr(base, 0x0A, rest.count) else { return rest.count }
        return UnsafeRawPointer(found) - base
    }

    /// The last eight bytes, or all of a shorter line.
    private static func end(_ line: UnsafeRawBufferPointer) -> UInt64 {
        guard line.count >= 8 else { return line.reduce(0) { $0 << 8 | UInt64($1) } }
        return line.loadUnaligned(fromByteOffset: line.count - 8, as: UInt64.self)
    }
}
