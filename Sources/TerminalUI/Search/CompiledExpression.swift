import Diagnostics
import Glibc

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
