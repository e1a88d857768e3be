import Glibc

/// Seeded changes to some bytes: what a fuzzer would try, the same each time.
///
/// `FUZZ_ROUNDS` in the environment tries more of them, `FUZZ_SEED` others.
public struct Mutations: Sequence, IteratorProtocol, Sendable {
    private let original: [UInt8]
    private var state: UInt64
    private var left: Int

    /// Changes to `original`, 1,000 by default.
    public init(of original: [UInt8], rounds: Int = 1000) {
        self.original = original
        left = Self.number("FUZZ_ROUNDS") ?? rounds
        state = UInt64(clamping: Self.number("FUZZ_SEED") ?? 20_261_123)
    }

    /// The next changed bytes.
    public mutating func next() -> [UInt8]? {
        guard left > 0 else { return nil }
        left -= 1
        var bytes = original
        for _ in 0...random(below: 8) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(random(below: 256))) }
        let place = random(below: bytes.count)
        let length = Swift.min(bytes.count - place, 1 + random(below: 64))
        switch random(below: 8) {
        case 0: bytes[place] = UInt8(random(below: 256))
        case 1: bytes[place] ^= 1 << UInt8(random(below: 8))
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: random(below: bytes.count))
        case 4: bytes.removeLast(bytes.count - place)
        case 5: for index in place..<place + Swift.min(length, 8) { bytes[index] = 0xff }
        case 6: for index in place..<place + Swift.min(length, 8) { bytes[index] = 0 }
        default:
            let words = ["-1", "9223372036854775807", "1e999", "\"", "{", "[[[[[[[[", "../", "\u{0}", "null", "\u{e9}"]
            bytes.insert(contentsOf: Array(words[random(below: words.count)].utf8), at: place)
        }
    }

    /// By splitmix64.
    private mutating func random(below limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    private static func number(_ variable: String) -> Int? {
        getenv(variable).flatMap { Int(String(cString: $0)) }
    }
}
