import Diagnostics
import Files
import Glibc
import SystemPackage

/// A folder in a place where everybody may make one, such as /tmp.
enum PrivateFolder {
    /// Makes it, or makes sure that it belongs to this user and that nobody else can enter it.
    /// - Throws: `Failure` of code `usage` that says what is wrong.
    static func claim(_ path: FilePath, user: uid_t = getuid()) throws(Failure) {
        if mkdir(path.string, 0o700) == 0 { return }
        guard errno == EEXIST else { throw refused(path, String(cString: strerror(errno))) }
        var status = stat()
        guard lstat(path.string, &status) == 0 else { throw refused(path, String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw refused(path, "it is not a folder") }
        guard status.st_uid == user else { throw refused(path, "it belongs to user \(status.st_uid)") }
        guard status.st_mode & 0o077 == 0 else { throw refused(path, "others can enter it") }
    }

    private static func refused(_ path: FilePath, _ reason: String) -> Failure {
        Failure(
            .usage, "HOME is not set, and \(path) cannot be used in its place: \(reason)",
            advice: "set HOME to a folder of yours, or remove \(path)")
    }
}
