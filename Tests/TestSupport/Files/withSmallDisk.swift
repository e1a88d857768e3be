import Glibc
public import SystemPackage

/// Runs `body` with a folder on a file system of its own, of so many kilobytes.
///
/// Needs root.
/// - Throws: `TestSupportError` when it cannot be mounted.
public func withSmallDisk<Result>(kilobytes: Int, _ body: (FilePath) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
        let disk = folder.appending("disk")
        try disk.makeFolder()
        _ = try await run(
            try findTool("mount"), ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", disk.string]
        ).succeeded()
        defer { umount2(disk.string, Int32(MNT_DETACH)) }
        return try await body(disk)
    }
}
