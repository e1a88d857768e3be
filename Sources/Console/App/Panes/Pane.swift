import TerminalUI

/// A framed part of a screen that can have the keys: one value says all about it.
struct Pane: Sendable {
    typealias Read<Value> = @Sendable (ConsoleState) -> Value

    /// What Enter, or a key that chooses, does with the row.
    struct Enter: Sendable {
        /// What the footer calls it; `nil` keeps it out of the footer.
        var hint: String?
        var message: ConsoleMessage

        init(_ hint: String?, _ message: ConsoleMessage) {
            self.hint = hint
            self.message = message
        }
    }

    let name: String
    var title: Read<String>
    var content: any PaneContent
    /// The keys that it has besides those of its screen.
    var keys: KeyGroup? = nil
    /// The rows that it would like; 0 leaves it out, because it has nothing to say.
    var height: Read<Int> = { _ in 1 }
    /// What Enter does, if it does not go on to the next step.
    var enter: Read<Enter?> = { _ in nil }
    /// What a click on the chosen row does, if Enter goes on.
    var choose: Read<ConsoleMessage?> = { _ in nil }
    /// The place in the project that the chosen row names.
    var place: Read<FilePlace?> = { _ in nil }
    /// What copying does, if it is not copying what the pane shows.
    var copy: Read<ConsoleMessage?> = { _ in nil }
    /// What `q` and Esc leave before they leave the screen: a filter, a range.
    var leaveMode: Read<ConsoleMessage?> = { _ in nil }
    /// What a key of lists means here, if it does not move the cursor.
    var own: @Sendable (ListAction) -> ConsoleMessage? = { _ in nil }
}

extension Pane: Hashable {
    static func == (left: Pane, right: Pane) -> Bool { left.name == right.name }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A file of the project, and a line in it if one is known.
struct FilePlace: Sendable, Hashable {
    var file: String
    var line: Int?
}
