import Diagnostics
import Files
import Glibc
import SystemPackage
import TOMLCoding

/// A file that a buildpack wrote, read with care: nothing outside its folder is followed, nothing waits, nothing is endless.
enum ContractFile {
    private static let limit = 16 << 20

    /// The whole file; `nil` where there is none.
    /// - Throws: `Failure` for what is no file: a link, a folder, a pipe; and for what is too big.
    static func bytes(of path: FilePath) throws -> [UInt8]? {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        let name = path.lastComponent?.string ?? path.string
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case ELOOP: throw Failure(.malformed, "\(name) is a link, and mixpack does not follow it")
            default: throw Failure(.malformed, "cannot read \(name): \(Errno(rawValue: errno))")
            }
        }
        let file = FileDescriptor(rawValue: descriptor)
        return try file.closeAfter {
            var status = Glibc.stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw Failure(.malformed, "\(name) is not a file")
            }
            guard status.st_size <= limit else { throw Failure(.malformed, "\(name) is bigger than 16 MB") }
            guard let bytes = file.filled(Int(status.st_size)) else {
                throw Failure(.malformed, "cannot read \(name): \(Errno(rawValue: errno))")
            }
            return bytes
        }
    }

    /// The file as a TOML table whose keys are looked up in any case; `nil` where there is none.
    static func table(of path: FilePath) throws -> TOMLTable? {
        guard let bytes = try bytes(of: path) else { return nil }
        let name = path.lastComponent?.string ?? path.string
        return try TOMLDocument(
            parsing: String(decoding: bytes, as: UTF8.self), fileName: name, keyMatching: .ignoringCase
        ).root
    }
}
