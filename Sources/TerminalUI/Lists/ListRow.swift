/// One row of a list as it is drawn.
public struct ListRow: Hashable, Sendable {
    /// What is at the left; cut when there is no room.
    public var line: StyledLine
    /// What is at the right end; kept whole.
    public var trailing: StyledLine
    /// Whether it can be chosen; others are drawn weaker.
    public var isEnabled: Bool

    /// A row.
    public init(_ line: StyledLine, trailing: StyledLine = StyledLine(), isEnabled: Bool = true) {
        self.line = line
        self.trailing = trailing
        self.isEnabled = isEnabled
    }
}
