/// Something the user should know about the project: what it is, where, and what to try.
public struct Diagnostic: Sendable, Hashable, Codable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        case note, warning, error
    }

    /// How bad it is.
    public var severity: Severity
    /// What is wrong, in one line.
    public var text: String
    /// The file, relative to the project's folder.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// What to try; may be a snippet to paste.
    public var advice: String?

    /// Creates a diagnostic; by default without place and advice.
    public init(
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
    public var place: Place? { Place(file, line: line) }

    /// A failure as an error of the project.
    public init(_ failure: Failure) {
        self.init(
            .error, failure.message, file: failure.place?.file, line: failure.place?.line,
            column: failure.place?.column, advice: failure.advice)
    }
}
