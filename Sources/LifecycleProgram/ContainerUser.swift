import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// The user that a build runs as in its container, and how the program becomes that user.
struct ContainerUser {
    let owner: Owner

    /// Its name and home, by /etc/passwd.
    private let entry: (name: String, home: String)?

    init(_ owner: Owner, passwd: FilePath = "/etc/passwd") {
        self.owner = owner
        var found: (String, String)?
        for line in (passwd.text ?? "").split(separator: "\n") where found == nil {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            if fields.count > 5, Int(fields[2]) == owner.user { found = (fields[0], fields[5]) }
        }
        entry = found
    }

    /// Whether the program has to become another user.
    var isPrivileged: Bool { geteuid() == 0 && owner.user != 0 }

    /// Gives up root: the folders that the user cannot write to become the user's, then the program becomes the user.
    ///
    /// Started as that user, it changes nothing.
    /// - Returns: the environment that fits the user.
    /// - Throws: `Failure` if the program cannot become the user.
    func become(owning folders: [FilePath], _ environment: [String: String]) throws(Failure) -> [String: String] {
        guard owner.user != 0 else { throw Failure(.refused, "a build does not run as root", advice: "give a -uid") }
        var environment = environment
        if isPrivileged {
            for folder in folders where !isWritable(folder) { try own(folder) }
            guard setgroups(0, nil) == 0, setgid(gid_t(owner.group)) == 0, setuid(uid_t(owner.user)) == 0 else {
                throw Failure.system(.refused, "cannot become the user \(owner.user):\(owner.group)")
            }
            environment["HOME"] = entry?.home ?? "/"
            environment["USER"] = entry?.name
        } else if Int(geteuid()) != owner.user {
            throw Failure(
                .refused, "started as the user \(geteuid()), not as \(owner.user) or root",
                advice: "start it as the user that -uid names")
        }
        environment["HOME"] = environment["HOME"] ?? entry?.home ?? "/"
        return environment
    }

    /// Whether the user may write to a folder, by its owner and mode; what is not there needs nothing.
    private func isWritable(_ folder: FilePath) -> Bool {
        var status = Glibc.stat()
        guard fstatat(AT_FDCWD, folder.nameBytes, &status, 0) == 0 else { return true }
        if Int(status.st_uid) == owner.user { return status.st_mode & S_IWUSR != 0 }
        if Int(status.st_gid) == owner.group { return status.st_mode & S_IWGRP != 0 }
        return status.st_mode & S_IWOTH != 0
    }

    /// Gives a folder and all in it to the user; links are not followed.
    private func own(_ path: FilePath) throws(Failure) {
        guard lchown(path.nameBytes, uid_t(owner.user), gid_t(owner.group)) == 0 else {
            throw Failure.system(.unwritable, path.string)
        }
        guard path.kind == .folder else { return }
        for name in path.names { try own(path.appending(name)) }
    }
}
