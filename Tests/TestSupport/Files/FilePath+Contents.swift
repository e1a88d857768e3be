import FoundationEssentials
import Glibc
public import SystemPackage

extension FilePath {
    /// The whole file as text.
    public func readText() throws -> String {
        String(decoding: try readBytes(), as: UTF8.self)
    }

    /// The whole file.
    public func readBytes() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: string)))
    }

    /// Writes a file, and the folders above it where they are missing.
    public func write(_ text: String, mode: UInt16? = nil) throws {
        try removingLastComponent().makeFolder()
        try Data(text.utf8).write(to: URL(filePath: string))
        if let mode { try setMode(mode) }
    }

    /// Makes a folder, and the ones above it where they are missing.
    public func makeFolder() throws {
        try FileManager.default.createDirectory(atPath: string, withIntermediateDirectories: true)
    }

    /// Sets the permission bits.
    public func setMode(_ mode: UInt16) throws {
        guard chmod(string, mode_t(mode)) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Whether something is there.
    public var isThere: Bool { FileManager.default.fileExists(atPath: string) }

    /// The size of the file in bytes, links followed.
    public func fileSize() throws -> Int64 {
        let file = try FileDescriptor.open(self, .readOnly)
        return try file.closeAfter { try file.seek(offset: 0, from: .end) }
    }

    /// The names in the folder, sorted.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: string).sorted()
    }

    /// The relative paths of everything below the folder, sorted.
    public func tree() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: string).sorted()
    }

    /// Copies a file or a folder with everything in it.
    public func copy(to destination: FilePath) throws {
        try destination.removingLastComponent().makeFolder()
        try FileManager.default.copyItem(atPath: string, toPath: destination.string)
    }
}
