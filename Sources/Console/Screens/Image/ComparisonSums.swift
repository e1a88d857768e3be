import OCIImage
import Text

/// How many files differ between two images and by how much they grew, in words.
package struct ComparisonSums {
    /// `3 added +40.0 kB, 5 modified +2.0 kB, 1 deleted -3.0 kB`; empty if nothing differs.
    package let text: String

    package init(_ comparison: ImageComparison) {
        text = comparison.sums.map { sum in
            let word =
                switch sum.change {
                case .added: "added"
                case .modified: "modified"
                case .removed: "deleted"
                case .unchanged: "the same"
                }
            return "\(Amount.grouped(sum.files)) \(word) \(Amount.difference(sum.growth))"
        }.joined(separator: ", ")
    }
}
