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
    try expectContent(of: file, text, recordingWith: "RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
}

/// Expects a document that the program generates to be what docs/ holds; `make docs` writes it anew.
///
/// - Parameter path: relative to the repository's top, for example `docs/events.md`.
public func expectFreshDocument(
    _ path: String, _ text: String, testFile: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = try repositoryFolder(testFile: testFile).appending(path)
    try expectContent(of: file, text, recordingWith: "RECORD_DOCUMENTS", sourceLocation: sourceLocation)
}

/// The top of the repository that holds the test file.
public func repositoryFolder(testFile: String = #filePath) throws -> FilePath {
    var folder = FilePath(testFile)
    while folder.removeLastComponent() {
        if folder.appending("Package.swift").isThere { return folder }
    }
    throw TestSupportError("no Package.swift above \(testFile)")
}

private func expectContent(
    of file: FilePath, _ text: String, recordingWith variable: String, sourceLocation: SourceLocation
) throws {
    if getenv(variable) != nil {
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
            "\(file) differs (\(variable)=1 writes it anew):\n\(lineDifference(from: expected, to: text))",
            sourceLocation: sourceLocation)
    }
}

/// The lines that differ, as `-` and `+` lines with their numbers; at most 40 of them.
func lineDifference(from old: String, to new: String) -> String {
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
