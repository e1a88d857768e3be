import Diagnostics
import Digests
import Files
import SystemPackage

/// The digest of a dependency's sources: names, kinds, what may be run, targets of links, and bytes.
///
/// What fetching leaves behind is no part of it: `.git`, and the file with the time of the fetch.
struct DependencyTree {
    private static let unread: Set<String> = [".git", ".fetch"]

    let folder: FilePath

    /// The digest, in hex digits.
    /// - Throws: `Failure` if something cannot be read.
    func digest() throws(Failure) -> String {
        var digest = try MessageDigest()
        try add(folder, named: "", to: &digest)
        return try digest.finish()
    }

    /// The stamps of everything below, as one text: while it stays the same, so does the digest.
    func stamps() throws(Failure) -> String {
        var digest = try MessageDigest()
        try addStamps(folder, named: "", to: &digest)
        return try digest.finish()
    }

    private func add(_ path: FilePath, named name: String, to digest: inout MessageDigest) throws(Failure) {
        guard let stamp = FileStamp(of: path) else { throw Failure(.notFound, "\(path) is missing") }
        switch stamp.kind {
        case .folder:
            try digest.update(Self.line("folder", name))
            for entry in path.names where !(name.isEmpty && Self.unread.contains(entry)) {
                try add(path.appending(entry), named: name.isEmpty ? entry : "\(name)/\(entry)", to: &digest)
            }
        case .link: try digest.update(Self.line("link", name, path.linkTarget ?? ""))
        case .file:
            let mayRun = stamp.permissions & 0o100 != 0
            let content = try MessageDigest.hex(ofFile: path)
            try digest.update(Self.line(mayRun ? "program" : "file", name, content))
        case .other, .missing: return
        }
    }

    private func addStamps(_ path: FilePath, named name: String, to digest: inout MessageDigest) throws(Failure) {
        guard let stamp = FileStamp(of: path) else { return }
        if stamp.kind != .folder { return try digest.update(Self.line(name, stamp.text)) }
        try digest.update(Self.line("folder", name))
        for entry in path.names where !(name.isEmpty && Self.unread.contains(entry)) {
            try addStamps(path.appending(entry), named: name.isEmpty ? entry : "\(name)/\(entry)", to: &digest)
        }
    }

    /// Words that no other words make the same line of.
    static func line(_ words: String...) -> [UInt8] { words.flatMap { sized(Array($0.utf8)) } + [10] }

    /// Bytes that no others make the same line of.
    static func line(_ bytes: [UInt8]) -> [UInt8] { sized(bytes) + [10] }

    private static func sized(_ bytes: [UInt8]) -> [UInt8] { Array("\(bytes.count):".utf8) + bytes }
}
