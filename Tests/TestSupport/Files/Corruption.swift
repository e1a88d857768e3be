import FoundationEssentials
import Glibc
public import SystemPackage

/// What a bad disk, or another program, does to files: the same for the same seed.
public enum Corruption {
    /// What is done to one file.
    public enum Kind: CaseIterable, Sendable { case flip, truncate, zero, delete }

    /// How many seeded changes a test tries in `make test`.
    public static let suiteRounds = 10
    /// How many it tries in `make soak`.
    public static let soakRounds = 200

    /// How many seeded changes a test tries now; `MIXPACK_SOAK` in the environment asks for all.
    public static var rounds: Int { Soak.isOn ? soakRounds : suiteRounds }

    /// Changes one file somewhere below a folder.
    /// - Returns: What was done, for the message of a test.
    @discardableResult
    public static func strike(_ folder: FilePath, seed: Int) throws -> String {
        var generator = SeededGenerator(seed: UInt64(seed))
        let files = try folder.tree().map { folder.appending($0) }.filter { isFile($0) }
        guard let file = files.randomElement(using: &generator) else { throw TestSupportError("no file in \(folder)") }
        let kind = Kind.allCases.randomElement(using: &generator) ?? .flip
        let keepsTimes = Bool.random(using: &generator)
        try strike(file, kind, keepsTimes: keepsTimes, &generator)
        return "\(seed): \(kind) \(file)\(keepsTimes ? ", its times kept" : "")"
    }

    /// Changes a bit in the middle of a file; its times can stay as they were, as on a bad disk.
    public static func flip(_ file: FilePath, keepsTimes: Bool = true) throws {
        var generator = SeededGenerator(seed: 1)
        try strike(file, .flip, keepsTimes: keepsTimes, &generator)
    }

    private static func strike(
        _ file: FilePath, _ kind: Kind, keepsTimes: Bool, _ generator: inout SeededGenerator
    ) throws {
        var status = stat()
        guard stat(file.string, &status) == 0 else { throw Errno(rawValue: errno) }
        var bytes = try file.readBytes()
        guard kind != .delete, !bytes.isEmpty else {
            guard unlink(file.string) == 0 else { throw Errno(rawValue: errno) }
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch kind {
        case .flip: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case .truncate: bytes.removeSubrange(place...)
        case .zero: for index in place..<min(bytes.count, place + 512) { bytes[index] = 0 }
        case .delete: break
        }
        chmod(file.string, 0o644)
        let descriptor = try FileDescriptor.open(file, .writeOnly, options: .truncate)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        if keepsTimes {
            var times = [status.st_atim, status.st_mtim]
            utimensat(AT_FDCWD, file.string, &times, 0)
        }
        chmod(file.string, status.st_mode & 0o7777)
    }

    private static func isFile(_ path: FilePath) -> Bool {
        var status = stat()
        return lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
