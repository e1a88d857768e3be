import OCIImage
import TerminalUI

/// A search in the files of a tree: the matches in the order of the rows, also those in closed folders.
struct FileSearch: Sendable {
    let pattern: SearchPattern
    private(set) var matches: [FileTree.ID] = []
    /// Where each file comes in the order of the rows.
    private var places: [FileTree.ID: Int32] = [:]
    private var isKnown = false

    init(_ pattern: SearchPattern) { self.pattern = pattern }

    /// Looks again when it is next asked: other files are shown, or in another order.
    mutating func forgetMatches() { isKnown = false }

    /// Finds the matches unless they are known: by the name, or by the path if the pattern has a "/".
    mutating func find(in files: ShownFiles) {
        guard !isKnown else { return }
        isKnown = true
        matches = []
        places = [:]
        places.reserveCapacity(files.tree.count)
        let searchesPaths = pattern.text.contains("/")
        var waiting = files.children(of: .root).reversed().map { ($0, "") }
        while let (id, folder) = waiting.popLast() {
            let name = files.tree.name(of: id)
            let path = searchesPaths ? "\(folder)/\(name)" : ""
            places[id] = Int32(places.count)
            if pattern.isFound(in: searchesPaths ? path : name) { matches.append(id) }
            guard files.tree[id].kind == .directory else { continue }
            waiting += files.children(of: id).reversed().map { ($0, path) }
        }
    }

    /// The match after a file or before it, around the end of the tree; without a file the first.
    func next(from id: FileTree.ID?, forward: Bool, includingStart: Bool) -> Int? {
        guard !matches.isEmpty else { return nil }
        guard let start = id.flatMap({ places[$0] }) else { return forward ? 0 : matches.count - 1 }
        let isBefore: (FileTree.ID) -> Bool = { (places[$0] ?? 0) < start }
        let first = matches.endOfPrefix(where: isBefore)
        let isOnMatch = first < matches.count && matches[first] == id
        if forward {
            let next = isOnMatch && !includingStart ? first + 1 : first
            return next % matches.count
        }
        return (first - 1 + matches.count) % matches.count
    }
}
