import Text

/// How far the work on one of the project's dependencies is.
package struct DependencyStep: Sendable, Hashable, Codable {
    package enum Work: String, Sendable, Hashable, Codable {
        case fetching, compiling
    }

    package var name: String
    package var work: Work
    /// Its place in the order of the work, from 1, and how many there are.
    package var number: Int
    package var total: Int
    /// How long it took, once it is done.
    package var seconds: Double?
    /// How long it and all that follow will take; `nil` where one of them was never done on this machine.
    package var secondsLeft: Double?

    /// The line of a log: what was compiled, and how long it took.
    ///
    /// What is fetched has lines of mix's own.
    package var line: String? {
        guard work == .compiling, let seconds else { return nil }
        return "compiled \(name) (\(number) of \(total)) in \(Amount.seconds(seconds))"
    }

    /// What is left, for people: `about 40s left`; `nil` where that is not known, and where it takes longer than thought.
    /// - Parameter passed: the seconds since the step was reported.
    package func remainder(after passed: Double) -> String? {
        guard let left = secondsLeft.map({ $0 - passed }), left >= 1 else { return nil }
        let text = left < 59.5 ? "\(Int(left.rounded()))s" : Amount.shortSeconds(left)
        return "about \(text) left"
    }

    package init(
        _ name: String, _ work: Work, number: Int, total: Int, seconds: Double? = nil, secondsLeft: Double? = nil
    ) {
        self.name = name
        self.work = work
        self.number = number
        self.total = total
        self.seconds = seconds
        self.secondsLeft = secondsLeft
    }
}
