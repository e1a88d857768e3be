import Diagnostics
import TOMLCoding
import TerminalTesting
import Testing

@testable import TerminalUI

@Suite("Table of keys")
struct KeyMapTests {
    enum Action: String, Hashable, Sendable {
        case help, quit, follow = "log.follow", top, find = "log.find"
    }

    private func map() throws -> KeyMap<Action> {
        try KeyMap([
            KeyAction(.help, "Show the help", hint: "help", group: "Program", keys: ["?"]),
            KeyAction(.quit, "Quit", hint: "quit", group: "Program", keys: ["Q", "C-q"]),
            KeyAction(.top, "Go to the top", group: "Lists", in: "list", keys: ["g g", "Home"]),
            KeyAction(.follow, "Follow the log", hint: "follow", group: "Log", in: "log", keys: ["f"]),
            KeyAction(.find, "Search | filter", hint: "search", group: "Log", in: "log", keys: ["/", "Q"]),
        ])
    }

    @Test("the innermost context wins, sequences wait for their end")
    func matching() throws {
        let map = try map()
        #expect(map.match(try KeyChord("Q"), in: ["log", .global]) == .action(.find))
        #expect(map.match(try KeyChord("Q"), in: ["list", .global]) == .action(.quit))
        #expect(map.match(try KeyChord("g"), in: ["list", .global]) == .prefix)
        #expect(map.match(try KeySequence("g g").chords, in: ["list"]) == .action(.top))
        #expect(map.match(try KeyChord("g"), in: [.global]) == .none)
    }

    @Test("hints begin with help, then what is nearest, without keys that mean something else there")
    func hints() throws {
        let hints = try map().hints(in: ["log", .global], first: .help)
        #expect(hints.map { "\($0.key):\($0.text)" } == ["?:help", "f:follow", "/:search", "C-q:quit"])
    }

    @Test("keys are changed by the settings, and taken away")
    func rebinding() throws {
        let table = try TOMLDocument(
            parsing: "\"log.follow\" = [\"F\", \"F5\"]\nquit = []\ntop = \"C-x g\"", fileName: "c"
        ).root
        let map = try map().rebinding(table)
        #expect(map.keys(for: .follow).map(\.description) == ["F", "F5"])
        #expect(map.keys(for: .quit).isEmpty)
        #expect(map.keys(for: .top).first?.description == "C-x g")
        #expect(map.keys(for: .help).first?.description == "?")
    }

    @Test(
        "a mistake in the settings is told by its line",
        arguments: [
            ("\n\nfolow = \"f\"", "c:3:1: unknown key folow in [keys]"),
            ("quit = \"Entr\"", "c:1:8: quit: no such key: \"Entr\""), ("quit = 3", "c:1:8: quit: write a key"),
            ("quit = [3]", "a key is written as text"), ("help = \"Q\"", "c:1:8: Q means both help and quit"),
            ("top = \"f\"\n\"log.find\" = \"f x\"", "c:2:14: f x means both log.follow and log.find"),
        ])
    func mistakes(text: String, message: String) throws {
        let table = try TOMLDocument(parsing: text, fileName: "c").root
        let error = #expect(throws: Failure.self) { try map().rebinding(table) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a table that contradicts itself is refused")
    func contradictions() {
        #expect(throws: Failure.self) {
            try KeyMap<Action>([
                KeyAction(.help, "a", group: "g", keys: ["g"]), KeyAction(.quit, "b", group: "g", keys: ["g g"]),
            ])
        }
        #expect(throws: Failure.self) { try KeyMap<Action>([KeyAction(.help, "a", group: "g", keys: ["S-g"])]) }
        #expect(throws: Failure.self) {
            try KeyMap<Action>([
                KeyAction(.help, "a", group: "g", keys: []), KeyAction(.help, "b", group: "g", keys: []),
            ])
        }
    }

    @Test("help lists by groups, the innermost first; typing narrows it, Enter runs the choice")
    func help() throws {
        var picker = ActionPicker(.help, keyMap: try map(), contexts: ["log", .global])
        #expect(
            picker.rows.map(\.title) == [
                "Log", "Follow the log", "Search | filter", "Program", "Show the help", "Quit",
            ])
        #expect(picker.handle(.key(.character("f"))) == .handled)
        #expect(picker.handle(.key(.character("o"))) == .handled)
        #expect(picker.rows.map(\.title) == ["Log", "Follow the log"])
        #expect(picker.handle(.key(KeyChord(.enter))) == .chose(.follow))
        #expect(picker.handle(.key(KeyChord(.escape))) == .closed)
    }

    @Test("the palette puts what fits best first, and says why something cannot be done")
    func palette() throws {
        var picker = ActionPicker(.palette, keyMap: try map(), contexts: ["log", "list", .global]) {
            $0 == .follow ? "no build yet" : nil
        }
        for character in "ftl" { _ = picker.handle(.key(.character(character))) }
        #expect(picker.rows.map(\.id) == [.follow])
        #expect(picker.handle(.key(KeyChord(.enter))) == .handled)
        var canvas = Canvas(size: Size(width: 60, height: 14))
        picker.draw(in: canvas.bounds, on: &canvas)
        #expect(canvas.text.contains("Follow the log (no build yet)"))
        #expect(canvas.text.contains(":ftl"))
    }

    @Test("the choice steps over headings and stays inside the list")
    func moving() throws {
        var picker = ActionPicker(.help, keyMap: try map(), contexts: ["log", .global])
        #expect(picker.list.selection == 1)
        for _ in 0..<2 { _ = picker.handle(.key(KeyChord(.down))) }
        #expect(picker.list.selection == 4)
        for _ in 0..<9 { _ = picker.handle(.key(KeyChord(.down))) }
        #expect(picker.list.selection == 5)
        for _ in 0..<9 { _ = picker.handle(.key(KeyChord(.up))) }
        #expect(picker.list.selection == 1)
        for character in "zzz" { _ = picker.handle(.key(.character(character))) }
        #expect(picker.rows.isEmpty)
        #expect(picker.handle(.key(KeyChord(.down))) == .handled)
        #expect(picker.handle(.key(KeyChord(.enter))) == .handled)
    }
}
