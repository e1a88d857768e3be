import Diagnostics

/// What an extension's `run.Dockerfile` does to the run image
/// ([Image extension specification](https://github.com/buildpacks/spec/blob/main/image_extension.md#rundockerfile)).
struct RunDockerfile: Hashable, Sendable {
    /// The image that its one FROM names; `nil` goes on from the run image that there is.
    var base: String?
    /// Its first instruction that changes the image.
    var change: String?

    /// Reads the file.
    /// - Throws: `Failure` of code `generateFailed` for no FROM, more than one, and variables that nothing sets.
    init(_ text: String) throws(Failure) {
        var values: [String: String] = [:]
        var hasBase = false
        for (line, words) in Self.instructions(text) {
            switch words.first?.uppercased() ?? "" {
            case "ARG" where !hasBase:
                for word in words.dropFirst() {
                    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                    // Without a value it stays what the platform sets.
                    if parts.count == 2 { values[parts[0]] = Self.unquoted(parts[1]) }
                }
            case "FROM":
                guard !hasBase else { throw Self.failure("has a second FROM", line) }
                hasBase = true
                guard let name = words.dropFirst().first(where: { !$0.hasPrefix("--") }) else {
                    throw Self.failure("has a FROM without an image", line)
                }
                base = try Self.base(Self.unquoted(name), values, line)
            case let instruction:
                guard hasBase else { throw Self.failure("has \(instruction) before FROM", line) }
                if change == nil { change = instruction }
            }
        }
        guard hasBase else { throw Self.failure("has no FROM", nil) }
    }

    /// The image of a FROM, its variables replaced.
    private static func base(_ name: String, _ values: [String: String], _ line: Int) throws(Failure) -> String? {
        guard !["$base_image", "${base_image}"].contains(name) else { return nil }
        var (result, rest) = ("", name[...])
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let variable = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest.dropFirst(variable.count)
            guard !isBraced || rest.first == "}", let value = values[String(variable)] else {
                throw failure("names the image \(name), and no ARG says what that is", line)
            }
            if isBraced { rest = rest.dropFirst() }
            result += value
        }
        return result + rest
    }

    /// The words of each instruction, lines that go on joined, comments left out.
    private static func instructions(_ text: String) -> [(line: Int, words: [String])] {
        var result: [(line: Int, words: [String])] = []
        var (joined, start) = ([String](), 0)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if joined.isEmpty { start = index + 1 }
            let goesOn = words.last?.hasSuffix("\\") == true
            if goesOn { words.append(String(words.removeLast().dropLast())) }
            joined += words.filter { !$0.isEmpty }
            if goesOn { continue }
            result.append((start, joined))
            joined = []
        }
        return joined.isEmpty ? result : result + [(start, joined)]
    }

    private static func unquoted(_ text: String) -> String { text.filter { $0 != "\"" && $0 != "'" } }

    private static func failure(_ problem: String, _ line: Int?) -> Failure {
        Failure(.generateFailed, "run.Dockerfile \(problem)" + (line.map { " (line \($0))" } ?? ""))
    }
}
