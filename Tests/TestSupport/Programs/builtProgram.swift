import FoundationEssentials
public import SystemPackage

/// The path of a program of this package: in the folder `MIXPACK_PROGRAMS`, where the whole suite has those built for use, else
/// beside the tests.
/// - Throws: `TestSupportError` when it has not been built.
public func builtProgram(_ name: String) throws -> FilePath {
    if let folder = ProcessInfo.processInfo.environment["MIXPACK_PROGRAMS"] {
        let candidate = FilePath(folder).appending(name)
        if FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
    }
    return try debugProgram(name)
}

/// The path of a program of this package, built beside the tests: it needs Swift's runtime as a library.
/// - Throws: `TestSupportError` when it has not been built.
public func debugProgram(_ name: String) throws -> FilePath {
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = FilePath(link)
    while folder.removeLastComponent() {
        let candidate = folder.appending(name)
        var isFolder = false
        let isThere = FileManager.default.fileExists(atPath: candidate.string, isDirectory: &isFolder)
        if isThere, !isFolder, FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
        if folder.lastComponent?.string.hasPrefix(".build") == true { break }
    }
    throw TestSupportError("\(name) has not been built beside \(link): swift build")
}
