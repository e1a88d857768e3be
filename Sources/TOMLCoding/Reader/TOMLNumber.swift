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
