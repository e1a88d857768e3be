/// Which lines of the log are shown.
enum LogLevel: String, Sendable, CaseIterable {
    case all
    /// What was written to standard error, notices, warnings and errors; headings stay.
    case notices
    /// Warnings and errors; headings stay.
    case problems

    func shows(_ kind: LogLine.Kind) -> Bool {
        switch (self, kind) {
        case (.all, _), (_, .phase), (_, .command), (_, .warning), (_, .error): true
        case (.notices, .errorOutput), (.notices, .notice): true
        default: false
        }
    }

    var next: LogLevel {
        switch self {
        case .all: .notices
        case .notices: .problems
        case .problems: .all
        }
    }
}
