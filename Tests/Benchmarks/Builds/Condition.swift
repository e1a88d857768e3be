import Glibc
import SystemPackage
import TestSupport

/// What the disk is like when a build starts.
enum Condition: String, CaseIterable {
    /// All is written, and the disk has nothing to do.
    case settled = "after a sync"
    /// The last build's files are not on the disk yet.
    case soon = "2 s after the last build"

    /// Waits for it; returns whether it is so.
    func wait() async throws -> Bool {
        switch self {
        case .settled: return try await DiskIdle.wait(atMost: .seconds(20))
        case .soon:
            try await Task.sleep(for: .seconds(2))
            return true
        }
    }
}

/// Whether the disks of the machine have something to do.
private struct DiskIdle {
    /// Writes everything, and waits until nothing was read or written for half a second.
    static func wait(atMost limit: Duration) async throws -> Bool {
        sync()
        let end = ContinuousClock.now + limit
        var last = try sectors()
        var quiet = 0
        while quiet < 2, .now < end {
            try await Task.sleep(for: .milliseconds(250))
            let now = try sectors()
            quiet = now == last ? quiet + 1 : 0
            last = now
        }
        return quiet == 2
    }

    /// The sectors that all disks have read and written; see the kernel's Documentation/admin-guide/iostats.rst.
    private static func sectors() throws -> Int {
        try KernelFile("/proc/diskstats").lines.reduce(0) { sum, line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, !fields[2].hasPrefix("loop"), !fields[2].hasPrefix("ram") else { return sum }
            return sum + (Int(fields[5]) ?? 0) + (Int(fields[9]) ?? 0)
        }
    }
}

/// A file of the kernel, whose size says nothing.
struct KernelFile {
    let lines: [Substring]

    init(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, .readOnly)
        lines = try file.closeAfter {
            var text: [UInt8] = []
            let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
            defer { part.deallocate() }
            while case let count = try file.read(into: part), count > 0 { text += part.prefix(count) }
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
        }
    }
}
