import TerminalUI

extension LogLine {
    /// The line as it is drawn: its own colours over the role of what wrote it.
    var styled: StyledLine {
        let text = String(decoding: bytes, as: UTF8.self)
        var parser = OutputParser()
        return parser.parse(text, role: role)
    }

    private var role: Role {
        switch kind {
        case .output, .errorOutput: .log
        case .notice, .buildpack: .logSource
        case .phase, .command: .logHeading
        case .warning: .logWarning
        case .error: .logError
        }
    }
}
