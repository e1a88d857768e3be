import TerminalUI

extension Array {
    /// The element that a list's cursor is on.
    func chosen(by list: ListState) -> Element? { indices.contains(list.selection) ? self[list.selection] : nil }
}

extension CaseIterable where Self: Equatable {
    /// The case after this one; after the last the first.
    var next: Self {
        let all = Array(Self.allCases)
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }
}

extension RandomAccessCollection where Index == Int {
    /// The index behind the elements in front that are before something, of a collection that they divide in two.
    func endOfPrefix(where isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
