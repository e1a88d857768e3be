import Diagnostics

/// One entry of a tar archive, without its content.
package struct TarEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case directory
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
    package var kind: Kind
    /// Permission bits with setuid, setgid and sticky.
    package var mode: UInt16
    package var owner: Owner
    /// Modification time in seconds since 1970.
    package var time: Int64

    package init(path: String, kind: Kind, mode: UInt16, owner: Owner, time: Int64 = defaultTime) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.time = time
    }

    /// The bytes of content that follow the entry.
    package var size: Int64 { if case .file(let size) = kind { size } else { 0 } }

    /// The header blocks alone; the content and `padding` follow.
    ///
    /// For archives that are put together from parts that lie elsewhere.
    package func header() throws(Failure) -> [UInt8] {
        let sink = MemorySink()
        let writer = TarWriter(sink: sink, bufferSize: 8 * TarBlock.size)
        try writer.writeHeader(self)
        try writer.flush()
        return sink.bytes
    }

    /// The zeros that follow the content, up to a whole block.
    package var padding: [UInt8] {
        let over = Int(size % Int64(TarBlock.size))
        return Array(repeating: 0, count: over == 0 ? 0 : TarBlock.size - over)
    }

    package static var endOfArchive: [UInt8] { Array(repeating: 0, count: 2 * TarBlock.size) }
}

/// The numeric user and group of a file.
package struct Owner: Sendable, Hashable {
    package var user: Int
    package var group: Int

    package static let root = Owner(user: 0, group: 0)

    package init(user: Int, group: Int) {
        self.user = user
        self.group = group
    }
}
