import Diagnostics
import Text

/// How large the sources are that a build copies, to name what nobody meant to copy.
package struct SourceSize {
    /// More than a project of code and its assets has.
    package static let expected: Int64 = 1 << 30

    private var bytes: Int64 = 0
    private var files = 0
    /// The largest files, the largest first.
    private var largest: [(path: String, size: Int64)] = []

    package init(of entries: [SourceEntry]) {
        for entry in entries where entry.kind == .file {
            bytes += entry.stamp.size
            files += 1
            add(entry.path, entry.stamp.size)
        }
    }

    private mutating func add(_ path: String, _ size: Int64) {
        guard largest.count < 3 || size > (largest.last?.size ?? 0) else { return }
        largest.insert((path, size), at: largest.firstIndex { $0.size < size } ?? largest.count)
        if largest.count > 3 { largest.removeLast() }
    }

    /// What to say where there is more than a project has; `nil` otherwise.
    package var warning: Diagnostic? {
        guard bytes > Self.expected else { return nil }
        let text = "the build copies \(Amount.bytes(bytes)) in \(Amount.count(files, "file"))"
        // What makes no difference is not proposed: it may be mix.exs.
        let large = largest.filter { $0.size * 20 >= bytes }
        guard !large.isEmpty else {
            return Diagnostic(
                .warning, text, advice: "leave out what it does not need by project.toml, in [io.buildpacks]: exclude")
        }
        let names = large.map { "\($0.path.shownFileName) (\(Amount.bytes($0.size)))" }
        let paths = large.map { "\"\($0.path.shownFileName)\"" }.joined(separator: ", ")
        return Diagnostic(
            .warning, "\(text); the largest: \(names.joined(separator: ", "))",
            advice: "leave out what it does not need by project.toml, in [io.buildpacks]: exclude = [\(paths)]")
    }
}
