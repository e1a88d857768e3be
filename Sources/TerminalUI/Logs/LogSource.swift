/// Lines to look at, of which there may be millions: a view asks only for those that show.
///
/// Lines keep their numbers when older ones are dropped, so a view stays where it is.
package protocol LogSource {
    /// The numbers of the lines that there are.
    var lines: Range<Int> { get }
    /// A line by its number, in the form it is shown.
    func line(_ number: Int) -> StyledLine
}

extension LogSource {
    /// The text of a line, without styles, that is searched.
    package func text(_ number: Int) -> String { line(number).text }
}
