import Text

extension TOMLTable {
    /// The entries whose keys are not among these, in the order of the file.
    package func unknownEntries(besides known: [String]) -> [Entry] {
        entries.filter { entry in !known.contains { keyMatching.matches($0, entry.key) } }
    }

    /// Refuses the first key that is not among these.
    /// - Parameter place: How a message names this table, for example `[colors]`; by default it is not named.
    /// - Throws: `TOMLError` at the key; it names the nearest known one, or all when none is near.
    package func rejectUnknownKeys(besides known: [String], in place: String = "") throws(TOMLError) {
        guard let entry = unknownEntries(besides: known).first else { return }
        let near = known.map { (key: $0, distance: NearestWord.distance($0, entry.key)) }.min {
            $0.distance < $1.distance
        }
        let advice =
            near.flatMap { $0.distance <= 2 ? "did you mean \($0.key)?" : nil }
            ?? "known keys: \(known.joined(separator: ", "))"
        throw TOMLError(
            fileName: fileName, position: entry.position,
            message: "unknown key \(entry.key)\(place.isEmpty ? "" : " in \(place)"); \(advice)")
    }
}
