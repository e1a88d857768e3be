/// Something that the user should know about the project.
public struct Finding: Sendable, Hashable, Codable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable { case note, warning, error }

    /// How bad it is.
    public var severity: Severity
    /// What it is, in one line.
    public var text: String
    /// The file, relative to the project's folder.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// What to do about it; may be a snippet to paste.
    public var advice: String?

    /// Creates a finding.
    public init(_ severity: Severity, _ text: String, file: String? = nil, line: Int? = nil, advice: String? = nil) {
        self.severity = severity
        self.text = text
        self.file = file
        self.line = line
        self.advice = advice
    }
}

extension Finding {
    /// The endpoint of a project with Phoenix does not listen, whatever release is started.
    public static let silentServer = Finding(
        .warning, "no configuration turns the Phoenix server on: the release would start without it",
        advice:
            "set server: true for the endpoint in config/runtime.exs, as newer templates do where PHX_SERVER is set, "
            + "or run with -e ELIXIR_ERL_OPTIONS=\"-phoenix serve_endpoints true\"")
}
