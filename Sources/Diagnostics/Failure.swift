import Glibc

/// Why something could not be done: what failed, where, and what to try.
///
/// The one error type of all modules. Only the code decides what the program does about it; the texts are for people.
package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    package var code: Code
    /// What failed, naming the thing, in one lower-case line.
    package var message: String
    /// The file at fault, and the place in it.
    package var place: Place?
    /// What to try; may have several lines, such as a snippet to paste.
    package var advice: String?
    /// What the user can choose from to settle it, such as releases; `Code` says what for each.
    package var choices: [String]
    // An array, because a value cannot hold itself; it holds one at most.
    private var causes: [Failure] = []

    package init(
        _ code: Code, _ message: String, at place: Place? = nil, advice: String? = nil, choices: [String] = []
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.advice = advice
        self.choices = choices
    }

    /// Any error as a failure; errors that are none yet become one with this code.
    package init(_ error: any Error, or code: Code) {
        self = error as? Failure ?? Failure(code, "\(error)")
    }

    /// The failure beneath this one, where it was met on the way to something else.
    package var cause: Failure? { causes.first }

    /// This failure with another code: the same words, but the program does something else about it.
    package func coded(_ code: Code) -> Failure {
        var failure = self
        failure.code = code
        return failure
    }

    /// This failure as the cause of another: `WHAT: MESSAGE`, with its place, advice and choices.
    package func failing(_ what: String, as code: Code? = nil) -> Failure {
        var failure = self
        failure.code = code ?? self.code
        failure.message = "\(what): \(message)"
        failure.causes = [self]
        return failure
    }

    /// The place, the message and the advice; advice of several lines begins a line of its own.
    package var description: String {
        let text = (place.map { "\($0): " } ?? "") + message
        return advice.map { text + ($0.contains("\n") || place != nil ? "\n" : "; ") + $0 } ?? text
    }
}

extension Failure: Encodable {
    private enum CodingKeys: String, CodingKey { case kind, message, file, line, advice, choices }

    /// Writes it as `mixpack detect --json` prints it; the cause is left out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code.rawValue, forKey: .kind)
        try container.encode(message, forKey: .message)
        try container.encodeIfPresent(place?.file, forKey: .file)
        try container.encodeIfPresent(place?.line, forKey: .line)
        try container.encodeIfPresent(advice, forKey: .advice)
        try container.encode(choices, forKey: .choices)
    }
}

/// A place in a file of the user's.
package struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The file: relative to the project's folder, or as the user named it.
    package var file: String
    /// The line, from 1.
    package var line: Int?
    /// The column, from 1.
    package var column: Int?

    package init(_ file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Creates a place in a file, where one is known.
    package init?(_ file: String?, line: Int? = nil) {
        guard let file else { return nil }
        self.init(file, line: line)
    }

    /// `FILE:LINE:COLUMN`, as far as it is known.
    package var description: String { file + [line, column].compactMap { $0.map { ":\($0)" } }.joined() }
}

extension Failure {
    /// The failure that `errno` names, with the usual cure: `WHAT: REASON`.
    package static func system(_ code: Code, _ what: String, errno number: Int32 = errno) -> Failure {
        Failure(code, "\(what): \(String(cString: strerror(number)))", advice: advice(for: number))
    }

    private static func advice(for number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "free some space"
        case EACCES, EPERM: "check its permissions"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        default: nil
        }
    }
}
