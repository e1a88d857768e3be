import Diagnostics
import Files
import SystemPackage

/// Where a project asks, while it is compiled, which processor it is on: the answer is this machine's in every image.
///
/// In mix.exs and in configuration every question counts. In modules those in attributes do: what functions ask, they ask when
/// the release runs.
package enum ArchitectureQuestions {
    /// A warning for each, by file and line.
    package static func warnings(in project: FilePath) -> [Diagnostic] {
        let files = ProjectTree(root: project).sourceFiles()
        return (files.toScan + files.candidates).filter(isOfCompilation).sorted().flatMap { path -> [Diagnostic] in
            guard let bytes = try? ProjectFile.bytes(project.appending(path)), TelltaleWords.isAny(of: words, in: bytes)
            else { return [] }
            return questions(in: bytes, onlyAttributes: path.hasSuffix(".ex")).map { line, word in
                Diagnostic(
                    .warning, "this asks for the processor, and gets that of this machine: \(word)", file: path,
                    line: line,
                    advice:
                        "ask when the release starts, as in config/runtime.exs, or build on a machine of each processor"
                )
            }
        }
    }

    private static let words = ["system_architecture", "uname", "TARGET_ARCH", "RUSTLER_TARGET"]

    /// Attributes that only say something.
    private static let typesAndTexts: Set = [
        "spec", "type", "typep", "opaque", "callback", "macrocallback", "doc", "moduledoc", "typedoc",
    ]

    /// What is read when the release starts sees the right processor.
    private static func isOfCompilation(_ path: String) -> Bool {
        !path.hasSuffix("config/runtime.exs") && !path.contains("config/runtime/")
    }

    private static func questions(in bytes: [UInt8], onlyAttributes: Bool) -> [(line: Int, word: String)] {
        var found: [(line: Int, word: String)] = []
        var attribute: Int?
        var isStart = true
        for token in ElixirTokenizer.tokens(of: bytes) {
            if case .newline = token.kind {
                isStart = true
                continue
            }
            if isStart, case .attribute(let name) = token.kind, !typesAndTexts.contains(name) { attribute = token.line }
            isStart = false
            guard let word = word(of: token), !onlyAttributes || attribute == token.line else { continue }
            if found.last?.line != token.line { found.append((token.line, word)) }
        }
        return found
    }

    private static func word(of token: ElixirToken) -> String? {
        switch token.kind {
        case .atom(let text): text == words[0] ? ":" + text : nil
        case .string(let text): words.dropFirst().contains(text) ? "\"\(text)\"" : nil
        case .key, .opaque, .words, .integer, .number, .identifier, .module, .attribute, .open, .close, .comma,
            .newline, .symbol:
            nil
        }
    }
}
