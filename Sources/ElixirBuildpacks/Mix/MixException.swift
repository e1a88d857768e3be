import Diagnostics

/// An exception as Elixir prints it: `** (KIND) MESSAGE`, and below it the calls that led there.
struct MixException: Equatable {
    /// The exception's name, such as `File.Error`; `Mix` is what Mix itself has to say.
    let kind: String
    /// Its own words, as lines.
    private var message: [String]
    /// Where the project's code comes into it.
    private(set) var place: Place?
    /// Whether the lines that follow may still belong to it.
    private(set) var isOpen = true
    private var hasFrames = false

    private static let longestMessage = 12
    private static let longestText = 400

    /// Reads a first line; `nil` if it is another kind of line.
    ///
    /// `** (EXIT) …` only says that a cause follows.
    init?(_ line: Substring) {
        let words = line.drop { $0 == " " }
        guard let match = words.firstMatch(of: /^\*\* \(([A-Z][A-Za-z0-9_.]*)\) ?(.*)$/),
            match.1 != "EXIT"
        else {
            return nil
        }
        kind = String(match.1)
        message = [String(match.2)]
        // `lib/broken.ex:2:7: syntax error before: '}'`, as errors of the compiler begin.
        let pattern = /^(?:[a-z ]+ found at |invalid syntax found on )?([^\s:]+\.[a-z]+):(\d+)(?::(\d+))?:\s*(.*)$/
        guard let found = match.2.firstMatch(of: pattern) else { return }
        place = Place(String(found.1), line: Int(found.2), column: found.3.flatMap { Int($0) })
        message = found.4.isEmpty ? [] : [String(found.4)]
        isOpen = false
    }

    /// Whether the compiler said it, of source that it cannot compile.
    var isOfCompiler: Bool {
        ["CompileError", "SyntaxError", "TokenMissingError", "MismatchedDelimiterError"].contains(kind)
    }

    /// What it says, in one line: its first paragraph, after the exception's name if that tells anything.
    var text: String {
        let paragraph = message.prefix { !$0.isEmpty }.joined(separator: " ")
        let words = paragraph.count > Self.longestText ? paragraph.prefix(Self.longestText) + "…" : paragraph[...]
        guard !words.isEmpty else { return kind }
        return kind == "Mix" || kind == "Mix.Error" || isOfCompiler ? String(words) : "\(kind): \(words)"
    }

    /// The exception as an error of the project.
    var diagnostic: Diagnostic {
        Diagnostic(.error, text, file: place?.file, line: place?.line, column: place?.column)
    }

    /// Takes the line that follows; it may end the exception.
    /// - Parameter path: gives a frame's file in the project; `nil` for code of others.
    mutating func take(_ line: Substring, path: (StackFrame) -> String?) {
        let words = line.drop { $0 == " " || $0 == "\t" }
        let isIndented = words.startIndex != line.startIndex
        if let frame = StackFrame(line) {
            hasFrames = true
            if place == nil { place = path(frame).map { Place($0, line: frame.line) } }
        } else if hasFrames, !isIndented {
            isOpen = false
        } else if !isIndented || kind == "Mix", message.count < Self.longestMessage {
            message.append(String(words))
        }
    }

    /// Names the file that the place is in as the project knows it, or that is being compiled.
    mutating func rename(_ file: String) {
        place = Place(file, line: place?.line, column: place?.column)
    }
}

/// A call on the stack of an exception: `    (hello 0.1.0) lib/hello.ex:15: Hello.hello/0`.
struct StackFrame: Equatable {
    /// The application whose code it is; `nil` for a script, and for code that is being compiled.
    let application: String?
    let file: String
    let line: Int

    /// Reads a line; `nil` if it is another kind of line.
    init?(_ line: Substring) {
        let pattern = /^ {4,}(?:\(([a-z][a-z0-9_]*)(?: [^)]*)?\) )?([^\s:()]+\.[a-z]+):(\d+)(?::\d+)?: \S.*$/
        guard let match = line.firstMatch(of: pattern), let number = Int(match.3) else { return nil }
        application = match.1.map(String.init)
        file = String(match.2)
        self.line = number
    }
}
