/// A date, a time or both, checked against RFC 3339 and the calendar.
struct TOMLDateTime {
    /// Whether it is a date alone.
    let isDate: Bool

    /// Reads a whole word; `nil` when it is no date and no time.
    init?(_ word: ArraySlice<UInt8>) {
        var reader = DigitReader(rest: word)
        let hasDate = word.count >= 5 && word[word.startIndex + 4] == .dash
        if hasDate {
            guard reader.date() else { return nil }
        }
        isDate = hasDate && reader.rest.isEmpty
        if isDate { return }
        if hasDate {
            guard reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")) || reader.take(.space) else {
                return nil
            }
        }
        guard reader.time() else { return nil }
        if hasDate { guard reader.offset() else { return nil } }
        guard reader.rest.isEmpty else { return nil }
    }

    /// Reads the fixed-width parts of dates and times.
    private struct DigitReader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func number(width: Int, in range: ClosedRange<Int>) -> Int? {
            guard rest.count >= width else { return nil }
            var number = 0
            for byte in rest.prefix(width) {
                guard byte.isDigit, let digit = byte.digitValue else { return nil }
                number = number * 10 + Int(digit)
            }
            guard range.contains(number) else { return nil }
            rest = rest.dropFirst(width)
            return number
        }

        mutating func date() -> Bool {
            guard let year = number(width: 4, in: 0...9999), take(.dash), let month = number(width: 2, in: 1...12),
                take(.dash)
            else { return false }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let longest = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            return number(width: 2, in: 1...longest) != nil
        }

        mutating func time() -> Bool {
            guard number(width: 2, in: 0...23) != nil, take(.colon), number(width: 2, in: 0...59) != nil, take(.colon),
                number(width: 2, in: 0...60) != nil
            else { return false }
            guard take(.dot) else { return true }
            let decimals = rest.prefix { $0.isDigit }
            rest = rest[decimals.endIndex...]
            return !decimals.isEmpty
        }

        /// `Z`, `+hh:mm`, `-hh:mm`, or nothing for a local date-time.
        mutating func offset() -> Bool {
            if rest.isEmpty || take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return true }
            guard take(.plus) || take(.dash) else { return false }
            return number(width: 2, in: 0...23) != nil && take(.colon) && number(width: 2, in: 0...59) != nil
        }
    }
}
