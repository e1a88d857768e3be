/// Puts something else in the place of secrets' values, in every form that they may have.
package struct SecretMasking: Sendable {
    private let patterns: PatternSet
    private let lengths: [Int]
    private let masks: [String]

    /// Takes secrets by name, and what stands in their place; lines of six bytes and more count by themselves.
    package init(secrets: [String: String], mask: (_ name: String) -> String) {
        var texts: [[UInt8]] = []
        var masks: [String] = []
        for (name, value) in secrets.sorted(by: { $0.key < $1.key }) {
            for (text, _) in SecretForms(of: value, shortestLine: SecretForms.shortestValue).texts {
                texts.append(text)
                masks.append(mask(name))
            }
        }
        patterns = PatternSet(texts)
        lengths = texts.map(\.count)
        self.masks = masks
    }

    /// The text with every value masked; of two that overlap, the one that begins first, and of these the longer.
    package func masked(_ text: String) -> String {
        guard !lengths.isEmpty else { return text }
        var text = text
        return text.withUTF8 { utf8 -> String? in
            let bytes = UnsafeRawBufferPointer(utf8)
            guard patterns.firstMatch(in: bytes) != nil else { return nil }
            return masked(bytes)
        } ?? text
    }

    private func masked(_ bytes: UnsafeRawBufferPointer) -> String {
        var result: [UInt8] = []
        var end = 0
        var best: (offset: Int, pattern: Int)?
        func flush() {
            guard let hit = best else { return }
            result += bytes[end..<hit.offset]
            result += masks[hit.pattern].utf8
            end = hit.offset + lengths[hit.pattern]
            best = nil
        }
        patterns.matches(in: bytes) { pattern, offset in
            if let hit = best, offset > hit.offset { flush() }
            guard offset >= end else { return true }
            if best.map({ lengths[pattern] > lengths[$0.pattern] }) ?? true { best = (offset, pattern) }
            return true
        }
        flush()
        result += bytes[end...]
        return String(decoding: result, as: UTF8.self)
    }
}
