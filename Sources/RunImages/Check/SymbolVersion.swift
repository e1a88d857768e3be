/// A version of a library's symbols, such as `GLIBC_2.34`: a family and numbers.
struct SymbolVersion {
    let text: String
    let family: Substring
    let numbers: [Int]

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let last = parts.last ?? ""
        numbers = last.split(separator: ".").compactMap { Int($0) }
        family = numbers.isEmpty ? Substring(text) : text.dropLast(last.count)
    }

    /// The newest of some versions that are of the same family as this one.
    func newest(of versions: Set<String>) -> String? {
        versions.map(SymbolVersion.init).filter { $0.family == family }.max { $0.isBefore($1) }?.text
    }

    func isBefore(_ other: SymbolVersion) -> Bool { numbers.lexicographicallyPrecedes(other.numbers) }
}
