/// One row of a list as it is drawn.
package struct ListRow: Hashable, Sendable {
    /// What is at the left; cut when there is no room.
    package var line: StyledLine
    /// What is at the right end; kept whole.
    package var trailing: StyledLine
    /// Whether it can be chosen; others are drawn weaker.
    package var isEnabled: Bool

    /// A row.
    package init(_ line: StyledLine, trailing: StyledLine = StyledLine(), isEnabled: Bool = true) {
        self.line = line
        self.trailing = trailing
        self.isEnabled = isEnabled
    }
}
