import Diagnostics
import Files
import SystemPackage

/// Digests of a folder as a whole: the names, kinds and permissions of all that is in it, and of each file what is chosen.
package enum FolderDigest {
    /// What stands for a file or a link.
    package enum Sight: Sendable {
        /// Its stamp. It has the time of the last change, which programs cannot set, so that nothing need be read.
        case stamps
        /// The same, for a folder of other users' files: one in it that this user may not open counts as closed.
        case stampsOfOpen
        /// What it holds.
        case contents
    }

    /// The digest in lower-case hex digits.
    /// - Throws: `Failure` of code `unreadable`, also when the task is cancelled.
    package static func hex(of folder: FilePath, by sight: Sight) throws(Failure) -> String {
        var digest = try MessageDigest()
        try add(folder, sight, to: &digest)
        return try digest.finish()
    }

    /// Adds a folder, or that there is none.
    package static func add(_ folder: FilePath, _ sight: Sight, to digest: inout MessageDigest) throws(Failure) {
        try digest.update(Array("\(folder.kind)\n".utf8))
        guard folder.kind == .folder else { return }
        try add(FolderListing(folder), folder, sight, to: &digest)
    }

    private static func add(
        _ listing: borrowing FolderListing, _ folder: FilePath, _ sight: Sight, to digest: inout MessageDigest
    ) throws(Failure) {
        for entry in listing.entries {
            guard let status = listing.status(of: entry.name) else { continue }
            let stamp = FileStamp(status)
            let path = folder.appending(entry.text)
            try digest.update(entry.name.map { UInt8(bitPattern: $0) })
            if stamp.kind == .folder {
                // A folder's times change with what is made and removed in it for a while.
                try digest.update(Array("{".utf8))
                do {
                    try add(FolderListing(of: entry.name, in: listing, shown: path.string), path, sight, to: &digest)
                } catch {
                    guard sight == .stampsOfOpen, !stamp.isOpen else { throw error }
                }
                try digest.update(Array("}".utf8))
            } else {
                let text = try sight == .contents ? content(of: path, stamp) : stamp.text
                try digest.update(Array((text + "\n").utf8))
            }
        }
    }

    private static func content(of path: FilePath, _ stamp: FileStamp) throws(Failure) -> String {
        let kind = "\(stamp.kind) \(stamp.permissions)"
        switch stamp.kind {
        case .file: return try "\(kind) \(MessageDigest.hex(ofFile: path))"
        case .link: return try "\(kind) \(MessageDigest.hex(of: (path.linkTarget ?? "").utf8))"
        case .folder, .missing, .other: return kind
        }
    }
}

extension FileStamp {
    /// Whether everybody may read and enter the folder.
    fileprivate var isOpen: Bool { permissions & 0o005 == 0o005 }
}
