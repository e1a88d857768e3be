import TerminalTesting
import TerminalUI
import TestSupport
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
        "filter", "release.toggle", "release.change", "secret.clear", "build.cancel", "build.copy-command",
        "build.history",
        "replay.pause", "replay.slower", "log.follow", "log.wrap", "log.timestamps", "log.next-problem",
        "log.previous-problem", "log.next-section", "log.previous-section", "log.level", "log.fold", "log.fold-all",
        "log.unfold-all", "image.facts", "image.copy-text", "image.treemap", "image.growth", "files.open",
        "files.parent", "files.fold",
        "files.fold-all",
        "files.unfold-all", "files.added", "files.modified", "files.deleted", "files.unmodified", "files.aggregate",
        "files.sort", "files.permissions", "files.view", "run.change",
    ]

    /// A screen's keys with those of its panes.
    private static let screens: [(name: String, groups: [KeyGroup])] = [
        ("Project", [.project]), ("Release", [.release]), ("Secrets", [.secrets]), ("Build", [.build, .log]),
        ("Image", [.image, .files]), ("Run", [.run, .log]),
    ]

    private static func keys(of groups: [KeyGroup]) -> [(key: String, action: Action)] {
        KeyTable.defaults.filter { groups.contains($0.group) }.flatMap { binding in
            binding.keys.map { ($0, binding.action) }
        }
    }

    @Test("a key that counts everywhere has no other meaning on a screen; in a tree, left and right move in it")
    func everywhere() {
        let shared = Set(Self.keys(of: [.everywhere, .lists, .search]).map(\.key))
        let tree: Set<String> = ["h", "Left", "l", "Right"]
        for (name, groups) in Self.screens {
            let own = Self.keys(of: groups)
            let clashes = own.filter { shared.contains($0.key) && !(groups.contains(.files) && tree.contains($0.key)) }
            #expect(clashes.isEmpty, "\(name): \(clashes)")
            #expect(Set(own.map(\.key)).count == own.count, "\(name) has a key with two meanings")
        }
    }

    @Test("a key with a meaning of its own on several screens is in the table of docs/console.md, with each of them")
    func grammar() throws {
        let page = try repositoryFolder().appending("docs/console.md").readText()
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let all = Set(Self.screens.flatMap { Self.keys(of: $0.groups).map(\.key) })
        for key in all {
            let users = Self.screens.filter { screen in Self.keys(of: screen.groups).contains { $0.key == key } }
            guard users.count > 1 else { continue }
            let row = try #require(rows.first { $0.hasPrefix("| `\(key)` |") }, "\(key) on \(users.map(\.name))")
            for user in users { #expect(row.contains(user.name), "\(key): \(row)") }
        }
        // What the screens 6 and 7 will use keeps its meaning.
        for key in ["r", "D", "u", "!"] { #expect(rows.contains { $0.hasPrefix("| `\(key)` |") }, "\(key)") }
    }

    @Test("every action has a name and, where people say something else, other words")
    func names() {
        #expect(Set(ActionWords.table.keys) == Set(Action.all.map(\.rawValue)))
        let names = ActionWords.table.values.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.count <= 28 })
    }

    /// What people type, and what they mean.
    private static let words: [(word: String, action: String)] = [
        ("quit", "quit"), ("exit", "quit"), ("retry", "build.retry"), ("again", "build.retry"),
        ("history", "build.history"), ("past", "build.history"), ("zoom", "pane.zoom"), ("docker", "image.run"),
        ("run", "image.run"), ("publish", "screen.release"), ("push", "screen.release"), ("dark", "theme"),
        ("light", "theme"), ("colour", "theme"), ("color", "theme"), ("env", "screen.secrets"),
        ("password", "screen.secrets"), ("iex", "image.remote"), ("remote", "image.remote"),
        ("sbom", "image.packages"), ("dependencies", "image.packages"), ("logs", "pane.log"),
        ("size", "screen.image"), ("layers", "screen.image"), ("watch", "build.watch"), ("auto", "build.watch"),
        ("build", "build"), ("rebuild", "build"), ("cancel", "build.cancel"), ("abort", "build.cancel"),
        ("stop", "image.stop"), ("kill", "image.stop"), ("shell", "build.shell"), ("diff", "image.compare"),
        ("compare", "image.compare"), ("clean", "build.clear-cache"), ("cache", "build.clear-cache"),
        ("debug", "build.debug"), ("verbose", "build.debug"), ("editor", "edit"), ("error", "log.next-problem"),
        ("tail", "log.follow"), ("follow", "log.follow"), ("wrap", "log.wrap"), ("save", "log.save"),
        ("copy", "copy"), ("yank", "copy"), ("find", "search"), ("grep", "search"), ("filter", "filter"),
        ("settings", "options"), ("mouse", "mouse"), ("help", "help"), ("keys", "help"), ("umbrella", "project.root"),
        ("open", "project.recent"), ("refresh", "project.reload"), ("toml", "project.init"), ("json", "image.export"),
        ("less", "log.pager"), ("treemap", "image.treemap"), ("bigger", "image.growth"), ("trend", "image.growth"),
        ("detach", "build.detach"), ("plain", "build.detach"), ("waste", "files.waste"),
        ("extract", "files.extract"), ("fold", "log.fold"), ("labels", "image.facts"), ("log.wrap", "log.wrap"),
    ]

    private static func first(_ typed: String) throws -> PickerEntry<Action>? {
        var picker = try KeyTable().picker(.palette, first: [.project], disabledReason: { _ in nil })
        for character in typed { _ = picker.handle(.key(.character(character))) }
        return picker.rows.first
    }

    @Test("an everyday word finds its action first", arguments: words)
    func finds(word: String, action: String) throws {
        #expect(try Self.first(word)?.id?.rawValue == action)
    }

    @Test("a letter or two never lead to what ends or removes something")
    func destructive() throws {
        let destructive = Set(ActionWords.table.filter(\.value.isDestructive).keys)
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
        for typed in letters + letters.flatMap({ first in letters.map { first + $0 } }) {
            let found = try Self.first(typed)?.id?.rawValue
            #expect(
                found.map(destructive.contains) != true || Self.isOnlyDestructive(typed), "\(typed): \(found ?? "")")
        }
    }

    private static func isOnlyDestructive(_ typed: String) -> Bool {
        guard var picker = try? KeyTable().picker(.palette, first: [], disabledReason: { _ in nil }) else {
            return false
        }
        for character in typed { _ = picker.handle(.key(.character(character))) }
        return picker.rows.allSatisfy { $0.id.flatMap { ActionWords.table[$0.rawValue] }?.isDestructive == true }
    }

    @Test("what cannot be done now stays in the palette, with its reason")
    func reasons() async throws {
        let program = try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program)
        try await session.press(":")
        await session.type("cancel")
        #expect(session.text.contains("cancel the build (no build is running)"))
    }

    @Test("E opens the editor at the problem from every pane", arguments: [1, 2, 3, 4, 5])
    func editsFromEverywhere(tabs: Int) async throws {
        let world = World(builds: [Fixtures.failed()])
        var clients = world.clients()
        clients.app.editorCommand = { file, line in ["vi", "+\(line ?? 0)", file.string] }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("4", "b")
        await session.wait { $0.outcome != nil }
        for _ in 1..<tabs { try await session.press("Tab") }
        try await session.press("E")
        await session.wait { _ in world.look { !$0.commands.isEmpty } }
        let words = try #require(world.look { $0.commands.first?.words })
        #expect(words == ["vi", "+9", "/home/ann/shop/apps/web/lib/web/page.ex"])
    }

    @Test("a key that means nothing here says so")
    func unknown() async throws {
        let program = try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program)
        try await session.press("Z")
        #expect(session.text.contains("no key Z here; ? lists them"))
    }

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
        #expect(session.text.contains("no key Z x here; ? lists them"))
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
        + BuildScreen.Action.allCases.map(Action.build) + LogAction.allCases.map(Action.log)
        + ImageScreen.Action.allCases.map(Action.image) + ImageScreen.FilesAction.allCases.map(Action.files)
        + RunScreen.Action.allCases.map(Action.run)
        + ImagesScreen.Action.allCases.map(Action.images)
}
