import BuildpackAPI
import Diagnostics
import Files
import Glibc
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

/// Output with the buildpack's name before each line.
///
/// Works on bytes: a build may print hundreds of thousands of lines a second.
enum PrefixedLines {
    /// - Parameter name: the name of the buildpack that wrote it.
    static func bytes(of output: Output, by name: String?, keepsBytes: Bool) -> [UInt8] {
        let prefix = Array((name.map { "[\($0)] " } ?? "").utf8)
        var text = output.text
        return text.withUTF8 { bytes in prefixed(bytes, with: prefix, keepsBytes) }
    }

    private static func prefixed(
        _ bytes: UnsafeBufferPointer<UInt8>, with prefix: [UInt8], _ keepsBytes: Bool
    ) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var result: [UInt8] = []
        guard let base = bytes.baseAddress else { return result }
        result.reserveCapacity(bytes.count + bytes.count / 2 + prefix.count + 1)
        var start = 0
        while start < bytes.count {
            // memchr looks at many bytes at a time.
            let found = memchr(base + start, Int32(newline), bytes.count - start)
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
            let line = UnsafeBufferPointer(start: base + start, count: end - start)
            let kept = keepsBytes ? line[...] : overwritten(line)
            result.append(contentsOf: kept.isEmpty ? prefix.dropLast() : prefix[...])
            result.append(contentsOf: kept)
            result.append(newline)
            start = end + 1
        }
        return result
    }

    /// What is left of a line in which carriage returns go back to its beginning.
    private static func overwritten(_ line: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        guard let base = line.baseAddress, memchr(base, 0x0D, line.count) != nil else { return line[...] }
        var end = line.endIndex
        while end > line.startIndex, line[end - 1] == 0x0D { end -= 1 }
        let start = line[..<end].lastIndex(of: 0x0D).map { $0 + 1 }
        return line[(start ?? line.startIndex)..<end]
    }
}
