import Console
import OCIImage
import Text

/// What differs between two images, in lines and as JSON: the change, the size, by how much it grew, and the path.
struct ComparisonText {
    private let comparison: ImageComparison

    init(_ comparison: ImageComparison) { self.comparison = comparison }

    /// One line a file, and how many there are with their sums.
    var text: String {
        let tree = comparison.tree
        let files = tree.differences
        let lines = files.map { id in
            let growth = comparison.growth[id] ?? 0
            let difference = growth == 0 ? "=" : Amount.difference(growth)
            return "\(tree[id].change.mark)  \(Amount.bytes(tree[id].size).leftPadded(to: 10))  "
                + "\(difference.leftPadded(to: 10))  \(tree.path(of: id))"
        }
        let sums = files.isEmpty ? "" : ": \(ComparisonSums(comparison).text)"
        return (lines + ["\(Amount.count(files.count, "file")) differ\(sums)"]).joined(separator: "\n")
    }

    /// The same as JSON, keys sorted.
    func json() throws -> String {
        let tree = comparison.tree
        let files = tree.differences.map { id in
            Document.File(
                path: tree.path(of: id), change: String(tree[id].change.mark), size: tree[id].size,
                growth: comparison.growth[id] ?? 0)
        }
        return try Document(files: files, growth: files.reduce(0) { $0 + $1.growth }).json()
    }

    private struct Document: Encodable {
        struct File: Encodable {
            var path: String
            var change: String
            var size: Int64
            var growth: Int64
        }
        var files: [File]
        var growth: Int64
    }
}
