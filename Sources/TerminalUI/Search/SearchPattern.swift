import Diagnostics

/// A regular expression to search text with; without an upper-case letter in it, case does not matter.
///
/// POSIX extended syntax with `\w \W \s \S \b \d \D`. Matching time grows with the text alone, not with the pattern's
/// cleverness; a pattern without special characters is compared byte by byte.
package final class SearchPattern: Sendable {
    /// The text it was made from.
    package let text: String
    private let matcher: Matcher

    private enum Matcher: Sendable {
        case bytes(ByteSearch)
        case regex(CompiledExpression)
    }

    /// Reads a pattern.
    ///
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

    /// Whether the pattern is in `text`.
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
