public import BuildpackAPI

/// A problem in the problems pane: a diagnostic and where the log stood when it came.
public struct BuildProblem: Sendable, Hashable {
    /// What is wrong, where, and what to try.
    public var diagnostic: Diagnostic
    /// The number of the log line that tells of it.
    public var line: Int

    /// `file:line:column`, as far as they are known.
    public var place: String? {
        diagnostic.file.map { file in
            file + (diagnostic.line.map { ":\($0)" } ?? "")
                + (diagnostic.line != nil ? diagnostic.column.map { ":\($0)" } ?? "" : "")
        }
    }
}
