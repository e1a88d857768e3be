import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite struct KeyTests {
    @Test("the table can be read: every key exists, none has two meanings in one place")
    func table() throws {
        #expect(try KeyTable().keys(for: .app(.help)) == ["?"])
    }

    @Test("every action is in the table, with a key", arguments: Action.all)
    func complete(action: Action) throws {
        #expect(try !KeyTable().keys(for: action).isEmpty)
        #expect(KeyTable.defaults.first { $0.action == action }?.help.isEmpty == false)
    }

    @Test("what starts something has a flag, and the palette has every action")
    func flags() throws {
        let picker = try KeyTable().picker(.palette, first: [], disabledReason: { _ in nil })
        #expect(Set(picker.rows.compactMap(\.id)) == Set(Action.all))
        let unflagged = Set(KeyTable.defaults.filter { $0.flag == nil }.map(\.action.rawValue))
        #expect(unflagged == Self.stayingInside)
    }

    /// What only moves, shows, marks, copies or ends something that is open, so that no flag could stand for it.
    private static let stayingInside: Set<String> = [
        "pane.next", "pane.previous", "pane.log", "pane.zoom", "pane.grow", "pane.shrink", "help", "palette", "back",
        "quit", "interrupt", "screen.redraw", "suspend", "options", "copy", "copy.all", "move.up", "move.down",
        "move.left", "move.right", "move.top", "move.bottom", "move.half-up", "move.half-down", "move.page-up",
        "move.page-down", "scroll.left", "scroll.right", "open", "range", "search", "search.next", "search.previous",
        "filter", "release.toggle", "secret.clear", "build.cancel", "build.copy-command", "build.history",
        "replay.pause", "replay.slower", "log.follow", "log.wrap", "log.timestamps", "log.next-problem",
        "log.previous-problem", "log.next-section", "log.previous-section", "log.level", "log.fold", "log.fold-all",
        "log.unfold-all", "image.facts", "files.open", "files.parent", "files.fold", "files.fold-all",
        "files.unfold-all", "files.added", "files.modified", "files.deleted", "files.unmodified", "files.aggregate",
        "files.sort", "files.permissions", "files.view",
    ]

    @Test("no key that terminals, tmux or flow control take for themselves")
    func avoided() {
        let taken = ["C-a", "C-b", "C-s", "C-q", "C-m", "C-i", "C-Space"]
        for binding in KeyTable.defaults { #expect(Set(binding.keys).isDisjoint(with: taken), "\(binding.action)") }
    }

    @Test("keys of the settings take the place of the table's")
    func rebinding() throws {
        let table = try KeyTable(settings: ["log.follow": ["F", "g f"]])
        #expect(table.match([.character("F")], in: [.log, .everywhere]) == .action(.log(.follow)))
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
        let settings = ConsoleSettings.with { $0.keys = ["screen.build": ["Z b"]] }
        let program = try ConsoleProgram(
            clients: World().clients(), start: .project("/home/ann/shop"), settings: settings)
        let session = await HeadlessSession(program)
        try await session.press("Z")
        #expect(session.text.contains("Z …"))
        try await session.press("b")
        #expect(await session.state()?.console.screen == .build)
        try await session.press("Z", "x")
        #expect(session.text.contains("no key Z x"))
    }

    @Test("? stays in the footer on every screen at 60 columns")
    func helpHint() async throws {
        let program = try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 60, height: 16))
        for key in ["1", "2", "3", "4", "5"] {
            try await session.press(key)
            let footer = session.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last ?? ""
            #expect(footer.hasPrefix(" ?:help"), "screen \(key): \(footer)")
        }
    }
}

extension Action {
    /// Every case of every part, so that one without a line in the key table is found.
    static let all: [Action] =
        AppAction.allCases.map(Action.app) + ListAction.allCases.map(Action.list)
        + SearchAction.allCases.map(Action.search) + ProjectScreen.Action.allCases.map(Action.project)
        + ReleaseScreen.Action.allCases.map(Action.release) + SecretsScreen.Action.allCases.map(Action.secrets)
        + BuildScreen.Action.allCases.map(Action.build) + BuildScreen.LogAction.allCases.map(Action.log)
        + ImageScreen.Action.allCases.map(Action.image) + ImageScreen.FilesAction.allCases.map(Action.files)
}
