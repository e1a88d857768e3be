import Diagnostics
import Files
import SystemPackage

/// What the user should know about calls of git that were not answered.
package struct GitFindings {
    /// The project's folder.
    let root: FilePath

    private static let folders = ["lib", "config", "rel", "apps", "web", "mix"]
    private static let most = 5000

    package init(root: FilePath) { self.root = root }

    /// A warning for each refused call, at the place in the project's code where it can be known.
    /// - Parameter asked: the questions of now. Of those that were asked before, only what the code still has counts; `nil`
    ///   takes all for questions of now.
    package func diagnostics(_ record: GitRecord, asked: Set<GitQuestion>? = nil) -> [Diagnostic] {
        let refused = record.entries.filter { $0.refusal != nil }
        guard !refused.isEmpty else { return [] }
        let files = sources()
        return refused.compactMap { entry in
            let place = place(of: entry.question.arguments, files)
            if place == nil, asked?.contains(entry.question) == false { return nil }
            let words = (["git"] + entry.question.arguments.prefix(6)).joined(separator: " ")
            return Diagnostic(
                .warning, "\(words) was refused: \(entry.refusal ?? "")", file: place?.file, line: place?.line,
                advice: "run it before the build and give the result as a variable, such as -e GIT_SHA=…")
        }
    }

    /// Whether the project's code may read git's own files, such as `.git/HEAD`.
    package var namesFiles: Bool {
        sources().contains { file in
            guard let text = root.pushing(FilePath(file)).text else { return false }
            return text.contains(".git/") || text.contains("\".git\"")
        }
    }

    /// The first line that speaks of git and of the command.
    private func place(of arguments: [String], _ files: [String]) -> (file: String, line: Int)? {
        let words = arguments.filter { !$0.hasPrefix("-") }.prefix(1) + arguments.prefix(1)
        for file in files {
            let bytes = (try? root.pushing(FilePath(file)).bytes(limit: 1 << 20)) ?? []
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                guard line.firstMatch(of: /\bgit\b/) != nil else { continue }
                // The words may be on the next lines.
                let near = lines[index...].prefix(3).joined(separator: " ")
                if words.contains(where: { near.contains($0) }) { return (file, index + 1) }
            }
        }
        return nil
    }

    private func sources() -> [String] {
        var found = ["mix.exs"]
        for folder in Self.folders { add(folder, depth: 10, to: &found) }
        return found
    }

    private func add(_ path: String, depth: Int, to found: inout [String]) {
        let place = root.pushing(FilePath(path))
        switch place.kind {
        case .folder:
            guard depth > 0 else { return }
            for name in place.names where !["_build", "deps", "node_modules", ".git"].contains(name) {
                add("\(path)/\(name)", depth: depth - 1, to: &found)
            }
        case .file:
            let isSource = [".ex", ".exs", ".eex", ".sh"].contains { path.hasSuffix($0) }
            if isSource, found.count < Self.most { found.append(path) }
        case .link, .other, .missing: return
        }
    }
}
