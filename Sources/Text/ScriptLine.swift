/// The first line of a script, which says what runs it: `#!/bin/sh -e`.
package struct ScriptLine: Sendable, Hashable {
    /// The program, as the line has it.
    package let interpreter: String
    /// The rest of the line: the kernel gives it to the program as one argument.
    package let argument: String
    /// Whether the line ends as on Windows, so that the kernel looks for a program with that character in its name.
    package let endsWithReturn: Bool

    /// Reads the first bytes of a file; `nil` for anything but a script.
    package init?(_ bytes: some Sequence<UInt8>) {
        let line = Array(bytes.prefix(4096).prefix { $0 != UInt8(ascii: "\n") })
        guard line.starts(with: Array("#!".utf8)) else { return nil }
        endsWithReturn = line.last == UInt8(ascii: "\r")
        let text = line.dropFirst(2).dropLast(endsWithReturn ? 1 : 0)
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let words = text.split(maxSplits: 1, omittingEmptySubsequences: true, whereSeparator: isSpace)
        interpreter = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        argument = words.dropFirst().first.map { String(decoding: $0.drop(while: isSpace), as: UTF8.self) } ?? ""
    }

    /// The program that `env` looks for on `PATH`; `nil` if the line names its program by path.
    package var searchedProgram: String? {
        guard interpreter.hasSuffix("/env") else { return nil }
        return argument.split(separator: " ").map(String.init).first { !$0.hasPrefix("-") && !$0.contains("=") }
    }
}
