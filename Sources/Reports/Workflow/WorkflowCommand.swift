/// A line that the runner of GitHub Actions obeys: `::error file=mix.exs,line=3::text`.
///
/// Source: GitHub's documentation, "Workflow commands for GitHub Actions".
struct WorkflowCommand {
    let name: String
    var properties: [(name: String, value: String)] = []
    var message = ""

    /// The line; whatever a value holds stays a value.
    var line: String {
        let list = properties.map { "\($0.name)=\(Self.escaped($0.value, ":,"))" }.joined(separator: ",")
        return "::\(name)\(list.isEmpty ? "" : " " + list)::\(Self.escaped(message))\n"
    }

    private static func escaped(_ value: String, _ more: String = "") -> String {
        let special = Set(("%\r\n" + more).unicodeScalars)
        return value.unicodeScalars.reduce(into: "") { text, scalar in
            guard special.contains(scalar) else { return text.unicodeScalars.append(scalar) }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            text += "%" + (digits.count < 2 ? "0" : "") + digits
        }
    }
}

/// Text that the runner of GitHub Actions only shows, whatever a project printed into it.
///
/// The runner obeys no line after `::stop-commands::TOKEN` until it sees `::TOKEN::`, and nobody else knows the token.
package struct WorkflowFence: Sendable {
    private let token: String

    /// Creates the fence.
    /// - Parameter token: what nobody can guess; by default random.
    package init(token: String = Self.randomToken()) { self.token = token }

    /// What begins the text.
    var start: String { WorkflowCommand(name: "stop-commands", message: token).line }
    /// What ends it.
    var end: String { WorkflowCommand(name: token).line }

    /// Commands of our own within the text.
    func opened(for commands: [WorkflowCommand]) -> String {
        end + commands.map(\.line).joined() + start
    }

    /// An error that ends the program before a build: the text, and the annotation for it.
    package func failure(_ text: String, at file: String?, line: Int?) -> String {
        start + text + (text.hasSuffix("\n") ? "" : "\n") + end
            + WorkflowCommand.annotation("error", text, file: file, line: line).line
    }

    /// 128 random bits.
    package static func randomToken() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
    }
}

extension WorkflowCommand {
    /// An annotation: a problem that GitHub shows at its line.
    static func annotation(_ name: String, _ text: String, file: String?, line: Int?) -> WorkflowCommand {
        var properties: [(name: String, value: String)] = []
        if let file { properties.append(("file", file)) }
        if let line { properties.append(("line", String(line))) }
        return WorkflowCommand(name: name, properties: properties, message: text)
    }
}
