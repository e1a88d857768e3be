import Glibc
public import SystemPackage
public import Testing

/// Expects `text` to be what `Snapshots/<test file>/<name>.txt` beside the test file holds.
///
/// With `RECORD_SNAPSHOTS=1` the file is written; a missing file is written too, and the test fails all the same.
public func expectSnapshot(
    _ text: String, named name: String, fileExtension: String = "txt", testFile: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let source = FilePath(testFile)
    let folder = source.removingLastComponent().appending("Snapshots").appending(source.stem ?? "Snapshot")
    let file = folder.appending("\(name).\(fileExtension)")
    if getenv("RECORD_SNAPSHOTS") != nil {
        try file.write(text)
        return
    }
    guard file.isThere else {
        try file.write(text)
        Issue.record("recorded the missing \(file): look at it, then run again", sourceLocation: sourceLocation)
        return
    }
    let expected = try file.readText()
    if expected != text {
        Issue.record(
            "\(file) differs (RECORD_SNAPSHOTS=1 records it again):\n\(lineDifference(from: expected, to: text))",
            sourceLocation: sourceLocation)
    }
}

/// The top of the repository that holds the test file.
public func repositoryFolder(testFile: String = #filePath) throws -> FilePath {
    var folder = FilePath(testFile)
    while folder.removeLastComponent() {
        if folder.appending("Package.swift").isThere { return folder }
    }
    throw TestSupportError("no Package.swift above \(testFile)")
}

/// The lines that differ, as `-` and `+` lines with their numbers; at most 40 of them.
public func lineDifference(from old: String, to new: String) -> String {
    let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let newLines = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let changes = newLines.difference(from: oldLines).map { change in
        switch change {
        case .remove(let offset, let line, _): (offset, "-\(offset + 1): \(line)")
        case .insert(let offset, let line, _): (offset, "+\(offset + 1): \(line)")
        }
    }
    let shown = changes.sorted { $0.0 < $1.0 }.prefix(40).map(\.1)
    return shown.joined(separator: "\n") + (changes.count > 40 ? "\n… and \(changes.count - 40) more" : "")
}
