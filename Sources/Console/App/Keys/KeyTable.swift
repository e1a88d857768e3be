import TerminalUI

/// Which keys do what: the table of defaults with the user's own keys in it.
struct KeyTable: Sendable {
    private let map: KeyMap<Action>?

    /// The defaults with a user's keys in place of those of the actions they name.
    /// - Throws: `KeySettingError` for an action or a key that does not exist, and for a key with two meanings in one place.
    init(settings: [String: [String]] = [:]) throws(KeySettingError) {
        var changes: [Action: [KeySequence]] = [:]
        for (name, keys) in settings.sorted(by: { $0.key < $1.key }) {
            guard let action = Action(rawValue: name) else {
                throw KeySettingError(name: name, reason: "no such action; docs/keys.md lists them")
            }
            do {
                changes[action] = try keys.map { try KeySequence($0) }
            } catch {
                throw KeySettingError(name: name, reason: "\(error)")
            }
        }
        do {
            map = try KeyMap(Self.defaults.map(\.row)).rebinding(changes)
        } catch {
            throw KeySettingError(name: "keys", reason: "\(error)")
        }
    }

    private init(map: KeyMap<Action>?) { self.map = map }

    /// No keys at all, for where the defaults cannot be read; a test sees to it that they can.
    static let empty = KeyTable(map: nil)
    /// The defaults alone.
    static let standard = (try? KeyTable()) ?? .empty

    /// What strokes mean; the first group that knows them decides.
    func match(_ chords: [KeyChord], in groups: [KeyGroup]) -> KeyMatch<Action> {
        map?.match(chords, in: groups.map(\.context)) ?? .none
    }

    /// A picker of all actions, with those of some groups first.
    func picker(
        _ mode: ActionPicker<Action>.Mode, first groups: [KeyGroup], disabledReason: (Action) -> String?
    ) -> ActionPicker<Action>? {
        let rest = KeyGroup.allCases.filter { !groups.contains($0) }
        return map.map {
            ActionPicker(mode, keyMap: $0, contexts: (groups + rest).map(\.context), disabledReason: disabledReason)
        }
    }

    /// The keys of an action as they are shown, the first one first.
    func keys(for action: Action) -> [String] { map?.keys(for: action).map(\.description) ?? [] }

    /// The first key of an action that means it where one is; `nil` where none does.
    func key(for action: Action, in groups: [KeyGroup]) -> String? {
        map?.reachableKey(of: action, in: groups.map(\.context))?.description
    }
}

/// A line of config.toml's key settings that cannot be taken.
public struct KeySettingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The action's name as it was written.
    public var name: String
    /// What is wrong with it.
    public var reason: String

    /// The name and the reason.
    public var description: String { "keys: \(name): \(reason)" }
}
