import FoundationEssentials
import Testing

/// Compares text with a file beside the tests; a missing file is written and still fails, so that none goes unseen.
///
/// `RECORD_SNAPSHOTS=1` writes every file anew.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "Snapshots")
    let file = folder.appending(path: name + ".txt")
    let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
    let known = try? String(contentsOf: file, encoding: .utf8)
    if isRecording || known == nil {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        if !isRecording {
            Issue.record("no snapshot \(name) yet; it was recorded: look at it", sourceLocation: sourceLocation)
        }
        return
    }
    guard known != text else { return }
    Issue.record("snapshot \(name) differs:\n\(difference(known ?? "", text))", sourceLocation: sourceLocation)
}

/// The lines that differ, with their numbers.
private func difference(_ known: String, _ text: String) -> String {
    let old = known.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    var lines: [String] = []
    for index in 0..<max(old.count, new.count) {
        let before = index < old.count ? String(old[index]) : "(none)"
        let after = index < new.count ? String(new[index]) : "(none)"
        if before != after { lines += ["\(index + 1) - \(before)", "\(index + 1) + \(after)"] }
    }
    return lines.prefix(40).joined(separator: "\n")
}
