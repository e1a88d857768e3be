import Diagnostics
import Files
import SystemPackage

/// Reading of a project's files: no larger ones than an inspection has use for.
enum ProjectFile {
    private static let limit = 16 << 20

    /// The file's bytes.
    /// - Throws: `Failure` also for a file of more than 16 MiB.
    static func bytes(_ path: FilePath) throws(Failure) -> [UInt8] { try path.bytes(limit: limit) }

    /// The file's text, invalid UTF-8 repaired.
    static func text(_ path: FilePath) throws(Failure) -> String { String(decoding: try bytes(path), as: UTF8.self) }
}
