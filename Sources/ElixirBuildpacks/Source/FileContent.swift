import Glibc
import SystemPackage

/// Comparing and copying of files, through buffers of bounded size.
enum FileContent {
    private static let chunk = 262_144

    /// Whether two files hold the same bytes.
    static func isEqual(_ one: FilePath, _ other: FilePath) throws -> Bool {
        guard FileStamp(ofFile: one)?.size == FileStamp(ofFile: other)?.size else { return false }
        let first = try FileDescriptor.open(one, .readOnly, options: .closeOnExec)
        return try first.closeAfter {
            let second = try FileDescriptor.open(other, .readOnly, options: .closeOnExec)
            return try second.closeAfter {
                while true {
                    let a = try read(first)
                    let b = try read(second)
                    if a != b { return false }
                    if a.isEmpty { return true }
                }
            }
        }
    }

    /// Writes a file anew with another one's bytes; it is the old file or the new one at every moment.
    static func copy(_ source: FilePath, to place: FilePath) throws {
        let new = FilePath(place.string + ".mixpack-new")
        let input = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        try input.closeAfter {
            let output = try FileDescriptor.open(
                new, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try output.closeAfter {
                while case let bytes = try read(input), !bytes.isEmpty { _ = try output.writeAll(bytes) }
            }
        }
        try new.move(to: place)
    }

    /// Sets the time of a file's last change, in nanoseconds.
    static func setModified(of path: FilePath, to time: Int64) throws {
        let moment = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        guard utimensat(AT_FDCWD, path.string, [moment, moment], AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    // Fills the buffer as far as the file goes, so that two files are cut at the same places.
    private static func read(_ file: FileDescriptor) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
            while count < chunk {
                let part = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = try file.read(into: part)
                if read == 0 { return }
                count += read
            }
        }
    }
}
