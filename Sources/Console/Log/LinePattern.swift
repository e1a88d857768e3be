import Glibc

/// What a search or a filter looks for: a POSIX extended regular expression with smart case.
///
/// Smart case: a pattern without capitals ignores case. A pattern without special characters is searched as bytes,
/// which is what most searches are and an order quicker.
final class LinePattern: @unchecked Sendable {
    // Sendable: nothing changes after initialisation, and regexec() may be called on one pattern from many threads.

    /// The pattern as it was typed.
    let source: String
    private let literal: [UInt8]?
    private let ignoresCase: Bool
    private let expression: UnsafeMutablePointer<regex_t>?

    /// Compiles a pattern.
    /// - Throws: `LinePatternError` with the reason, for the user.
    init(_ source: String) throws(LinePatternError) {
        self.source = source
        ignoresCase = !source.contains { $0.isUppercase }
        if !source.utf8.contains(where: Self.isSpecial) && (source.utf8.allSatisfy { $0 < 0x80 } || !ignoresCase) {
            literal = Array(ignoresCase ? source.lowercased().utf8 : source.utf8)
            expression = nil
            return
        }
        literal = nil
        let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let status = regcomp(compiled, source, REG_EXTENDED | (ignoresCase ? REG_ICASE : 0))
        guard status == 0 else {
            let reason = Self.reason(status, compiled)
            compiled.deallocate()
            throw LinePatternError(reason: reason)
        }
        expression = compiled
    }

    deinit {
        guard let expression else { return }
        regfree(expression)
        expression.deallocate()
    }

    /// The byte range of the first match at or after an offset, both counted from the start of `bytes`.
    func firstMatch(in bytes: ArraySlice<UInt8>, from offset: Int = 0) -> Range<Int>? {
        guard offset <= bytes.count else { return nil }
        return bytes.withUnsafeBytes { buffer in
            if let literal { return Self.find(literal, in: buffer, from: offset, ignoresCase: ignoresCase) }
            return match(in: buffer, from: offset)
        }
    }

    /// Every match that does not overlap one before it.
    func matches(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var offset = 0
        while found.count < 200, let range = firstMatch(in: bytes, from: offset) {
            if !range.isEmpty { found.append(range) }
            offset = max(range.upperBound, range.lowerBound + 1)
        }
        return found
    }

    private func match(in buffer: UnsafeRawBufferPointer, from offset: Int) -> Range<Int>? {
        guard let base = buffer.baseAddress, let expression else { return nil }
        var found = regmatch_t(rm_so: regoff_t(offset), rm_eo: regoff_t(buffer.count))
        let flags = REG_STARTEND | (offset > 0 ? REG_NOTBOL : 0)
        guard regexec(expression, base.assumingMemoryBound(to: CChar.self), 1, &found, flags) == 0 else { return nil }
        return Int(found.rm_so)..<Int(found.rm_eo)
    }

    private static func find(
        _ needle: [UInt8], in buffer: UnsafeRawBufferPointer, from offset: Int, ignoresCase: Bool
    ) -> Range<Int>? {
        guard let base = buffer.baseAddress, let first = needle.first, buffer.count - offset >= needle.count else {
            return nil
        }
        var start = offset
        while start + needle.count <= buffer.count {
            if ignoresCase {
                while start + needle.count <= buffer.count, lowercase(buffer[start]) != first { start += 1 }
            } else if let found = memchr(base + start, Int32(first), buffer.count - start) {
                start = UnsafeRawPointer(found) - base
            } else {
                return nil
            }
            guard start + needle.count <= buffer.count else { return nil }
            if matches(needle, buffer, at: start, ignoresCase: ignoresCase) { return start..<start + needle.count }
            start += 1
        }
        return nil
    }

    private static func matches(
        _ needle: [UInt8], _ buffer: UnsafeRawBufferPointer, at start: Int, ignoresCase: Bool
    ) -> Bool {
        for index in 1..<max(needle.count, 1) {
            let byte = buffer[start + index]
            if (ignoresCase ? lowercase(byte) : byte) != needle[index] { return false }
        }
        return true
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func isSpecial(_ byte: UInt8) -> Bool { #"\^$.|?*+()[]{}"#.utf8.contains(byte) }

    private static func reason(_ status: Int32, _ expression: UnsafePointer<regex_t>) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        regerror(status, expression, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}

/// A pattern that cannot be read.
struct LinePatternError: Error, Equatable {
    /// Why, in plain words.
    var reason: String
}
