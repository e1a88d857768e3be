import Diagnostics
import Digests
import Files
import Glibc
import SystemPackage

/// The files of a repository that say what is checked out: HEAD, branches and tags.
///
/// They are for code that reads `.git/HEAD` and the like. Nothing else of a repository is shown to a project's code.
package struct RepositoryFiles: Sendable {
    private let files: [String: [UInt8]]

    private static let most = 20_000

    /// - Parameter git: the repository; without one there are no files.
    package init(_ git: GitFolder?) {
        var files: [String: [UInt8]] = [:]
        if let git {
            if let head = Self.reference(git.own.appending("HEAD")) { files["HEAD"] = head }
            for kind in ["refs/heads", "refs/tags"] { Self.add(kind, of: git.common, depth: 12, to: &files) }
            if let packed = Self.packed(git.common.appending("packed-refs")) { files["packed-refs"] = packed }
        }
        self.files = files
    }

    package var isEmpty: Bool { files.isEmpty }

    /// A digest of all, in hexadecimal.
    package var digest: String {
        let lines = files.sorted { $0.key < $1.key }.map { Array("\($0.key) \($0.value.count)\n".utf8) + $0.value }
        return (try? MessageDigest.hex(of: lines.flatMap(\.self))) ?? ""
    }

    /// Makes a folder hold these files and nothing else; a file that is the same stays untouched, since mix looks at times.
    /// - Parameter root: the folder in which other code may have made links.
    package func write(to folder: FilePath, below root: FilePath) throws(Failure) {
        try folder.removeLinks(below: root)
        guard !isEmpty else { return try folder.remove() }
        if Self.paths(in: folder) != Set(files.keys) { try folder.remove() }
        try folder.makeFolders(mode: 0o755)
        for (path, bytes) in files {
            let file = folder.pushing(FilePath(path))
            if (try? file.bytes(limit: bytes.count)) == bytes { continue }
            try file.removingLastComponent().makeFolders(mode: 0o755)
            try file.replace(with: bytes)
        }
    }

    /// The files in a folder; `nil` if anything else is there.
    private static func paths(in folder: FilePath, depth: Int = 14) -> Set<String>? {
        guard depth > 0, folder.kind == .folder else { return nil }
        var paths: Set<String> = []
        for name in folder.names {
            switch folder.appending(name).kind {
            case .file: paths.insert(name)
            case .folder:
                guard let inner = Self.paths(in: folder.appending(name), depth: depth - 1), !inner.isEmpty else {
                    return nil
                }
                paths.formUnion(inner.map { "\(name)/\($0)" })
            case .link, .other, .missing: return nil
            }
        }
        return paths
    }

    private static func add(_ path: String, of folder: FilePath, depth: Int, to files: inout [String: [UInt8]]) {
        let place = folder.pushing(FilePath(path))
        switch place.kind {
        case .folder:
            guard depth > 0 else { return }
            for name in place.names where files.count < most {
                add("\(path)/\(name)", of: folder, depth: depth - 1, to: &files)
            }
        case .file: files[path] = reference(place)
        case .link, .other, .missing: return
        }
    }

    /// A file with a commit or the name of a reference.
    private static func reference(_ file: FilePath) -> [UInt8]? {
        guard file.kind == .file, let bytes = try? file.bytes(limit: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.wholeMatch(of: /(ref: refs\/[^\n]*|[0-9a-f]{40}|[0-9a-f]{64})\n?/) == nil ? nil : bytes
    }

    /// The packed branches and tags.
    private static func packed(_ file: FilePath) -> [UInt8]? {
        guard file.kind == .file, let bytes = try? file.bytes(limit: 32 << 20) else { return nil }
        var isKept = true
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { line in
            // A line with ^ belongs to the one above.
            if !line.hasPrefix("^") {
                isKept = line.hasPrefix("#") || line.contains(" refs/heads/") || line.contains(" refs/tags/")
            }
            return isKept
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}
