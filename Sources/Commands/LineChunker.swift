/// Cuts a stream of bytes into chunks of whole lines.
///
/// Holds at most one chunk. A line that is longer than a chunk comes in several, of which only the last has the newline.
struct LineChunker {
    private let limit: Int
    private var pending: [UInt8] = []

    /// Creates a chunker.
    /// - Parameter limit: the size of a chunk in bytes at most.
    init(limit: Int = 65_536) { self.limit = limit }

    var hasLine: Bool { pending.contains(UInt8(ascii: "\n")) }

    /// Takes bytes and hands back the chunks that are full.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var chunks: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, limit - pending.count)
            pending.append(contentsOf: rest.prefix(count))
            rest = rest.dropFirst(count)
            if pending.count >= limit { chunks.append(cutFull()) }
        }
        return chunks
    }

    /// Hands back the whole lines that wait; `nil` where there are none.
    mutating func flush() -> String? {
        guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { return nil }
        return cut(end + 1)
    }

    /// Hands back all that waits, a last unfinished line too; `nil` where there is nothing.
    mutating func finish() -> String? {
        pending.isEmpty ? nil : cut(pending.count)
    }

    private mutating func cutFull() -> String {
        flush() ?? cut(characterBoundary())
    }

    /// The last place near the end at which no UTF-8 sequence is cut in two.
    private func characterBoundary() -> Int {
        var index = pending.count - 1
        while index > pending.count - 4, index > 0, pending[index] & 0xC0 == 0x80 { index -= 1 }
        return pending[index] >= 0xC0 && index > 0 ? index : pending.count
    }

    private mutating func cut(_ count: Int) -> String {
        let text = String(decoding: pending.prefix(count), as: UTF8.self)
        pending.removeFirst(count)
        return text
    }
}
