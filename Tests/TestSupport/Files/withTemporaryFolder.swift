import FoundationEssentials
import Glibc
public import SystemPackage

/// Runs `body` with a new empty folder, and removes the folder afterwards.
///
/// The path is real (no links in it) and has a space in it, so that missing quotes show up.
public func withTemporaryFolder<Result>(
    _ body: (FilePath) async throws -> Result
) async throws -> Result {
    let folder = try makeTemporaryFolder()
    defer { removeTree(folder) }
    return try await body(folder)
}

/// Runs `body` with a new empty folder, and removes the folder afterwards; for tests that wait for nothing.
public func withTemporaryFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let folder = try makeTemporaryFolder()
    defer { removeTree(folder) }
    return try body(folder)
}

/// Makes a new empty folder that the caller removes with `removeTree`.
public func makeTemporaryFolder() throws -> FilePath {
    let base = FilePath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
    var template = Array(base.appending("mixpack test-XXXXXX").string.utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    return FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
}

/// Removes a folder with everything in it, folders without write permission too.
public func removeTree(_ folder: FilePath) {
    let manager = FileManager.default
    if (try? manager.removeItem(atPath: folder.string)) != nil { return }
    // Folders only: a link's target may be one of the machine's programs.
    for path in manager.enumeratedPaths(under: folder) where manager.isRealFolder(path) {
        chmod(path, 0o700)
    }
    try? manager.removeItem(atPath: folder.string)
}

extension FileManager {
    /// Whether it is a folder, and not a link to one.
    fileprivate func isRealFolder(_ path: String) -> Bool {
        (try? attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
    }

    fileprivate func enumeratedPaths(under folder: FilePath) -> [String] {
        let names = (try? subpathsOfDirectory(atPath: folder.string)) ?? []
        return [folder.string] + names.map { folder.appending($0).string }
    }
}
