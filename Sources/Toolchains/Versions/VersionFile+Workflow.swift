/// What a workflow of GitHub asks `erlef/setup-beam` for.
///
/// Only that action's own inputs are read, by lines: no YAML that is not theirs has to be understood.
extension VersionFile {
    static let workflows = ".github/workflows/"

    /// `otp-version` and `elixir-version`; a matrix or a range that leaves several open is not taken.
    static func workflow(_ text: String) -> [Entry] {
        let lines = lines(text)
        let entries = inputs(lines).flatMap { input -> [Entry] in
            guard let tool = tools[input.name] else { return [] }
            let values = values(of: input.value, lines)
            let versions = values.compactMap(version)
            let isUnclear = versions.count != values.count || Set(versions).count > 1
            guard !values.isEmpty else { return [] }
            return [Entry(tool: tool, versions: isUnclear ? values : versions, line: input.line, isUnclear: isUnclear)]
        }
        return single(entries)
    }

    /// The files that `version-file` names: as .tool-versions is written.
    static func versionFiles(_ text: String) -> [String] {
        inputs(lines(text)).filter { $0.name == "version-file" }.map(\.value)
            .filter { !$0.hasPrefix("/") && !$0.contains("..") && !$0.contains("$") && !$0.isEmpty }
    }

    private typealias Line = (number: Int, text: Substring)
    private static let tools = ["elixir-version": "elixir", "otp-version": "erlang"]

    /// The inputs of each step that uses the action.
    private static func inputs(_ lines: [Line]) -> [(name: String, value: String, line: Int)] {
        var found: [(name: String, value: String, line: Int)] = []
        for (index, line) in lines.enumerated()
        where line.text.contains(/^\s*(?:-\s+)?uses:\s*["']?erlef\/setup-(?:beam|elixir)@/) {
            let indent = keyIndent(line.text)
            // The step's other keys may come before and after.
            let before = lines[..<index].reversed().prefix { isOfStep($0.text, indent) }
            let start =
                lines[..<index].dropLast(before.count).last.map { startsStep($0.text, indent) ? [$0] : [] } ?? []
            let isFirst = startsStep(line.text, indent)
            let after = lines[(index + 1)...].prefix { isOfStep($0.text, indent) }
            for part in (isFirst ? [] : start + before.reversed()) + after {
                let text = part.text.drop { $0 == " " || $0 == "-" }
                guard let match = text.wholeMatch(of: /(otp-version|elixir-version|version-file):\s*(.*)/) else {
                    continue
                }
                found.append((String(match.1), scalar(match.2), part.number))
            }
        }
        return found
    }

    /// The column of a line's key.
    private static func keyIndent(_ line: Substring) -> Int {
        line.prefix { $0 == " " || $0 == "-" }.count
    }

    /// Whether a line belongs to the step whose keys are in this column.
    private static func isOfStep(_ line: Substring, _ indent: Int) -> Bool {
        let text = line.drop { $0 == " " }
        if text.isEmpty || text.hasPrefix("#") { return true }
        return line.prefix { $0 == " " }.count >= indent
    }

    private static func startsStep(_ line: Substring, _ indent: Int) -> Bool {
        line.drop { $0 == " " }.hasPrefix("- ") && keyIndent(line) == indent
    }

    /// A value without quotes and comment.
    private static func scalar(_ text: Substring) -> String {
        let text = text.drop { $0 == " " }
        if let quote = text.first, quote == "\"" || quote == "'" {
            return String(text.dropFirst().prefix { $0 != quote })
        }
        let bare = text.firstRange(of: " #").map { text[..<$0.lowerBound] } ?? text
        return String(bare.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// The values that an input can have: itself, or those of `env` or of the matrix.
    private static func values(of input: String, _ lines: [Line]) -> [String] {
        guard let match = input.wholeMatch(of: /\$\{\{\s*(?:env|matrix)\.([A-Za-z0-9_.-]+)\s*\}\}/) else {
            return input.isEmpty || input == "false" ? [] : [input]
        }
        guard let key = match.1.split(separator: ".").last.map(String.init) else { return [input] }
        var found: [String] = []
        for (index, line) in lines.enumerated() {
            // `- {otp: 27, elixir: 1.18}` has several keys in a line.
            for part in line.text.split(whereSeparator: { "{}".contains($0) }) {
                for value in assigned(key, in: part) { found.append(value) }
            }
            let text = line.text.drop { $0 == " " || $0 == "-" }
            if text.hasPrefix(key + ":"), scalar(text.dropFirst(key.count + 1)).isEmpty {
                let items = lines[(index + 1)...].prefix { $0.text.drop { $0 == " " }.hasPrefix("- ") }
                found += items.map { scalar($0.text.drop { $0 == " " || $0 == "-" }) }
            }
        }
        let values = found.filter { !$0.isEmpty && !$0.contains("${{") }
        let unique = values.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return unique.isEmpty ? [input] : unique
    }

    /// `key: value` and `key: [one, two]`, alone or among others in a line.
    private static func assigned(_ key: String, in text: Substring) -> [String] {
        let bare = text.drop { " -".contains($0) }
        if bare.hasPrefix(key + ":") {
            let value = bare.dropFirst(key.count + 1).drop { $0 == " " }
            if value.hasPrefix("[") {
                return value.dropFirst().prefix { $0 != "]" }.split(separator: ",").map { scalar($0) }
            }
            return [scalar(value.prefix { $0 != "," })]
        }
        return text.split(separator: ",").dropFirst().compactMap { part in
            let part = part.drop { $0 == " " }
            return part.hasPrefix(key + ":") ? scalar(part.dropFirst(key.count + 1)) : nil
        }
    }

    /// A version, whole or its beginning; `nil` for a range.
    private static func version(_ text: String) -> String? {
        let word = text.hasSuffix(".x") ? String(text.dropLast(2)) : text
        return word.contains(/^(?:v|OTP-)?[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z.-]+)?$/) ? word : nil
    }
}
