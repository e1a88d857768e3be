import TerminalUI
import Testing

@testable import Console

@Suite struct KeyTests {
    @Test("the table can be read: every key exists, none has two meanings in one place")
    func table() throws {
        _ = try KeyTable()
        #expect(KeyTable.standard.keys(for: .help) == ["?"])
    }

    @Test("every action is in the table, with a key", arguments: Action.allCases)
    func complete(action: Action) {
        #expect(!KeyTable.standard.keys(for: action).isEmpty)
        #expect(KeyTable.defaults.first { $0.action == action }?.help.isEmpty == false)
    }

    @Test("what starts something has a flag, and the palette has every action")
    func flags() throws {
        let picker = try #require(KeyTable.standard.picker(.palette, first: [], disabledReason: { _ in nil }))
        #expect(Set(picker.rows.compactMap(\.id)) == Set(Action.allCases))
        for binding in KeyTable.defaults {
            let name = binding.action.rawValue
            #expect(binding.action.staysInside == (binding.flag == nil), "\(name): \(binding.flag ?? "no flag")")
        }
    }

    @Test("no key that terminals, tmux or flow control take for themselves")
    func avoided() {
        let taken = ["C-a", "C-b", "C-s", "C-q", "C-m", "C-i", "C-Space"]
        for binding in KeyTable.defaults { #expect(Set(binding.keys).isDisjoint(with: taken), "\(binding.action)") }
    }

    @Test("keys of the settings take the place of the table's")
    func rebinding() throws {
        let table = try KeyTable(settings: ["log.follow": ["F", "g f"]])
        #expect(table.match([.character("F")], in: [.log, .everywhere]) == .action(.follow))
        #expect(table.match([.character("f")], in: [.log, .everywhere]) == .none)
    }

    @Test(
        "settings that cannot be taken name the line and say why",
        arguments: [
            (["log.fellow": ["f"]], "no such action"), (["log.follow": ["Hyper-x"]], "no such key"),
            (["log.follow": ["w"]], "means both"),
        ])
    func rejects(settings: [String: [String]], reason: String) {
        do {
            _ = try KeyTable(settings: settings)
            Issue.record("taken")
        } catch {
            #expect(error.description.contains(reason))
        }
    }

    @Test("a key of several strokes waits for the rest and shows what was pressed")
    func sequences() async throws {
        let settings = ConsoleSettings(keys: ["screen.build": ["Z b"]])
        let program = try ConsoleProgram(
            environment: World().environment(), start: .project("/home/ann/shop"), settings: settings)
        let session = await HeadlessSession(program)
        try await session.press("Z")
        #expect(session.text.contains("Z …"))
        try await session.press("b")
        #expect(await session.state()?.console.screen == .build)
        try await session.press("Z", "x")
        #expect(session.text.contains("no key Z x"))
    }

    @Test("docs/keys.md holds every action")
    func document() {
        for action in Action.allCases { #expect(KeysDocument.text.contains("`\(action.rawValue)`")) }
    }

    @Test("? stays in the footer on every screen at 60 columns")
    func helpHint() async throws {
        let program = try ConsoleProgram(environment: World().environment(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 60, height: 16))
        for key in ["1", "2", "3", "4", "5"] {
            try await session.press(key)
            let footer = session.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last ?? ""
            #expect(footer.hasPrefix(" ?:help"), "screen \(key): \(footer)")
        }
    }
}
