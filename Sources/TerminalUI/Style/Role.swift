/// What a piece of text is for; a theme says how that looks.
///
/// Views name roles, never colours. The raw values are the names in theme files, lower-case words with dots between them,
/// in the order of `theme --dump`.
///
/// A role without an entry in a theme looks like its parent (`log.error` like `log`), and at last like ``text``.
package enum Role: String, Sendable, CaseIterable, CustomStringConvertible {
    case text
    /// Text of less weight: explanations, units, ages.
    case textDim = "text.dim"
    /// Text of more weight: names, totals.
    case textStrong = "text.strong"
    /// Something to type elsewhere: a command, a snippet, a path.
    case code = "text.code"
    /// An address that can be opened.
    case link = "text.link"
    /// A figure: sizes, times, counts.
    case number = "text.number"
    case secret = "text.secret"
    /// A heading inside a pane.
    case heading
    /// The top line of the screen.
    case header
    /// The name of the thing that is open, in the top line.
    case headerTitle = "header.title"
    /// A screen's name among the tabs.
    case tab
    /// The tab of the screen that is shown.
    case tabActive = "tab.active"
    case border
    /// The frame of the pane that has the keys.
    case borderFocused = "border.focused"
    case borderTitle = "border.title"
    /// The title of the pane that has the keys.
    case borderTitleFocused = "border.title.focused"
    /// The counter at the right of a pane's frame.
    case borderCounter = "border.counter"
    /// The chosen row of the pane that has the keys.
    case listSelected = "list.selected"
    /// The chosen row of another pane.
    case listSelectedUnfocused = "list.selected.unfocused"
    case listMarked = "list.marked"
    /// A row that cannot be chosen.
    case listDisabled = "list.disabled"
    /// The track of a scroll bar.
    case scrollbar
    /// The part of a scroll bar that shows where one is.
    case scrollbarThumb = "scrollbar.thumb"
    /// The lines and fold marks of a tree.
    case treeGuide = "tree.guide"
    /// A row of a tree that has rows below it.
    case treeBranch = "tree.branch"
    case field
    /// The text in the field that has the keys.
    case fieldFocused = "field.focused"
    case fieldPlaceholder = "field.placeholder"
    case fieldInvalid = "field.invalid"
    case dialog
    case dialogBorder = "dialog.border"
    case dialogTitle = "dialog.title"
    case button
    /// The choice in a dialog that Enter takes.
    case buttonActive = "button.active"
    /// A key in the footer or in help.
    case hintKey = "hint.key"
    case hintText = "hint.text"
    /// The line of messages above the footer.
    case status
    /// A mode that changes what keys do: filter, range, paused.
    case statusMode = "status.mode"
    /// The part of a progress bar that is done.
    case progressDone = "progress.done"
    /// The part of a progress bar that is to come.
    case progressRest = "progress.rest"
    case statePending = "state.pending"
    case stateRunning = "state.running"
    /// Ended well.
    case stateOK = "state.ok"
    /// Ended well, but look at it.
    case stateWarning = "state.warning"
    case stateFailed = "state.failed"
    case stateSkipped = "state.skipped"
    case diffAdded = "diff.added"
    case diffModified = "diff.modified"
    case diffRemoved = "diff.removed"
    case diffUnchanged = "diff.unchanged"
    case log
    /// A line of a log that only a search for a cause needs.
    case logDebug = "log.debug"
    case logWarning = "log.warning"
    case logError = "log.error"
    /// A heading in a log: a phase, a command.
    case logHeading = "log.heading"
    /// The time in front of a log line.
    case logTime = "log.time"
    /// Who wrote a log line.
    case logSource = "log.source"
    case searchMatch = "search.match"
    /// What a search found, where one is.
    case searchCurrent = "search.current"

    /// The role one step more general; nil where there is none.
    package var parent: Role? {
        guard let dot = rawValue.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return Role(rawValue: String(rawValue[..<dot]))
    }

    package var description: String { rawValue }
}
