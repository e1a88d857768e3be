import Diagnostics
import Files
import SystemPackage

/// A change of a project's mix.exs that is proposed: it can be shown first, and written on a yes.
package struct MixFileEdit: Sendable, Hashable {
    package let path: FilePath
    /// The change as a unified diff.
    package let difference: String
    private let before: [UInt8]
    private let after: [UInt8]

    /// Proposes a `releases:` entry for an umbrella that has none.
    /// - Throws: `Failure` when the file cannot be read, has releases, or is written in a way that cannot be edited; the
    ///   advice then has the entry to paste.
    package init(addingReleaseTo project: MixProject, in folder: FilePath) throws(Failure) {
        path = folder.appending("mix.exs")
        before = try Self.bytes(path)
        let snippet = ReleaseSnippet(project)
        guard MixFile(before).project["releases"] == nil else {
            throw Failure(.cannotPlan, "mix.exs already has releases", at: Place("mix.exs"))
        }
        guard let edited = ReleaseInsertion(before).adding(snippet),
            MixFile(edited).project["releases"]?.pairs.map(\.key) == [snippet.name]
        else {
            throw Failure(
                .cannotPlan, "mixpack cannot edit a mix.exs that is written in this way", at: Place("mix.exs"),
                advice: "add to project in mix.exs:\n\n" + snippet.text)
        }
        after = edited
        difference = LineDifference(
            before: String(decoding: before, as: UTF8.self), after: String(decoding: edited, as: UTF8.self)
        ).text(file: "mix.exs")
    }

    /// Writes the change, if the file is still what the change was made for.
    /// - Throws: `Failure` when it is not, or cannot be written.
    package func write() throws(Failure) {
        guard try Self.bytes(path) == before else {
            throw Failure(
                .cannotPlan, "mix.exs has changed in the meantime, so nothing was written", at: Place("mix.exs"))
        }
        // In place: the file keeps its owner, its mode, and the links that lead to it.
        do {
            let file = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec])
            try file.closeAfter {
                _ = try file.writeAll(after)
                try file.resize(to: Int64(after.count))
            }
        } catch {
            throw Failure(.cannotPlan, "cannot write \(path): \(error)", at: Place("mix.exs"))
        }
    }

    private static func bytes(_ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            return try ProjectFile.bytes(path)
        } catch {
            throw Failure(.cannotPlan, "cannot read \(path): \(error)", at: Place("mix.exs"))
        }
    }
}

/// Puts a `releases:` entry at the end of the list that `project` of a mix.exs returns.
struct ReleaseInsertion {
    private let bytes: [UInt8]
    private let tokens: [ElixirToken]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokens = ElixirTokenizer.tokens(of: bytes)
    }

    /// The file with the entry in it; `nil` where `project` does not simply return one list.
    func adding(_ snippet: ReleaseSnippet) -> [UInt8]? {
        guard let open = listStart, let close = matchingClose(of: open) else { return nil }
        let inside = tokens[(open + 1)..<close].filter { $0.kind != .newline }
        guard let last = inside.last, let first = inside.first else { return nil }
        let isOnOneLine = tokens[open].line == tokens[close].line
        let entry = isOnOneLine ? snippet.line : indented(snippet.text, as: first)
        let comma = last.kind == .comma ? "" : ","
        let gap = isOnOneLine ? " " : "\n"
        // The comma goes right behind the last value, in front of a comment that may follow it.
        let end = last.range.upperBound
        let lineEnd = isOnOneLine ? end : bytes[end...].firstIndex(of: UInt8(ascii: "\n")) ?? end
        return Array(bytes[..<end]) + Array(comma.utf8) + Array(bytes[end..<lineEnd]) + Array((gap + entry).utf8)
            + Array(bytes[lineEnd...])
    }

    /// The `[` that follows `def project do` or `def project, do:`.
    private var listStart: Int? {
        for index in tokens.indices.dropLast(2)
        where tokens[index].kind == .identifier("def") && tokens[index + 1].kind == .identifier("project") {
            var place = index + 2
            let passed: [ElixirToken.Kind] = [
                .open(.round), .close(.round), .comma, .key("do"), .identifier("do"), .newline,
            ]
            while place < tokens.count, passed.contains(tokens[place].kind) { place += 1 }
            guard place < tokens.count, tokens[place].kind == .open(.square) else { return nil }
            return place
        }
        return nil
    }

    private func matchingClose(of open: Int) -> Int? {
        var depth = 0
        for index in open..<tokens.count {
            switch tokens[index].kind {
            case .open: depth += 1
            case .close:
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }

    /// The lines with the indentation of the list's first element.
    private func indented(_ text: String, as first: ElixirToken) -> String {
        let lineStart = bytes[..<first.range.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let blanks = bytes[lineStart...].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let indentation = String(decoding: blanks, as: UTF8.self)
        return text.split(separator: "\n").map { indentation + $0 }.joined(separator: "\n")
    }
}

/// The lines by which two texts differ, as a unified diff of one piece.
struct LineDifference {
    private let old: [Substring]
    private let new: [Substring]
    private static let context = 3

    init(before: String, after: String) {
        old = before.split(separator: "\n", omittingEmptySubsequences: false)
        new = after.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The diff; empty where the texts are the same.
    func text(file: String) -> String {
        guard old != new else { return "" }
        let same = zip(old, new).prefix { $0 == $1 }.count
        let most = min(old.count, new.count) - same
        let sameEnd = min(most, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
        let start = max(0, same - Self.context)
        let removed = old[same..<(old.count - sameEnd)]
        let added = new[same..<(new.count - sameEnd)]
        let after = old[(old.count - sameEnd)...].prefix(Self.context)
        let (oldCount, newCount) = (
            same - start + removed.count + after.count, same - start + added.count + after.count
        )
        let head = ["--- \(file)", "+++ \(file)", "@@ -\(start + 1),\(oldCount) +\(start + 1),\(newCount) @@"]
        let body =
            old[start..<same].map { " \($0)" } + removed.map { "-\($0)" } + added.map { "+\($0)" }
            + after.map { " \($0)" }
        return (head + body).joined(separator: "\n")
    }
}
