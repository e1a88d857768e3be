/// What a container printed while the console looked, bounded in lines and bytes.
///
/// Nothing but text comes from a container, so its levels are read from the lines, as Elixir's Logger writes them.
struct ContainerLog: Sendable {
    private(set) var lines = LogStore(maximumLines: 50_000, maximumBytes: 16 << 20)
    /// The kind of the last line that said one, for the lines that go on with it.
    private var kind = LogLine.Kind.output
    /// When the first line came, in seconds since 1970.
    private var start: Double?
    /// When the last line came.
    private var last = 0.0

    /// Appends output.
    mutating func append(_ text: String, at time: Double) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        {
            kind = Self.kind(of: line, after: kind)
            add(line + "\n", kind, time)
        }
    }

    /// Appends a line of mixpack's own.
    mutating func note(_ text: String, _ kind: LogLine.Kind) {
        self.kind = .output
        lines.append(text + "\n", kind: kind, time: last)
    }

    private mutating func add(_ text: some StringProtocol, _ kind: LogLine.Kind, _ time: Double) {
        let start = self.start ?? time
        self.start = start
        last = max(0, time - start)
        lines.append(String(text), kind: kind, time: last)
    }

    /// A line with a level has that one's; an indented line or the head of an exception goes on with the one before.
    static func kind(of line: Substring, after before: LogLine.Kind) -> LogLine.Kind {
        for (level, kind) in levels where line.prefix(80).contains(level) { return kind }
        if line.hasPrefix("** (") { return .error }
        return line.first?.isWhitespace == true || line.hasPrefix("(") ? before : .output
    }

    private static let levels: [(String, LogLine.Kind)] = [
        ("[debug]", .output), ("[info]", .output), ("[notice]", .notice), ("[warning]", .warning), ("[warn]", .warning),
        ("[error]", .error), ("[critical]", .error), ("[alert]", .error), ("[emergency]", .error),
    ]

    /// What the container said of its failure: the last exception among its last lines, or the last line.
    var lastWords: String? {
        var error: String?
        var last: String?
        lines.forEachLine(in: (lines.endLine - 200)..<lines.endLine) { line in
            let text = line.text
            guard !line.kind.isHeading, text.contains(where: { !$0.isWhitespace }) else { return true }
            last = text
            if let start = text.firstRange(of: "** (")?.lowerBound { error = String(text[start...]) }
            return true
        }
        return error ?? last
    }
}
