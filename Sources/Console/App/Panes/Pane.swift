import TerminalUI

/// A framed part of a screen that can have the keys: one value says all about it.
struct Pane: Sendable {
    typealias Read<Value> = @Sendable (ConsoleState) -> Value

    /// What Enter, or a click on the chosen row, does.
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
    let title: Read<String>
    let content: any PaneContent
    /// The keys that it has besides those of its screen.
    let keys: KeyGroup?
    /// The rows that it would like; 0 leaves it out, because it has nothing to say.
    let height: Read<Int>
    let enter: Read<Enter?>
    /// The place in the project that the chosen row names.
    let place: Read<FilePlace?>
    /// What copying does, if it is not copying what the pane shows.
    let copy: Read<ConsoleMessage?>
    /// What `q` and Esc leave before they leave the screen: a filter, a range.
    let leaveMode: Read<ConsoleMessage?>
    /// What a key of lists means here, if it does not move the cursor.
    let own: @Sendable (ListAction) -> ConsoleMessage?

    init(
        _ name: String, title: @escaping Read<String>, _ content: any PaneContent, keys: KeyGroup? = nil,
        height: @escaping Read<Int> = { _ in 1 }, enter: @escaping Read<Enter?> = { _ in nil },
        place: @escaping Read<FilePlace?> = { _ in nil }, copy: @escaping Read<ConsoleMessage?> = { _ in nil },
        leaveMode: @escaping Read<ConsoleMessage?> = { _ in nil },
        own: @escaping @Sendable (ListAction) -> ConsoleMessage? = { _ in nil }
    ) {
        self.name = name
        self.title = title
        self.content = content
        self.keys = keys
        self.height = height
        self.enter = enter
        self.place = place
        self.copy = copy
        self.leaveMode = leaveMode
        self.own = own
    }
}

extension Pane: Hashable {
    static func == (left: Pane, right: Pane) -> Bool { left.name == right.name }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A file of the project, and a line in it if one is known.
struct FilePlace: Sendable, Equatable {
    var file: String
    var line: Int?
}
