public import TerminalUI

extension LogStore: LogSource {
    /// The numbers of the lines that are kept.
    public var lines: Range<Int> { firstLine..<endLine }

    /// A line as it is drawn; empty for one that is kept no more.
    public func line(_ number: Int) -> StyledLine { kept(number)?.styled ?? StyledLine() }

    /// A line's text without colours, which is what is searched.
    public func text(_ number: Int) -> String { kept(number)?.text ?? "" }
}
