/// The word that a mistyped one was probably meant to be.
enum NearestWord {
    /// The nearest of the words by edit distance; `nil` when none is within half of its length.
    static func find(_ word: String, in words: [String]) -> String? {
        words
            .map { (word: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
            .filter { $0.distance * 2 <= max(word.utf8.count, $0.word.utf8.count) }
            .min { $0.distance < $1.distance }?
            .word
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
