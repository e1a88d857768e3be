import Testing

@testable import Commands

@Suite("Chunks of whole lines")
struct LineChunkerTests {
    private func chunks(of text: [UInt8], in pieces: Int, limit: Int) -> [String] {
        var chunker = LineChunker(limit: limit)
        var chunks: [String] = []
        var start = 0
        while start < text.count {
            let end = min(start + pieces, text.count)
            chunks += text[start..<end].withUnsafeBytes { chunker.append($0) }
            start = end
        }
        if let rest = chunker.finish() { chunks.append(rest) }
        return chunks
    }

    @Test("No byte is lost and no chunk is larger than the limit", arguments: [1, 2, 3, 5, 7, 64, 1000])
    func keepsEverything(piece: Int) {
        let text = (1...200).map { "line \($0)" }.joined(separator: "\n")
        let chunks = chunks(of: Array(text.utf8), in: piece, limit: 64)
        #expect(chunks.joined() == text)
        #expect(chunks.allSatisfy { $0.utf8.count <= 64 })
        #expect(chunks.dropLast().allSatisfy { $0.hasSuffix("\n") })
    }

    @Test("A line longer than a chunk comes in several")
    func splitsLongLines() {
        let chunks = chunks(of: [UInt8](repeating: UInt8(ascii: "x"), count: 25), in: 25, limit: 10)
        #expect(chunks == ["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"])
    }

    @Test("A long line is never cut inside a character", arguments: 1...12)
    func splitsBetweenCharacters(lead: Int) {
        let text = String(repeating: "a", count: lead) + String(repeating: "é€😀", count: 20)
        let chunks = chunks(of: Array(text.utf8), in: 7, limit: 16)
        #expect(chunks.map { $0.filter { $0 != "\n" } }.joined() == text)
    }

    @Test("Invalid UTF-8 is repaired, one mark a broken sequence")
    func repairs() {
        #expect(chunks(of: [0x61, 0xFF, 0x62, 0x0A, 0x80], in: 5, limit: 64).joined() == "a\u{FFFD}b\n\u{FFFD}")
    }

    @Test("A long run of broken bytes is cut all the same")
    func cutsBrokenBytes() {
        let chunks = chunks(of: [UInt8](repeating: 0x80, count: 40), in: 40, limit: 16)
        #expect(chunks.map(\.unicodeScalars.count).reduce(0, +) >= 40)
    }

    @Test("A flush keeps the unfinished line back")
    func flushes() {
        var chunker = LineChunker(limit: 64)
        #expect(Array("one\ntw".utf8).withUnsafeBytes { chunker.append($0) }.isEmpty)
        #expect(chunker.hasLine)
        #expect(chunker.flush() == "one\n")
        #expect(!chunker.hasLine)
        #expect(chunker.flush() == nil)
        #expect(chunker.finish() == "tw")
        #expect(chunker.finish() == nil)
    }
}
