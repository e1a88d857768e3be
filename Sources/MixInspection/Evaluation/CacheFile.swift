import Diagnostics
import Glibc
import SystemPackage

/// Files of a cache: private to the user, whole or not there.
enum CacheFile {
    /// Makes a folder and those above it, mode 700.
    static func makeFolder(_ path: FilePath) throws(Failure) {
        if ProjectFile.isFolder(path) { return }
        if !path.removingLastComponent().isEmpty { try makeFolder(path.removingLastComponent()) }
        guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw failed("make", path, errno) }
    }

    /// Writes a file beside its place and then moves it there.
    static func write(_ bytes: [UInt8], to path: FilePath) throws(Failure) {
        let temporary = FilePath("\(path).\(uniqueName())")
        do {
            let file = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o600))
            try file.closeAfter { _ = try file.writeAll(bytes) }
        } catch {
            unlink(temporary.string)
            throw failed("write", path, (error as? Errno)?.rawValue ?? EIO)
        }
        try move(temporary, to: path)
    }

    /// Moves a file or folder into its place; a file there is replaced, a folder there is not.
    static func move(_ source: FilePath, to destination: FilePath) throws(Failure) {
        guard rename(source.string, destination.string) == 0 else { throw failed("write", destination, errno) }
    }

    /// Removes a folder that holds only files; what cannot be removed stays.
    static func removeFolder(_ path: FilePath) {
        for name in ProjectFile.names(in: path) { unlink(path.appending(name).string) }
        rmdir(path.string)
    }

    /// A name that no other process or task uses.
    static func uniqueName() -> String {
        "\(getpid())-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    private static func failed(_ action: String, _ path: FilePath, _ code: Int32) -> Failure {
        Failure(.cannotPlan, "cannot \(action) \(path): \(Errno(rawValue: code))")
    }
}
