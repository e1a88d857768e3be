import Diagnostics
import Glibc
import SystemPackage

extension FilePath {
    /// Makes somebody the owner of what stands here, and of all that a folder holds; links are given, not followed.
    /// - Throws: `Failure` of code `unwritable`.
    package func give(to user: Int, group: Int) throws(Failure) {
        guard lchown(nameBytes, uid_t(user), gid_t(group)) == 0 else { throw .system(.unwritable, string) }
        guard kind == .folder else { return }
        for name in names { try appending(name).give(to: user, group: group) }
    }
}
