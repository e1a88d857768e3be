import Diagnostics
import Glibc

/// A regular expression to search text with; without an upper-case letter in it, case does not matter.
///
/// POSIX extended syntax with `\w \W \s \S \b \d \D`. Matching time grows with the text alone, not with the pattern's
/// cleverness; a pattern without special characters is compared byte by byte.
package final class SearchPattern: Sendable {
    package let text: String
    private let matcher: Matcher

    private enum Matcher: Sendable {
        case bytes(ByteSearch)
        case regex(CompiledExpression)
    }

    /// Throws: ``Failure`` for one that is not valid, and for an empty one.
    package init(_ text: String) throws(Failure) {
        guard !text.isEmpty else { throw Failure(.malformed, "nothing to search for") }
        self.text = text
        let ignoresCase = text == text.lowercased()
        let isPlain = !text.utf8.contains { ".[]{}()\\*+?^$|".utf8.contains($0) }
        if isPlain, !ignoresCase || text.utf8.allSatisfy({ $0 < 0x80 }) {
            matcher = .bytes(ByteSearch(text, ignoresCase: ignoresCase))
        } else {
            matcher = .regex(try CompiledExpression(text, ignoresCase: ignoresCase))
        }
    }

    /// Why a text is no pattern; `nil` for one that is, and for none.
    package static func problem(with text: String) -> String? {
        guard !text.isEmpty else { return nil }
        do {
            _ = try SearchPattern(text)
            return nil
        } catch {
            return error.message
        }
    }

    package func isFound(in text: String) -> Bool {
        switch matcher {
        case .bytes(let search): search.isFound(in: text)
        case .regex(let regex): regex.isFound(in: text)
        }
    }

    /// Where the pattern is in `text`, in bytes of UTF-8, from the left, without empty ones.
    package func ranges(in text: String) -> [Range<Int>] {
        switch matcher {
        case .bytes(let search): search.ranges(in: text)
        case .regex(let regex): regex.ranges(in: text)
        }
    }
}

extension SearchPattern: Equatable {
    /// Whether both were made from the same text.
    package static func == (left: SearchPattern, right: SearchPattern) -> Bool { left.text == right.text }
}

/// Finds a text that has no special characters in it, byte by byte.
struct ByteSearch: Sendable {
    private let needle: [UInt8]
    private let ignoresCase: Bool

    /// A search for a text that is not empty; where case is ignored, that of ASCII letters.
    init(_ text: String, ignoresCase: Bool) {
        needle = Array(text.utf8)
        self.ignoresCase = ignoresCase
    }

    func isFound(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { find(in: $0, from: 0) != nil }
    }

    func ranges(in text: String) -> [Range<Int>] {
        var text = text
        return text.withUTF8 { bytes in
            var ranges: [Range<Int>] = []
            var from = 0
            while let start = find(in: bytes, from: from) {
                ranges.append(start..<(start + needle.count))
                from = start + needle.count
            }
            return ranges
        }
    }

    private func find(in bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        needle.withUnsafeBufferPointer { needle in
            var start = from
            while start + needle.count <= bytes.count {
                var length = 0
                while length < needle.count, folded(bytes[start + length]) == needle[length] { length += 1 }
                if length == needle.count { return start }
                start += 1
            }
            return nil
        }
    }

    @inline(__always)
    private func folded(_ byte: UInt8) -> UInt8 {
        ignoresCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

/// A compiled POSIX expression of the C library.
///
/// Unchecked, because `regexec` may use one expression from several threads at once, and nothing else touches it.
final class CompiledExpression: @unchecked Sendable {
    private let regex: UnsafeMutablePointer<regex_t>

    init(_ text: String, ignoresCase: Bool) throws(Failure) {
        let regex = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let flags = REG_EXTENDED | (ignoresCase ? REG_ICASE : 0)
        let status = regcomp(regex, CompiledExpression.withDigits(text), flags)
        guard status == 0 else {
            let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 120) { buffer in
                regerror(status, regex, buffer.baseAddress, buffer.count)
                return buffer.baseAddress.map { String(cString: $0) } ?? ""
            }
            regex.deallocate()
            throw Failure(.malformed, message.isEmpty ? "not a pattern" : message.lowercased())
        }
        self.regex = regex
    }

    deinit {
        regfree(regex)
        regex.deallocate()
    }

    /// `\d` and `\D`, which people expect and POSIX does not have.
    private static func withDigits(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            switch (isEscaped, character) {
            case (true, "d"): result += "[0-9]"
            case (true, "D"): result += "[^0-9]"
            case (true, _): result += "\\" + String(character)
            case (false, "\\"): break
            case (false, _): result.append(character)
            }
            isEscaped = !isEscaped && character == "\\"
        }
        return isEscaped ? result + "\\" : result
    }

    func isFound(in text: String) -> Bool {
        regexec(regex, text, 0, nil, 0) == 0
    }

    func ranges(in text: String) -> [Range<Int>] {
        var text = text
        return text.withUTF8 { bytes in
            // A C string, as long as the text: a NUL in the text would end the search early, so it counts as a blank.
            var copy = bytes.map { $0 == 0 ? 0x20 : CChar(bitPattern: $0) }
            copy.append(0)
            return copy.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { ranges(in: $0, count: bytes.count) } ?? []
            }
        }
    }

    private func ranges(in text: UnsafePointer<CChar>, count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        var match = regmatch_t()
        while offset <= count, regexec(regex, text + offset, 1, &match, offset == 0 ? 0 : REG_NOTBOL) == 0 {
            let start = offset + Int(match.rm_so)
            let end = offset + Int(match.rm_eo)
            if end > start { ranges.append(start..<end) }
            offset = max(end, start + 1)
        }
        return ranges
    }
}
