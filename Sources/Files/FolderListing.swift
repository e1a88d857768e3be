import Diagnostics
import Glibc
import SystemPackage
import Text

/// What a folder holds, in the order of the names' bytes; the folder stays open as long as the listing lives.
package struct FolderListing: ~Copyable {
    package struct Entry: Sendable {
        /// The name with a NUL at its end, whatever its bytes mean.
        package let name: [CChar]
        /// What the folder says that it is; `nil` where its file system leaves that to `stat`.
        package let kind: FileKind?

        /// The name as text that keeps its bytes (`String(fileName:)`).
        package var text: String {
            name.withUnsafeBytes { String(fileName: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        }
    }

    /// The entries, without "." and "..".
    package let entries: [Entry]
    private let stream: OpaquePointer

    /// The open folder.
    package var descriptor: Int32 { dirfd(stream) }

    /// Reads a folder; links on the way to it are followed.
    /// - Throws: `Failure` of code `unreadable`.
    package init(_ path: FilePath) throws(Failure) {
        let descriptor = open(path.nameBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unreadable, path.string) }
        try self.init(adopting: descriptor, name: path.string)
    }

    /// Reads a folder of an open one, no link.
    /// - Throws: `Failure` of code `unreadable`.
    package init(of name: [CChar], in parent: borrowing FolderListing, shown: String) throws(Failure) {
        let descriptor = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system(.unreadable, shown) }
        try self.init(adopting: descriptor, name: shown)
    }

    /// Reads an open folder and closes it at the end; `name` is what errors call it.
    package init(adopting descriptor: Int32, name: String) throws(Failure) {
        guard let stream = fdopendir(descriptor) else {
            let error = Failure.system(.unreadable, name)
            _ = close(descriptor)
            throw error
        }
        self.stream = stream
        var found: [Entry] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { start in
                    Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
                }
            }
            guard bytes != [46, 0], bytes != [46, 46, 0] else { continue }
            found.append(Entry(name: bytes, kind: Self.kind(entry.pointee.d_type)))
        }
        found.sort { left, right in
            left.name.lexicographicallyPrecedes(right.name) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
        }
        entries = found
    }

    deinit { closedir(stream) }

    /// What the system says of an entry, of the link itself where it is one; `nil` for one that is gone.
    package func status(of name: [CChar]) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// The bytes of what a link says; `nil` for anything else.
    package func linkTarget(of name: [CChar]) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(descriptor, name, &buffer, buffer.count)
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    private static func kind(_ type: UInt8) -> FileKind? {
        switch Int(type) {
        case Int(DT_UNKNOWN): nil
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        default: .other
        }
    }
}
