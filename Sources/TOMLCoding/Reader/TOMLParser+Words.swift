/// Values without quotes and brackets: booleans, numbers, dates and times.
extension TOMLParser {
    mutating func word() throws(TOMLError) -> TOMLValue {
        let start = scanner.index
        let place = scanner
        takeWord()
        if let word = TOMLDateTime(scanner.bytes[start..<scanner.index]), word.isDate, isTimeNext() {
            scanner.advance()
            takeWord()
        }
        if let value = Self.value(of: scanner.bytes[start..<scanner.index]) { return value }
        let isEmpty = scanner.index == start
        scanner = place
        guard !isEmpty else { throw scanner.error("expected a value, found \(scanner.described())") }
        // The word is not repeated: a secret without quotes is one too.
        throw scanner.error("this is not a value; text needs quotes")
    }

    private mutating func takeWord() {
        while let byte = scanner.peek(), byte.isBareKey || byte == .plus || byte == .dot || byte == .colon {
            scanner.advance()
        }
    }

    /// Whether a space and a digit follow: the time of a date that is written with a space between them.
    private func isTimeNext() -> Bool {
        scanner.peek() == .space && scanner.peek(1)?.isDigit == true
    }

    private static func value(of word: ArraySlice<UInt8>) -> TOMLValue? {
        if word.elementsEqual("true".utf8) { return .boolean(true) }
        if word.elementsEqual("false".utf8) { return .boolean(false) }
        if let number = TOMLNumber(word) { return number.value }
        return TOMLDateTime(word).map { _ in .dateTime(String(decoding: word, as: UTF8.self)) }
    }
}

/// An integer or a float of TOML, checked.
struct TOMLNumber {
    let value: TOMLValue

    /// Reads a whole word; `nil` when it is no number that TOML allows, or one that 64 bits cannot hold.
    init?(_ word: ArraySlice<UInt8>) {
        if let value = Self.prefixed(word) ?? Self.decimal(word) { self.value = value } else { return nil }
    }

    /// `0x`, `0o` and `0b`, without sign.
    private static func prefixed(_ word: ArraySlice<UInt8>) -> TOMLValue? {
        guard word.count > 2, word.first == UInt8(ascii: "0") else { return nil }
        let radix: Int64
        switch word[word.startIndex + 1] {
        case UInt8(ascii: "x"): radix = 16
        case UInt8(ascii: "o"): radix = 8
        case UInt8(ascii: "b"): radix = 2
        default: return nil
        }
        guard let digits = digits(word.dropFirst(2), radix: radix) else { return nil }
        return integer(digits, radix: radix, isNegative: false).map { .integer($0) }
    }

    private static func decimal(_ word: ArraySlice<UInt8>) -> TOMLValue? {
        var rest = word
        let isNegative = rest.first == .dash
        if isNegative || rest.first == .plus { rest = rest.dropFirst() }
        let sign = isNegative ? "-" : ""
        if rest.elementsEqual("inf".utf8) || rest.elementsEqual("nan".utf8) {
            return .float(sign + String(decoding: rest, as: UTF8.self))
        }
        let end = rest.firstIndex { $0 == .dot || $0 | 0x20 == UInt8(ascii: "e") } ?? rest.endIndex
        guard let whole = digits(rest[..<end], radix: 10), whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        if end == rest.endIndex {
            return integer(whole, radix: 10, isNegative: isNegative).map { .integer($0) }
        }
        return fraction(rest[end...]).map { .float(sign + String(decoding: whole + $0, as: UTF8.self)) }
    }

    /// The part of a float from its point or its `e`, without underscores.
    private static func fraction(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = text
        var result: [UInt8] = []
        if rest.first == .dot {
            let end = rest.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? rest.endIndex
            guard let decimals = digits(rest[rest.index(after: rest.startIndex)..<end], radix: 10) else { return nil }
            result = [.dot] + decimals
            rest = rest[end...]
        }
        guard !rest.isEmpty else { return result }
        result.append(UInt8(ascii: "e"))
        rest = rest.dropFirst()
        if let sign = rest.first, sign == .dash || sign == .plus {
            result.append(sign)
            rest = rest.dropFirst()
        }
        return digits(rest, radix: 10).map { result + $0 }
    }

    /// The digits without underscores; each underscore must stand between two digits.
    private static func digits(_ text: ArraySlice<UInt8>, radix: Int64) -> [UInt8]? {
        var result: [UInt8] = []
        var wasDigit = false
        for byte in text {
            if byte == .underscore {
                guard wasDigit else { return nil }
                wasDigit = false
            } else {
                guard let digit = byte.digitValue, digit < radix else { return nil }
                result.append(byte)
                wasDigit = true
            }
        }
        return wasDigit ? result : nil
    }

    private static func integer(_ digits: [UInt8], radix: Int64, isNegative: Bool) -> Int64? {
        var total: Int64 = 0
        for digit in digits {
            let value = Int64(digit.digitValue ?? 0)
            let (product, overflowed) = total.multipliedReportingOverflow(by: radix)
            let (sum, carried) = product.addingReportingOverflow(isNegative ? -value : value)
            guard !overflowed, !carried else { return nil }
            total = sum
        }
        return total
    }
}

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
