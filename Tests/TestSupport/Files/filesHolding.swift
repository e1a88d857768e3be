public import SystemPackage

/// The files in some folders that hold a text, by their paths.
/// - Throws: `TestSupportError` where a folder is not there or has no file: nothing would be found in it.
public func filesHolding(_ text: String, in folders: FilePath...) async throws -> [String] {
    for folder in folders where try await run("/usr/bin/find", [folder.string, "-type", "f"]).lines.isEmpty {
        throw TestSupportError("there is no file to look at in \(folder)")
    }
    let end = try await run("/bin/grep", ["-rlaF", "-e", text] + folders.map(\.string))
    guard end.status == 0 || end.status == 1 else { throw TestSupportError("\(end)") }
    return end.lines
}
