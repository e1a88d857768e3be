/// Something the user should know about the project: what it is, where, and what to try.
package struct Diagnostic: Sendable, Hashable, Codable {
    package enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        case note, warning, error
    }

    package var severity: Severity
    /// What is wrong, in one line.
    package var text: String
    /// The file, relative to the project's folder.
    package var file: String?
    /// The line, from 1.
    package var line: Int?
    /// The column, from 1.
    package var column: Int?
    /// What to try; may be a snippet to paste.
    package var advice: String?

    package init(
        _ severity: Severity, _ text: String, file: String? = nil, line: Int? = nil, column: Int? = nil,
        advice: String? = nil
    ) {
        self.severity = severity
        self.text = text
        self.file = file
        self.line = line
        self.column = column
        self.advice = advice
    }

    /// The place, without the column.
    package var place: Place? { Place(file, line: line) }

    /// A failure as an error of the project.
    package init(_ failure: Failure) {
        self.init(
            .error, failure.message, file: failure.place?.file, line: failure.place?.line,
            column: failure.place?.column, advice: failure.advice)
    }
}
