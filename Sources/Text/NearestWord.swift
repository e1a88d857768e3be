/// The word that a mistyped one was probably meant to be.
package enum NearestWord {
    /// The nearest of the words; `nil` when none is within half of its length.
    package static func find(_ word: String, in words: some Sequence<String>) -> String? {
        words
            .map { (word: $0, distance: distance(word, $0)) }
            .filter { $0.distance * 2 <= max(word.utf8.count, $0.word.utf8.count) }
            .min { $0.distance < $1.distance }?
            .word
    }

    /// Levenshtein's distance: how many bytes must be changed, added or left out.
    package static func distance(_ word: String, _ other: String) -> Int {
        let target = Array(other.utf8)
        var row = Array(0...target.count)
        for (line, byte) in word.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in target.indices {
                let changed = diagonal + (target[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[target.count]
    }
}
