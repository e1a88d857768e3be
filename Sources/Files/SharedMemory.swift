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

    /// The bytes that may be taken; 0 where the folder is not in memory or cannot be written to.
    private var room: Int64 {
        guard isInMemory, access(path.string, W_OK) == 0 else { return 0 }
        return min(path.freeSpace, Self.availableMemory / 2)
    }

    private var isInMemory: Bool {
        let mounts = FilePath("/proc/self/mounts").text?.split(separator: "\n") ?? []
        return mounts.contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 2 && fields[1] == path.string && fields[2] == "tmpfs"
        }
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
