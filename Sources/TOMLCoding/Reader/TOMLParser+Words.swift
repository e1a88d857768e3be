/// Values without quotes and brackets: booleans, numbers, dates and times.
extension TOMLParser {
    /// Reads a boolean, a number, a date or a time.
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
