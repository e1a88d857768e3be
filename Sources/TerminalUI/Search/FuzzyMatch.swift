/// How well a few typed letters fit a title.
enum FuzzyMatch {
    /// A score, higher is better; nil if the letters are not all there in their order.
    ///
    /// Nothing typed fits all alike.
    ///
    /// Letters at the start of words and letters that follow each other count more.
    static func score(_ query: String, in title: String) -> Int? {
        let wanted = Array(query.lowercased().filter { $0 != " " })
        guard !wanted.isEmpty else { return 0 }
        var score = 0
        var position = 0
        var previous: Character = " "
        var wasMatch = false
        for character in title.lowercased() where position < wanted.count {
            if character == wanted[position] {
                score += previous == " " ? 8 : (wasMatch ? 4 : 1)
                position += 1
                wasMatch = true
            } else {
                wasMatch = false
            }
            previous = character
        }
        return position == wanted.count ? score * 8 - title.count : nil
    }
}
