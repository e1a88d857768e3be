/// The lines by which two texts differ, as a unified diff of one piece.
struct LineDifference {
    private let old: [Substring]
    private let new: [Substring]
    private static let context = 3

    init(before: String, after: String) {
        old = before.split(separator: "\n", omittingEmptySubsequences: false)
        new = after.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The diff; empty where the texts are the same.
    func text(file: String) -> String {
        guard old != new else { return "" }
        let same = zip(old, new).prefix { $0 == $1 }.count
        let most = min(old.count, new.count) - same
        let sameEnd = min(most, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
        let start = max(0, same - Self.context)
        let removed = old[same..<(old.count - sameEnd)]
        let added = new[same..<(new.count - sameEnd)]
        let after = old[(old.count - sameEnd)...].prefix(Self.context)
        let (oldCount, newCount) = (
            same - start + removed.count + after.count, same - start + added.count + after.count
        )
        let head = ["--- \(file)", "+++ \(file)", "@@ -\(start + 1),\(oldCount) +\(start + 1),\(newCount) @@"]
        let body =
            old[start..<same].map { " \($0)" } + removed.map { "-\($0)" } + added.map { "+\($0)" }
            + after.map { " \($0)" }
        return (head + body).joined(separator: "\n")
    }
}
