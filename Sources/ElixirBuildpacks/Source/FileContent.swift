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

    /// Writes a file with another one's bytes.
    ///
    /// Interrupted, it leaves part of them: who remembers copies has to remember whole ones only.
    /// - Parameters:
    ///   - mode: the permission bits of the copy.
    ///   - modified: the time of its last change, in nanoseconds; `nil` is now.
    /// - Returns: the copy's stamp.
    @discardableResult
    static func copy(_ source: FilePath, to place: FilePath, mode: UInt32, modified: Int64? = nil) throws -> FileStamp {
        let input = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        return try input.closeAfter {
            let output = try FileDescriptor.open(
                place, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: FilePermissions(rawValue: mode))
            return try output.closeAfter {
                while case let bytes = try read(input), !bytes.isEmpty { _ = try output.writeAll(bytes) }
                return try settle(output, mode: mode, modified: modified)
            }
        }
    }

    private static func settle(_ file: FileDescriptor, mode: UInt32, modified: Int64?) throws -> FileStamp {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        if status.st_mode & 0o7777 != mode, fchmod(file.rawValue, mode) != 0 { throw Errno(rawValue: errno) }
        guard let modified else { return FileStamp(status) }
        let moment = timespec(tv_sec: Int(modified / 1_000_000_000), tv_nsec: Int(modified % 1_000_000_000))
        guard futimens(file.rawValue, [moment, moment]) == 0 else { throw Errno(rawValue: errno) }
        return FileStamp(size: Int64(status.st_size), modified: modified, mode: mode)
    }

    /// Sets the time of a file's last change, in nanoseconds.
    static func setModified(of path: FilePath, to time: Int64) throws {
        let moment = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        guard utimensat(AT_FDCWD, path.string, [moment, moment], AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    // Fills the buffer as far as the file goes, so that two files are cut at the same places. Most files are small.
    private static func read(_ file: FileDescriptor) throws -> [UInt8] {
        var status = stat()
        let rest =
            fstat(file.rawValue, &status) == 0
            ? Int(status.st_size) - Int(try file.seek(offset: 0, from: .current)) : chunk
        let size = min(chunk, max(rest, 0) + 1)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let part = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<size])
                let read = try file.read(into: part)
                if read == 0 { return }
                count += read
            }
        }
    }
}
