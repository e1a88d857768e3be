import BuildpackAPI
import Diagnostics
import Files
import Lifecycle

/// The lines that plain reports share.
enum PlainText {
    /// `warning: config/config.exs:3: text`, and the cure below it.
    static func lines(_ diagnostic: Diagnostic) -> String {
        let place = [diagnostic.file, diagnostic.line.map(String.init), diagnostic.column.map(String.init)]
            .prefix { $0 != nil }.compactMap { $0 }.joined(separator: ":")
        let head = "\(diagnostic.severity.rawValue): " + (place.isEmpty ? "" : place + ": ")
        return head + diagnostic.text + "\n" + indented(diagnostic.advice)
    }

    /// `error: build failed: message`, and what to try below it.
    static func lines(_ failure: BuildFailure) -> String {
        let phase = failure.phase.map { "\($0.rawValue): " } ?? ""
        let place = failure.file.map { file in file + (failure.line.map { ":\($0)" } ?? "") + ": " } ?? ""
        return "error: \(phase)\(place)\(failure.message)\n" + indented(choices(of: failure)) + indented(failure.advice)
    }

    private static func choices(of failure: BuildFailure) -> String? {
        guard !failure.choices.isEmpty else { return nil }
        let said = [failure.message, failure.advice ?? ""]
        if failure.advice != nil, said.contains(where: { failure.choices.allSatisfy($0.contains) }) { return nil }
        let flag = failure.choiceVariable.map {
            $0 == BuildVariable.release.rawValue ? "--release NAME" : "-e \($0)=NAME"
        }
        let start = flag.map { "choose with \($0): " } ?? "choose one of: "
        return start + failure.choices.joined(separator: ", ")
    }

    /// Each line of the text, moved in by two; nothing for no text.
    static func indented(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "" }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "\n" : "  \($0)\n" }
            .joined()
    }
}
