import Diagnostics

/// Strokes one after the other that mean one thing: mostly one, `g g` is two.
package struct KeySequence: Hashable, Sendable {
    /// The strokes; never empty.
    package let chords: [KeyChord]

    /// A single stroke.
    package init(_ chord: KeyChord) {
        chords = [chord]
    }

    /// Reads strokes with blanks between them: `g`, `C-x C-c`.
    ///
    /// Throws: ``Failure`` for a stroke that cannot be read, and for a text without one.
    package init(_ text: String) throws(Failure) {
        var chords: [KeyChord] = []
        for word in text.split(separator: " ") { chords.append(try KeyChord(String(word))) }
        guard !chords.isEmpty else {
            throw Failure(.usage, "no such key: \"\(text)\" (nothing is written; for a blank write Space)")
        }
        self.chords = chords
    }
}

extension KeySequence: CustomStringConvertible {
    /// The strokes as they are shown.
    package var description: String { chords.map(\.description).joined(separator: " ") }
}
