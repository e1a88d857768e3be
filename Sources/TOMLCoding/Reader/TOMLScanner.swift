/// Walks over the bytes of a file and knows where it is.
struct TOMLScanner {
    let bytes: [UInt8]
    let fileName: String
    private(set) var index: Int
    private var anchor: (index: Int, position: TOMLPosition)

    init(bytes: [UInt8], fileName: String) {
        self.bytes = bytes
        self.fileName = fileName
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF] as [UInt8]) ? 3 : 0
        index = start
        anchor = (start, TOMLPosition(line: 1, column: 1))
    }

    /// The byte so many ahead, `nil` past the end.
    func peek(_ ahead: Int = 0) -> UInt8? {
        index + ahead < bytes.count ? bytes[index + ahead] : nil
    }

    func text(from start: Int) -> String { String(decoding: bytes[start..<index], as: UTF8.self) }

    mutating func advance(_ count: Int = 1) { index += count }

    /// Passes a byte if it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    /// Passes so many of a byte if all of them are next.
    mutating func take(_ byte: UInt8, count: Int) -> Bool {
        for ahead in 0..<count where peek(ahead) != byte { return false }
        index += count
        return true
    }

    mutating func skipSpaces() {
        while let byte = peek(), byte == .space || byte == .tab { index += 1 }
    }

    /// Passes a newline, LF or CRLF.
    mutating func takeNewline() -> Bool {
        if take(.lineFeed) { return true }
        guard peek() == .carriageReturn, peek(1) == .lineFeed else { return false }
        index += 2
        return true
    }

    /// Where the scanner is.
    ///
    /// It moves an anchor along, so that asking costs no more than walking did.
    mutating func position() -> TOMLPosition {
        var (at, position) = anchor
        while at < index, at < bytes.count {
            if bytes[at] == .lineFeed {
                position = TOMLPosition(line: position.line + 1, column: 1)
            } else if bytes[at] & 0xC0 != 0x80 {
                position.column += 1
            }
            at += 1
        }
        anchor = (at, position)
        return position
    }

    mutating func error(_ message: String) -> TOMLError {
        TOMLError(fileName: fileName, position: position(), message: message)
    }

    /// Passes spaces, newlines and comments.
    mutating func skipBlank() throws(TOMLError) {
        while true {
            skipSpaces()
            if peek() == .hash { try skipComment() }
            guard takeNewline() else { return }
        }
    }

    /// Passes what may follow a value on its line, and the newline.
    mutating func endLine() throws(TOMLError) {
        skipSpaces()
        if peek() == .hash { try skipComment() }
        guard peek() == nil || takeNewline() else {
            throw error("expected the end of the line, found \(described())")
        }
    }

    /// What is next, as a message names it.
    func described() -> String {
        guard let byte = peek() else { return "the end of the file" }
        if byte == .lineFeed || byte == .carriageReturn { return "the end of the line" }
        guard byte >= 0x20, byte != 0x7F else { return "a control character" }
        var end = index + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return "`" + String(decoding: bytes[index..<end], as: UTF8.self) + "`"
    }

    private mutating func skipComment() throws(TOMLError) {
        while let byte = peek(), byte != .lineFeed {
            if byte == .carriageReturn, peek(1) == .lineFeed { return }
            guard !byte.isForbidden else { throw error("a control character in a comment") }
            index += 1
        }
    }
}

/// The bytes that mean something in TOML.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let hash = UInt8(ascii: "#")
    static let dot = UInt8(ascii: ".")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let underscore = UInt8(ascii: "_")
    static let equals = UInt8(ascii: "=")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")

    /// A control character that no comment and no string may hold; a tab is fine.
    var isForbidden: Bool { (self < 0x20 && self != .tab) || self == 0x7F }
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }
    var isBareKey: Bool { isDigit || isLetter || self == .dash || self == .underscore }

    /// What the byte is worth as a digit, up to base 16.
    var digitValue: UInt8? {
        if isDigit { return self - UInt8(ascii: "0") }
        let folded = self | 0x20
        return folded >= UInt8(ascii: "a") && folded <= UInt8(ascii: "f") ? folded - UInt8(ascii: "a") + 10 : nil
    }
}
