/// A version of Erlang/OTP: one to five numbers, and `-rc1` for a candidate.
///
/// It is no semantic version.
///
/// Source: [Versions](https://www.erlang.org/doc/system/versions.html).
package struct OTPVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let numbers: [Int]
    /// The number of the release candidate; `nil` for a release.
    package let candidate: Int?

    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) && $0.utf8.count <= 6 ? Int($0) : nil }
        guard numbers.count == parts.count, (1...5).contains(numbers.count) else { return nil }
        self.numbers = numbers
        guard halves.count == 2 else {
            candidate = nil
            return
        }
        guard halves[1].hasPrefix("rc"), let number = Int(halves[1].dropFirst(2)) else { return nil }
        candidate = number
    }

    package var major: Int { numbers[0] }

    package var description: String {
        numbers.map(String.init).joined(separator: ".") + (candidate.map { "-rc\($0)" } ?? "")
    }

    /// Older before newer; a candidate before its release.
    package static func < (left: OTPVersion, right: OTPVersion) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        return (left.candidate ?? .max) < (right.candidate ?? .max)
    }
}
