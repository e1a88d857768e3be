/// A version as Elixir's `Version` module reads it: `1.14.0`, `1.18.0-rc.1`, build metadata after `+`.
struct ElixirVersion: Sendable, Hashable, CustomStringConvertible {
    /// One part of a pre-release, numbers before words.
    enum PreRelease: Sendable, Hashable {
        case number(Int)
        case word(String)
    }

    let major: Int
    let minor: Int
    /// `nil` only in requirements, where `~> 1.14` leaves it out.
    let patch: Int?
    let preRelease: [PreRelease]

    /// Reads a whole version; `nil` where Elixir would refuse it.
    init?(_ text: Substring) {
        self.init(text, allowsMissingPatch: false)
    }

    /// Reads a whole version; `nil` where Elixir would refuse it.
    init?(_ text: String) {
        self.init(text[...])
    }

    init?(_ text: Substring, allowsMissingPatch: Bool) {
        let core = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let halves = core.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 3 || (allowsMissingPatch && numbers.count == 2) else { return nil }
        guard let major = numbers[0], let minor = numbers[1] else { return nil }
        if numbers.count == 3 && numbers[2] == nil { return nil }
        let words = halves.count == 2 ? halves[1].split(separator: ".", omittingEmptySubsequences: false) : []
        if words.contains(where: \.isEmpty) { return nil }
        self.major = major
        self.minor = minor
        patch = numbers.count == 3 ? numbers[2] : nil
        preRelease = words.map { word in Self.number(word).map { .number($0) } ?? .word(String(word)) }
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.count > 1 && text.hasPrefix("0") ? nil : Int(text)
    }

    /// The version as it is written.
    var description: String {
        let numbers = [major, minor, patch].compactMap { $0 }.map(String.init).joined(separator: ".")
        let words = preRelease.map { part in
            switch part {
            case .number(let number): String(number)
            case .word(let word): word
            }
        }
        return words.isEmpty ? numbers : numbers + "-" + words.joined(separator: ".")
    }
}

extension ElixirVersion: Comparable {
    static func < (left: ElixirVersion, right: ElixirVersion) -> Bool {
        let numbers = (left.major, left.minor, left.patch ?? 0)
        let others = (right.major, right.minor, right.patch ?? 0)
        if numbers != others { return numbers < others }
        // A pre-release comes before the version that it leads to.
        if left.preRelease.isEmpty || right.preRelease.isEmpty {
            return !left.preRelease.isEmpty && right.preRelease.isEmpty
        }
        return left.preRelease.lexicographicallyPrecedes(right.preRelease, by: Self.precedes)
    }

    private static func precedes(_ left: PreRelease, _ right: PreRelease) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.number, .word): true
        case (.word, .number): false
        case (.word(let left), .word(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
