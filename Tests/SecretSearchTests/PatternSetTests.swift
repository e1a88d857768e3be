import Testing

@testable import SecretSearch

@Suite("Finding many texts in one pass")
struct PatternSetTests {
    private struct Match: Hashable {
        var pattern: Int
        var offset: Int
    }

    private static func matches(_ patterns: [[UInt8]], in bytes: [UInt8]) -> Set<Match> {
        var found: Set<Match> = []
        bytes.withUnsafeBytes { bytes in
            PatternSet(patterns).matches(in: bytes) { pattern, offset in
                found.insert(Match(pattern: pattern, offset: offset))
                return true
            }
        }
        return found
    }

    private static func plainly(_ patterns: [[UInt8]], in bytes: [UInt8]) -> Set<Match> {
        var found: Set<Match> = []
        for (index, pattern) in patterns.enumerated() where bytes.count >= pattern.count {
            for offset in 0...(bytes.count - pattern.count) where bytes[offset...].starts(with: pattern) {
                found.insert(Match(pattern: index, offset: offset))
            }
        }
        return found
    }

    @Test(
        "It finds what a plain search finds, with texts that overlap, repeat and share their beginnings",
        arguments: 0..<40)
    func sameAsPlain(seed: Int) {
        var random = Numbers(seed: UInt64(seed))
        // Few letters, so that there is much to find.
        let letters = UInt8.random(in: 2...4, using: &random)
        let patterns = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            (0..<Int.random(in: 2...9, using: &random)).map { _ in UInt8.random(in: 0..<letters, using: &random) }
        }
        let bytes = (0..<400).map { _ in UInt8.random(in: 0..<letters, using: &random) }
        #expect(Self.matches(patterns, in: bytes) == Self.plainly(patterns, in: bytes), "\(patterns)")
    }

    @Test("Texts longer than any window are found, at the very beginning and the very end")
    func edges() {
        let long = (0..<1000).map { UInt8($0 % 251) }
        #expect(Self.matches([long], in: long) == [Match(pattern: 0, offset: 0)])
        #expect(Self.matches([long], in: [7, 7] + long) == [Match(pattern: 0, offset: 2)])
        #expect(Self.matches([long], in: Array(long.dropLast())).isEmpty)
        #expect(Self.matches([[1, 2, 3]], in: []).isEmpty)
        #expect(Self.matches([], in: [1, 2, 3]).isEmpty)
    }
}

/// Numbers that are the same in every run.
private struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
