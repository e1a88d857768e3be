import Console
import Files
import OCIImage
import Reports
import Text

/// What differs between two images, in lines: `A`, `M` or `D`, the size, and the path.
struct ComparisonText {
    let tree: FileTree

    /// One line a file, and how many there are.
    var text: String {
        let files = tree.differences
        let lines = files.map { id in
            "\(tree[id].change.mark)  \(Amount.bytes(tree[id].size).leftPadded(to: 10))  \(tree.path(of: id))"
        }
        return (lines + ["\(Amount.count(files.count, "file")) differ"]).joined(separator: "\n")
    }
}
