/// One entry of a tar archive, without its content.
package struct TarEntry: Sendable, Hashable {
    /// What an entry is.
    package enum Kind: Sendable, Hashable {
        case directory
        /// A file with its size in bytes.
        case file(size: Int64)
        /// A symbolic link and its target, verbatim.
        case symlink(target: String)
        /// Another name for an entry before it.
        case hardLink(target: String)
        /// A device or a pipe.
        case special
    }

    /// 1980-01-01T00:00:01Z in seconds, the time that buildpacks give to every file.
    package static let defaultTime: Int64 = 315_532_801

    /// The path as it is written in the archive; a folder's has no "/" at its end.
    package var path: String
    /// What it is.
    package var kind: Kind
    /// Permission bits with setuid, setgid and sticky.
    package var mode: UInt16
    /// Whose it is.
    package var owner: Owner
    /// Modification time in seconds since 1970.
    package var time: Int64

    /// Creates an entry; by default of the time that buildpacks use.
    package init(path: String, kind: Kind, mode: UInt16, owner: Owner, time: Int64 = defaultTime) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.time = time
    }

    /// The bytes of content that follow the entry.
    package var size: Int64 { if case .file(let size) = kind { size } else { 0 } }
}
