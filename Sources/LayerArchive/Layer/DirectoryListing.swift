import Diagnostics
import Glibc

/// The names in a folder, in lexical order of their bytes; the folder stays open as long as the listing lives.
struct DirectoryListing: ~Copyable {
    /// The names with a NUL at their end, without "." and "..".
    let names: [[CChar]]
    private let stream: OpaquePointer

    /// The open folder.
    var descriptor: Int32 { dirfd(stream) }

    /// Reads an open folder and closes it at the end.
    init(adopting descriptor: Int32, name: String) throws(Failure) {
        guard let stream = fdopendir(descriptor) else {
            let error = Failure.system(.unreadable, name)
            _ = close(descriptor)
            throw error
        }
        self.stream = stream
        var found: [[CChar]] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { start in
                    Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
                }
            }
            if bytes != [46, 0], bytes != [46, 46, 0] { found.append(bytes) }
        }
        found.sort { left, right in
            left.lexicographicallyPrecedes(right) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
        }
        names = found
    }

    deinit { closedir(stream) }
}
