/// Reads lists of decimal numbers, such as `115,117,\n 112`, back into the text that they stand for: numbers are bytes, or
/// code points if one of them is larger than a byte.
///
/// Erlang breaks such lists over lines when it prints them prettily, so that no fixed text would be found.
struct DecimalRuns {
    /// One run.
    struct Run {
        /// What the numbers stand for, as bytes.
        fileprivate(set) var bytes: [UInt8] = []
        /// Where in the text the number of each byte is.
        fileprivate(set) var places: [Range<Int>] = []
        /// The same numbers as code points, in UTF-8, if that is something else.
        fileprivate(set) var scalars: [UInt8] = []
        fileprivate(set) var scalarPlaces: [Range<Int>] = []

        /// Where the run begins in the text.
        var offset: Int { scalarPlaces.first?.lowerBound ?? 0 }

        /// What the run may stand for, each with the places of its bytes.
        var readings: [(bytes: [UInt8], places: [Range<Int>])] {
            let all = [(bytes, places), (scalars, scalarPlaces)]
            return all.filter { !$0.0.isEmpty }.prefix(bytes == scalars ? 1 : 2).map { ($0.0, $0.1) }
        }
    }

    /// Shorter runs cannot hold a value that is looked for.
    private let shortest: Int
    private(set) var runs: [Run] = []
    /// Where a run begins that the text's end cuts short.
    private(set) var openRun: Int?
    private var current = Run()
    private var isBytes = true

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
        openRun = current.scalarPlaces.first?.lowerBound
        endRun()
    }

    /// Takes the number at `place` in, and goes to the number that belongs to the same run or to what ends it.
    private mutating func readNumber(_ text: UnsafeRawBufferPointer, at start: Int) -> Int {
        var place = start
        var value: UInt32 = 0
        while place < text.count, Self.isDigit(text[place]) {
            value = min(value * 10 + UInt32(text[place] - UInt8(ascii: "0")), 0x110000)
            place += 1
        }
        guard let scalar = Unicode.Scalar(value) else {
            endRun()
            return place
        }
        append(scalar, at: start..<place)
        guard place < text.count, text[place] == UInt8(ascii: ",") else {
            if place < text.count { endRun() }
            return place
        }
        place += 1
        while place < text.count, Self.isSpace(text[place]) { place += 1 }
        if place < text.count, !Self.isDigit(text[place]) { endRun() }
        return place
    }

    private mutating func append(_ scalar: Unicode.Scalar, at place: Range<Int>) {
        for byte in Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter {
            current.scalars.append(byte)
            current.scalarPlaces.append(place)
        }
        isBytes = isBytes && scalar.value < 256
        guard isBytes else { return }
        current.bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        current.places.append(place)
    }

    private mutating func endRun() {
        if !isBytes {
            current.bytes = []
            current.places = []
        }
        if current.scalars.count >= shortest { runs.append(current) }
        current = Run()
        isBytes = true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
