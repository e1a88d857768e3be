import Diagnostics
import Testing

@testable import TerminalUI

@Suite("Keys")
struct KeyChordTests {
    @Test(
        "a stroke reads as it is shown",
        arguments: [
            "g", "G", "C-c", "M-x", "S-Tab", "PgDn", "Enter", "Esc", "F1", "F12", "Space", "C-M-a", "C-Up", "?", "-",
            "C--", "日",
        ])
    func roundTrip(text: String) throws {
        #expect(try KeyChord(text).description == text)
    }

    @Test("names may be written in any case", arguments: [("enter", "Enter"), ("pgdn", "PgDn"), ("C-C", "C-c")])
    func otherWritings(text: String, shown: String) throws {
        #expect(try KeyChord(text).description == shown)
    }

    @Test("what is no stroke is refused by name", arguments: ["", "Entr", "C-", "S-g", "F99", "gg", "\u{1B}"])
    func refused(text: String) {
        #expect(throws: Failure.self) { try KeyChord(text) }
    }

    @Test("strokes in a row are one sequence")
    func sequences() throws {
        #expect(try KeySequence("g g").chords == [.character("g"), .character("g")])
        #expect(throws: Failure.self) { try KeySequence("  ") }
    }
}
