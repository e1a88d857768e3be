import Diagnostics
import Files
import Glibc
import SystemPackage

/// Where mix assembles a release before it is split into layers.
///
/// A first release is assembled beside the layers and moved into them. One that follows another is assembled in memory
/// where there is ample room, because all but a few of its files are the same again: only the layers that differ are
/// then written to the disk.
struct AssemblyFolder {
    let path: FilePath
    private let held: HeldFolder?

    /// Makes it, empty.
    /// - Parameters:
    ///   - layers: the buildpack's layers folder, with the release before where there is one.
    ///   - memory: a folder of a file system in memory; by default the system's own for shared memory.
    init(for layers: FilePath, memory: FilePath = "/dev/shm") throws(Failure) {
        let previous = ReleaseLayers.names.reduce(0) { $0 + layers.appending($1).treeSize }
        let isRoomy = previous > 0 && Self.room(in: memory) >= 4 * Int(previous) + 64 << 20
        guard isRoomy, let held = try? HeldFolder(in: memory, prefix: Self.prefix) else {
            self = try AssemblyFolder(beside: layers)
            return
        }
        (path, self.held) = (held.path, held)
    }

    /// Makes the folder beside the layers, on the disk, empty.
    init(beside layers: FilePath) throws(Failure) {
        path = try ScratchFolder(at: layers.appending(".assembled")).path
        held = nil
    }

    /// Removes it with all it holds; what cannot be removed stays.
    func remove() {
        if let held { held.remove() } else { try? path.remove() }
    }

    /// Removes what builds that were killed have left in memory.
    static func sweep(memory: FilePath = "/dev/shm") { HeldFolder.removeAbandoned(in: memory, prefix: prefix) }

    /// What the names of folders in memory begin with; the process follows, by which `sweep` knows them.
    static var prefix: String { "mixpack-\(getuid())-" }

    /// The bytes that may be taken there; 0 where the folder is not in memory or cannot be written to.
    private static func room(in memory: FilePath) -> Int {
        var status = statvfs()
        guard isInMemory(memory), statvfs(memory.string, &status) == 0, access(memory.string, W_OK) == 0 else {
            return 0
        }
        return min(Int(status.f_bavail) * Int(status.f_frsize), availableMemory / 2)
    }

    private static func isInMemory(_ folder: FilePath) -> Bool {
        let mounts = FilePath("/proc/self/mounts").text?.split(separator: "\n") ?? []
        return mounts.contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 2 && fields[1] == folder.string && fields[2] == "tmpfs"
        }
    }

    /// What the kernel says programs can still take without swapping.
    private static var availableMemory: Int {
        let line = FilePath("/proc/meminfo").text?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? 0
    }
}
