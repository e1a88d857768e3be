import FoundationEssentials

/// Runs code on broken variants of good texts: the same ones each time, so that a failure can be had again.
///
/// With `MIXPACK_FUZZ_SECONDS` in the environment it goes on that long, with variants of every run's own.
public enum Fuzzing {
    /// Runs `body` on variants of the texts.
    /// - Parameters:
    ///   - texts: good ones to begin with.
    ///   - words: what is put in here and there, besides single bytes.
    ///   - rounds: how many variants there are, without the variable.
    ///   - body: throws what the test counts as a failure; it gets the number of the round for its message.
    public static func run(
        _ texts: [String], words: [String], rounds: Int = 3000, _ body: (_ text: String, _ round: UInt64) throws -> Void
    ) rethrows {
        let seconds = ProcessInfo.processInfo.environment["MIXPACK_FUZZ_SECONDS"].flatMap { Int($0) }
        var round: UInt64 = seconds == nil ? 0 : .random(in: 0..<(1 << 40))
        let first = round
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        while end.map({ ContinuousClock.now < $0 }) ?? (round - first < UInt64(rounds)) {
            var generator = SeededGenerator(seed: round)
            try body(variant(of: texts, words, &generator), round)
            round += 1
        }
    }

    private static func variant(
        of texts: [String], _ words: [String], _ generator: inout SeededGenerator
    ) -> String {
        var bytes = Array((texts.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            change(&bytes, texts, words, &generator)
        }
        return String(decoding: bytes.prefix(20_000), as: UTF8.self)
    }

    private static func change(
        _ bytes: inout [UInt8], _ texts: [String], _ words: [String], _ generator: inout SeededGenerator
    ) {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 0...12, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(.random(in: 0...255, using: &generator), at: start)
        case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 3: bytes.replaceSubrange(start..<end, with: (words.randomElement(using: &generator) ?? "").utf8)
        case 4: bytes.removeSubrange(start...)
        default:
            let other = Array((texts.randomElement(using: &generator) ?? "").utf8)
            bytes.insert(contentsOf: other.suffix(Int.random(in: 0...other.count, using: &generator)), at: start)
        }
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts from a seed.
    public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
