import Diagnostics
import Glibc
import SystemPackage

/// The system's folder in memory, for what need not outlive a build.
package struct SharedMemory: Sendable {
    package let path: FilePath

    /// - Parameter path: a folder of a file system in memory; nothing is put into another one.
    package init(_ path: FilePath = "/dev/shm") { self.path = path }

    /// What the names of folders there begin with.
    package static var prefix: String { "mixpack-\(getuid())-" }

    /// Makes a folder there if there is room; `nil` where there is not, or no memory to write to.
    /// - Parameter bytes: the room that has to be there.
    package func folder(forBytes bytes: Int64) -> HeldFolder? {
        room >= bytes ? try? HeldFolder(in: path, prefix: Self.prefix) : nil
    }

    /// Removes what builds that were killed have left.
    package func sweep() { HeldFolder.removeAbandoned(in: path, prefix: Self.prefix) }

    /// The bytes that may be taken; 0 where the folder is not in memory, cannot be written to, or runs no programs.
    private var room: Int64 {
        guard Self.isUsable(path, mounts: FilePath("/proc/self/mounts").text ?? ""), access(path.string, W_OK) == 0
        else { return 0 }
        return min(path.freeSpace, Self.availableMemory / 2)
    }

    /// Whether a folder is a file system in memory from which programs may be started.
    /// - Parameter mounts: the lines of `/proc/self/mounts`; the last of a folder counts.
    static func isUsable(_ folder: FilePath, mounts: String) -> Bool {
        let fields = mounts.split(separator: "\n").map { $0.split(separator: " ") }
        guard let mount = fields.last(where: { $0.count > 3 && $0[1] == folder.string }) else { return false }
        return mount[2] == "tmpfs" && !mount[3].split(separator: ",").contains("noexec")
    }

    /// What the kernel says programs can still take without swapping.
    private static var availableMemory: Int64 {
        let line = FilePath("/proc/meminfo").text?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line.flatMap { Int64($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? 0
    }
}

extension FilePath {
    /// The bytes that are free in its file system; 0 where that is not known.
    package var freeSpace: Int64 {
        var status = statvfs()
        guard statvfs(string, &status) == 0 else { return 0 }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }
}
