import FoundationEssentials
import Text

/// Prints a line, or several, to standard output: in the place of Swift's own, since texts from images, recordings and projects
/// must not reach a terminal as they are.
func print(_ text: String) { Swift.print(TerminalText.harmless(text)) }

extension String {
    /// The text, filled up with spaces on the right.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text, filled up with spaces on the left.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Encodable {
    /// The value as JSON for people and scripts: a line for each member, keys sorted.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: TerminalText.escapedJSON(Array(try encoder.encode(self))), as: UTF8.self)
    }
}
