import Diagnostics
import TerminalUI

/// Which keys do what: the table of defaults with the user's own keys in it.
struct KeyTable: Sendable {
    private let map: KeyMap<Action>

    /// Every action with its keys: the one table behind keys, footer, help, palette and docs/keys.md.
    ///
    /// Left out on purpose: Ctrl-A and Ctrl-B (tmux, screen), Ctrl-S and Ctrl-Q (flow control), Ctrl-M and Ctrl-I (Enter
    /// and Tab), and keys that only some keyboards have.
    static let defaults: [KeyBinding] =
        AppAction.keys + ListAction.keys + SearchAction.keys + ProjectScreen.Action.keys + ReleaseScreen.Action.keys
        + SecretsScreen.Action.keys + BuildScreen.Action.keys + LogAction.keys + ImageScreen.Action.keys
        + ImageScreen.FilesAction.keys + RunScreen.Action.keys + ImagesScreen.Action.keys

    static let bindings = Dictionary(defaults.map { ($0.action, $0) }, uniquingKeysWith: { first, _ in first })

    /// The defaults with a user's keys in place of those of the actions they name.
    /// - Throws: `Failure` of code `usage` for an action or a key that does not exist, and for a key with two meanings in one place.
    init(settings: [String: [String]] = [:]) throws(Failure) {
        var changes: [Action: [KeySequence]] = [:]
        for (name, keys) in settings.sorted(by: { $0.key < $1.key }) {
            guard let action = Action(rawValue: name) else {
                throw Failure(.usage, "keys: \(name): no such action; docs/keys.md lists them")
            }
            do throws(Failure) {
                changes[action] = try keys.map { key throws(Failure) in try KeySequence(key) }
            } catch {
                throw error.failing("keys: \(name)")
            }
        }
        do throws(Failure) {
            map = try KeyMap(Self.defaults.map(\.row)).rebinding(changes)
        } catch {
            throw error.failing("keys: keys")
        }
    }

    /// What strokes mean; the first group that knows them decides.
    func match(_ chords: [KeyChord], in groups: [KeyGroup]) -> KeyMatch<Action> {
        map.match(chords, in: groups.map(\.context))
    }

    /// A picker of all actions, with those of some groups first.
    func picker(
        _ mode: ActionPicker<Action>.Mode, first groups: [KeyGroup], disabledReason: (Action) -> String?
    ) -> ActionPicker<Action> {
        let rest = KeyGroup.allCases.filter { !groups.contains($0) }
        return ActionPicker(
            mode, keyMap: map, contexts: (groups + rest).map(\.context), disabledReason: disabledReason)
    }

    /// The keys of an action as they are shown, the first one first.
    func keys(for action: Action) -> [String] { map.keys(for: action).map(\.description) }

    /// The first key of an action that means it in these groups; `nil` if none does.
    func key(for action: Action, in groups: [KeyGroup]) -> String? {
        map.reachableKey(of: action, in: groups.map(\.context))?.description
    }
}

/// A line of the key table: what an action is called, which keys it has, and when it is of use.
struct KeyBinding: Sendable {
    let action: Action
    /// The keys, as they are written in config.toml.
    let keys: [String]
    /// What the footer says, in a word or two; empty keeps it out of the footer.
    let hint: String
    /// What help, palette and docs/keys.md say.
    let help: String
    /// The flag that does the same from the command line; only what moves, shows or ends something has none.
    let flag: String?
    /// What help and palette say while it can do nothing.
    let unless: String
    /// Whether it can do anything now: the footer leaves it out otherwise.
    let isUseful: @Sendable (ConsoleState) -> Bool

    init(
        _ action: Action, _ keys: [String], hint: String = "", _ help: String, flag: String? = nil,
        unless: String = "not now", when isUseful: @escaping @Sendable (ConsoleState) -> Bool = { _ in true }
    ) {
        self.unless = unless
        self.action = action
        self.keys = keys
        self.hint = hint
        self.help = help
        self.flag = flag
        self.isUseful = isUseful
    }

    var group: KeyGroup { action.group }

    /// The line as the key map takes it.
    var row: KeyAction<Action> {
        let words = ActionWords.table[action.rawValue]
        return KeyAction(
            action, help, hint: hint, group: group.title, in: group.context, keys: keys, name: words?.name,
            aliases: words?.aliases ?? [], isDestructive: words?.isDestructive ?? false)
    }
}

/// Where a key counts, and under which heading it stands.
///
/// The keys of a pane come before those of its screen, and those before the ones that count everywhere.
enum KeyGroup: String, Sendable, CaseIterable {
    case everywhere, lists, search, project, release, secrets, build, log, image, files, run, images

    /// The heading in help and in docs/keys.md.
    var title: String {
        switch self {
        case .everywhere: "Everywhere"
        case .lists: "Lists, logs and trees"
        case .search: "Search and filter"
        case .project: "Project"
        case .release: "Release"
        case .secrets: "Secrets"
        case .build: "Build"
        case .log: "Build, Run: log"
        case .image: "Image"
        case .files: "Image: files"
        case .run: "Run"
        case .images: "Images"
        }
    }

    var context: KeyContext { KeyContext(rawValue: rawValue) }
}
