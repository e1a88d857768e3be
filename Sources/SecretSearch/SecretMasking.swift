/// Puts something else in the place of secrets' values, in every form that they may have, however a terminal would show
/// them: through escape sequences and characters of no width, over the lines of base64 and of lists of numbers.
package struct SecretMasking: Sendable {
    private let patterns: PatternSet
    private let lengths: [Int]
    private let masks: [String]
    private let origins: [(name: String, form: SecretForm)]

    /// Takes secrets by name, and what stands in their place; lines of six bytes and more count by themselves.
    package init(secrets: [String: String], mask: (_ name: String) -> String) {
        var texts: [[UInt8]] = []
        var masks: [String] = []
        var origins: [(String, SecretForm)] = []
        for (name, value) in secrets.sorted(by: { $0.key < $1.key }) {
            for (text, form) in SecretForms(of: value, shortestLine: SecretForms.shortestValue).texts {
                texts.append(text)
                masks.append(mask(name))
                origins.append((name, form))
            }
        }
        patterns = PatternSet(texts)
        lengths = texts.map(\.count)
        self.masks = masks
        self.origins = origins
    }

    package var isEmpty: Bool { lengths.isEmpty }

    /// The length of the longest text that is looked for.
    var longest: Int { lengths.max() ?? 0 }

    /// The text with every value masked; of two that overlap, the mask of the one that begins first covers both.
    package func masked(_ text: String) -> String {
        guard !isEmpty else { return text }
        var text = text
        return text.withUTF8 { utf8 -> String? in
            let bytes = UnsafeRawBufferPointer(utf8)
            let found = self.found(in: bytes)
            return found.isEmpty ? nil : String(decoding: masked(bytes, found, upTo: bytes.count), as: UTF8.self)
        } ?? text
    }

    /// The secrets whose values are in a text, each once, and how they are written.
    func secrets(in bytes: UnsafeRawBufferPointer) -> [(name: String, form: SecretForm)] {
        var seen: Set<String> = []
        return found(in: bytes).map { origins[$0.pattern] }.filter { seen.insert($0.name).inserted }
    }

    /// Whether a text is looked for in what lists of numbers stand for.
    private func isPlain(_ pattern: Int) -> Bool { [.plain, .line].contains(origins[pattern].form) }

    // MARK: Finding

    /// A place in a text that is to be masked.
    struct Found {
        var range: Range<Int>
        var pattern: Int
    }

    /// All places, from the front; none overlaps another.
    func found(in bytes: UnsafeRawBufferPointer) -> [Found] {
        var all: [Found] = []
        search(bytes, into: &all) { $0 }
        for takesBack in [false, true] {
            guard let shown = ShownText(bytes, takingBack: takesBack) else { break }
            shown.bytes.withUnsafeBytes { search($0, into: &all) { shown.original($0) } }
        }
        if let joined = JoinedText(bytes) {
            joined.bytes.withUnsafeBytes { search($0, into: &all) { joined.original($0) } }
        }
        for run in DecimalRuns(in: bytes).runs {
            for (decoded, places) in run.readings {
                decoded.withUnsafeBytes { decoded in
                    patterns.matches(in: decoded) { pattern, offset in
                        guard isPlain(pattern) else { return true }
                        let last = places[offset + lengths[pattern] - 1]
                        all.append(Found(range: places[offset].lowerBound..<last.upperBound, pattern: pattern))
                        return true
                    }
                }
            }
        }
        return Self.joined(all)
    }

    private func search(
        _ bytes: UnsafeRawBufferPointer, into all: inout [Found], original: (Range<Int>) -> Range<Int>
    ) {
        patterns.matches(in: bytes) { pattern, offset in
            all.append(Found(range: original(offset..<(offset + lengths[pattern])), pattern: pattern))
            return true
        }
    }

    /// Of those that begin together the longest; those that overlap become one.
    private static func joined(_ all: [Found]) -> [Found] {
        var result: [Found] = []
        let sorted = all.sorted {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
        for found in sorted {
            guard let last = result.last, found.range.lowerBound < last.range.upperBound else {
                result.append(found)
                continue
            }
            let end = max(last.range.upperBound, found.range.upperBound)
            result[result.count - 1].range = last.range.lowerBound..<end
        }
        return result
    }

    /// The bytes up to a place, with what was found masked; the place is in nothing that was found.
    func masked(_ bytes: UnsafeRawBufferPointer, _ found: [Found], upTo limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        var end = 0
        for hit in found where hit.range.upperBound <= limit {
            result += bytes[end..<hit.range.lowerBound]
            result += masks[hit.pattern].utf8
            end = hit.range.upperBound
        }
        return result + bytes[end..<limit]
    }

    // MARK: What may go on

    /// Where a value may begin of which the rest is still to come; the count of the bytes if nowhere.
    func openEnd(of bytes: UnsafeRawBufferPointer) -> Int {
        var place = openEnd(ofShown: bytes) { $0 }
        if let shown = ShownText(bytes) {
            place = min(
                place, shown.bytes.withUnsafeBytes { openEnd(ofShown: $0) { shown.original($0..<($0 + 1)).lowerBound } }
            )
        }
        if let joined = JoinedText(bytes) {
            place = min(
                place,
                joined.bytes.withUnsafeBytes { openEnd(ofShown: $0) { joined.original($0..<($0 + 1)).lowerBound } })
        }
        return min(place, openEnd(ofNumbers: bytes))
    }

    private func openEnd(ofShown bytes: UnsafeRawBufferPointer, original: (Int) -> Int) -> Int {
        let count = patterns.longestStart(atEndOf: bytes) { _ in true }
        return count == 0 ? .max : original(bytes.count - count)
    }

    private func openEnd(ofNumbers bytes: UnsafeRawBufferPointer) -> Int {
        let runs = DecimalRuns(in: bytes, shortest: 1)
        guard runs.openRun != nil, let run = runs.runs.last else { return .max }
        let last = run.readings.first?.places.last
        // More digits may come.
        let isCut = last?.upperBound == bytes.count
        return run.readings.map { decoded, places in
            let known = isCut ? decoded.count - places.count { $0 == last } : decoded.count
            let count = decoded.prefix(known).withUnsafeBytes { bytes in
                patterns.longestStart(atEndOf: bytes) { isPlain($0) }
            }
            let start = count == 0 ? .max : places[known - count].lowerBound
            return isCut ? min(start, last?.lowerBound ?? .max) : start
        }.min() ?? .max
    }
}

/// Masks a text that comes in pieces, also where a value goes on from one to the next.
///
/// Hands out whole lines. Of a line that does not end, it holds back up to `limit` bytes and the longest form of a value.
package struct StreamMasking: Sendable {
    private let masking: SecretMasking
    private let limit: Int
    private var pending: [UInt8] = []

    package init(_ masking: SecretMasking, limit: Int = 65_536) {
        self.masking = masking
        self.limit = limit
    }

    /// Takes a piece.
    /// - Returns: what can be said so far, with a newline behind a line that is too long to wait for its end.
    package mutating func masked(_ piece: String) -> String {
        if pending.isEmpty, masking.isEmpty, piece.utf8.last == Self.newline { return piece }
        pending += piece.utf8
        let (text, end) = pending.withUnsafeBytes(sayable)
        pending.removeFirst(end)
        return text
    }

    /// What can be said of the bytes that wait, and how many of them that is.
    private func sayable(_ bytes: UnsafeRawBufferPointer) -> (text: String, end: Int) {
        let found = masking.found(in: bytes)
        let isEndless = bytes.count > 4 * (limit + masking.longest)
        let open = isEndless ? bytes.count : min(masking.openEnd(of: bytes), bytes.count)
        let end = outside(found, open)
        var lines = end
        while lines > 0, bytes[lines - 1] != Self.newline { lines = outside(found, lines - 1) }
        let isTooLong = bytes.count - lines > limit + masking.longest
        let said = masking.masked(bytes, found, upTo: isTooLong ? end : lines)
        return (String(decoding: isTooLong ? said + [Self.newline] : said, as: UTF8.self), isTooLong ? end : lines)
    }

    /// The place, or where that begins which was found around it.
    private func outside(_ found: [SecretMasking.Found], _ place: Int) -> Int {
        found.last { $0.range.lowerBound < place && place < $0.range.upperBound }?.range.lowerBound ?? place
    }

    /// Hands out what is left.
    package mutating func finish() -> String {
        defer { pending = [] }
        return masking.masked(String(decoding: pending, as: UTF8.self))
    }

    private static let newline = UInt8(ascii: "\n")
}
