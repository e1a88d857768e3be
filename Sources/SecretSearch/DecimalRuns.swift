/// Reads lists of decimal bytes, such as `115,117,\n 112`, back into the bytes that they stand for.
///
/// Erlang breaks such lists over lines when it prints them prettily, so that no fixed text would be found.
struct DecimalRuns {
    /// The bytes of one run, and where it begins.
    struct Run {
        var offset: Int
        var bytes: [UInt8]
    }

    /// Shorter runs cannot hold a value that is looked for.
    private let shortest: Int
    private(set) var runs: [Run] = []
    private var current = Run(offset: 0, bytes: [])

    init(in text: UnsafeRawBufferPointer, shortest: Int = SecretForms.shortestValue) {
        self.shortest = shortest
        var place = 0
        while place < text.count {
            guard Self.isDigit(text[place]) else {
                place += 1
                continue
            }
            place = readNumber(text, at: place)
        }
        endRun()
    }

    /// Takes the number at `place` in, and goes to the number that belongs to the same run or to what ends it.
    private mutating func readNumber(_ text: UnsafeRawBufferPointer, at start: Int) -> Int {
        var place = start
        var value = 0
        while place < text.count, Self.isDigit(text[place]) {
            value = min(value * 10 + Int(text[place] - UInt8(ascii: "0")), 1000)
            place += 1
        }
        guard value < 256 else {
            endRun()
            return place
        }
        if current.bytes.isEmpty { current.offset = start }
        current.bytes.append(UInt8(value))
        guard place < text.count, text[place] == UInt8(ascii: ",") else {
            endRun()
            return place
        }
        place += 1
        while place < text.count, Self.isSpace(text[place]) { place += 1 }
        if place >= text.count || !Self.isDigit(text[place]) { endRun() }
        return place
    }

    private mutating func endRun() {
        if current.bytes.count >= shortest { runs.append(current) }
        current = Run(offset: 0, bytes: [])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
