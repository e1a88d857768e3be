import Diagnostics
import Files
import SystemPackage

/// Folders that are never copied into a build: the whole machine, and what the kernel makes up.
struct UncopiedFolders {
    private static let kernel: Set<String> = [
        "proc", "sysfs", "devpts", "mqueue", "debugfs", "tracefs", "securityfs", "cgroup", "cgroup2", "bpf", "pstore",
        "efivarfs", "configfs",
    ]

    /// Where the kernel's own file systems are, and what they are called.
    private let mounts: [(place: FilePath, name: String)]

    init() {
        let lines = FilePath("/proc/self/mounts").text?.split(separator: "\n") ?? []
        mounts = lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 2, Self.kernel.contains(String(words[2])) else { return nil }
            return (FilePath(String(words[1])), String(words[2]))
        }
    }

    /// Whether a folder is one of them.
    func has(_ folder: FilePath) -> Bool { folder == "/" || mounts.contains { folder.starts(with: $0.place) } }

    /// - Throws: `Failure` of code `usage` where a folder is one of them.
    func refuse(_ folder: FilePath, advice: @autoclosure () -> String) throws(Failure) {
        if folder == "/" {
            throw Failure(.usage, "/ is the whole machine; mixpack does not copy it into a build", advice: advice())
        }
        guard let mount = mounts.first(where: { folder.starts(with: $0.place) }) else { return }
        throw Failure(
            .usage,
            "\(folder) is on \(mount.name), a file system of the kernel; mixpack does not copy it into a build",
            advice: advice())
    }
}
