/// What a piece of text is for; a theme says how that looks.
///
/// Views name roles, never colours.
///
/// A role without an entry in a theme looks like its parent (`log.error` like `log`), and at last like ``text``.
package struct Role: RawRepresentable, Hashable, Sendable {
    /// The name in theme files: lower-case words with dots between them.
    package let rawValue: String

    /// A role by its name; see ``all`` for the ones that themes define.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A role by its name, and what it is for.
    private init(_ name: String) {
        rawValue = name
    }

    /// The role one step more general, or nil for a role without a dot.
    package var parent: Role? {
        guard let dot = rawValue.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return Role(rawValue: String(rawValue[..<dot]))
    }
}

extension Role: CustomStringConvertible {
    /// The name.
    package var description: String { rawValue }
}

extension Role {
    /// Running text.
    package static let text = Role("text")
    /// Text of less weight: explanations, units, ages.
    package static let textDim = Role("text.dim")
    /// Text of more weight: names, totals.
    package static let textStrong = Role("text.strong")
    /// Something to type elsewhere: a command, a snippet, a path.
    package static let code = Role("text.code")
    /// An address that can be opened.
    package static let link = Role("text.link")
    /// A figure: sizes, times, counts.
    package static let number = Role("text.number")
    /// What stands in the place of a secret.
    package static let secret = Role("text.secret")
    /// A heading inside a pane.
    package static let heading = Role("heading")
    /// The top line of the screen.
    package static let header = Role("header")
    /// The name of the thing that is open, in the top line.
    package static let headerTitle = Role("header.title")
    /// A screen's name among the tabs.
    package static let tab = Role("tab")
    /// The tab of the screen that is shown.
    package static let tabActive = Role("tab.active")
    /// The frame of a pane.
    package static let border = Role("border")
    /// The frame of the pane that has the keys.
    package static let borderFocused = Role("border.focused")
    /// A pane's title.
    package static let borderTitle = Role("border.title")
    /// The title of the pane that has the keys.
    package static let borderTitleFocused = Role("border.title.focused")
    /// The counter at the right of a pane's frame.
    package static let borderCounter = Role("border.counter")
    /// The chosen row of the pane that has the keys.
    package static let listSelected = Role("list.selected")
    /// The chosen row of another pane.
    package static let listSelectedUnfocused = Role("list.selected.unfocused")
    /// Rows of a marked range.
    package static let listMarked = Role("list.marked")
    /// A row that cannot be chosen.
    package static let listDisabled = Role("list.disabled")
    /// The track of a scroll bar.
    package static let scrollbar = Role("scrollbar")
    /// The part of a scroll bar that shows where one is.
    package static let scrollbarThumb = Role("scrollbar.thumb")
    /// The lines and fold marks of a tree.
    package static let treeGuide = Role("tree.guide")
    /// A row of a tree that has rows below it.
    package static let treeBranch = Role("tree.branch")
    /// The text in a field.
    package static let field = Role("field")
    /// The text in the field that has the keys.
    package static let fieldFocused = Role("field.focused")
    /// What an empty field says.
    package static let fieldPlaceholder = Role("field.placeholder")
    /// Text in a field that is not accepted.
    package static let fieldInvalid = Role("field.invalid")
    /// A dialog or overlay.
    package static let dialog = Role("dialog")
    /// A dialog's frame.
    package static let dialogBorder = Role("dialog.border")
    /// A dialog's title.
    package static let dialogTitle = Role("dialog.title")
    /// A choice in a dialog.
    package static let button = Role("button")
    /// The choice in a dialog that Enter takes.
    package static let buttonActive = Role("button.active")
    /// A key in the footer or in help.
    package static let hintKey = Role("hint.key")
    /// What a key does.
    package static let hintText = Role("hint.text")
    /// The line of messages above the footer.
    package static let status = Role("status")
    /// A mode that changes what keys do: filter, range, paused.
    package static let statusMode = Role("status.mode")
    /// The part of a progress bar that is done.
    package static let progressDone = Role("progress.done")
    /// The part of a progress bar that is to come.
    package static let progressRest = Role("progress.rest")
    /// Not begun yet.
    package static let statePending = Role("state.pending")
    /// Going on now.
    package static let stateRunning = Role("state.running")
    /// Ended well.
    package static let stateOK = Role("state.ok")
    /// Ended well, but look at it.
    package static let stateWarning = Role("state.warning")
    package static let stateFailed = Role("state.failed")
    /// Left out.
    package static let stateSkipped = Role("state.skipped")
    /// New.
    package static let diffAdded = Role("diff.added")
    /// Changed.
    package static let diffModified = Role("diff.modified")
    package static let diffRemoved = Role("diff.removed")
    /// As before.
    package static let diffUnchanged = Role("diff.unchanged")
    /// A line of a log.
    package static let log = Role("log")
    /// A line of a log that only a search for a cause needs.
    package static let logDebug = Role("log.debug")
    package static let logWarning = Role("log.warning")
    package static let logError = Role("log.error")
    /// A heading in a log: a phase, a command.
    package static let logHeading = Role("log.heading")
    /// The time in front of a log line.
    package static let logTime = Role("log.time")
    /// Who wrote a log line.
    package static let logSource = Role("log.source")
    /// What a search found.
    package static let searchMatch = Role("search.match")
    /// What a search found, where one is.
    package static let searchCurrent = Role("search.current")

    /// Every role that a theme may define, in the order of `theme --dump`.
    package static let all: [Role] = [
        .text, .textDim, .textStrong, .code, .link, .number, .secret, .heading, .header, .headerTitle, .tab, .tabActive,
        .border, .borderFocused, .borderTitle, .borderTitleFocused, .borderCounter, .listSelected,
        .listSelectedUnfocused, .listMarked, .listDisabled, .scrollbar, .scrollbarThumb, .treeGuide, .treeBranch,
        .field, .fieldFocused, .fieldPlaceholder, .fieldInvalid, .dialog, .dialogBorder, .dialogTitle, .button,
        .buttonActive, .hintKey, .hintText, .status, .statusMode, .progressDone, .progressRest, .statePending,
        .stateRunning, .stateOK, .stateWarning, .stateFailed, .stateSkipped, .diffAdded, .diffModified, .diffRemoved,
        .diffUnchanged, .log, .logDebug, .logWarning, .logError, .logHeading, .logTime, .logSource, .searchMatch,
        .searchCurrent,
    ]
}
