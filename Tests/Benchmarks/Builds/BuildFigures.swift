import SystemPackage
import TestSupport

/// The times of every contender in every scenario, as a table.
struct BuildFigures {
    /// What a figure should not be above.
    struct Goal {
        var text: String
        var isMet: Bool
    }

    var project: String
    var times: [Scenario: [String: Double]] = [:]

    var lines: [String] {
        let names = ["mixpack", "mix release", "podman build"].filter { name in
            times.values.contains { $0[name] != nil }
        }
        let head = "\(project): medians of five, in seconds (mixpack's ratio to it)"
        return [head]
            + Scenario.allCases.map { scenario in
                let row = times[scenario] ?? [:]
                let cells = names.map { cell(row[$0], of: $0, mixpack: row["mixpack"]) }
                return "  " + padded(scenario.rawValue, 15) + cells.joined(separator: "  ")
            } + goals.map { "  \($0.isMet ? "reached" : "MISSED "): \($0.text)" }
    }

    private func cell(_ time: Double?, of name: String, mixpack: Double?) -> String {
        guard let time else { return "" }
        let ratio = name == "mixpack" ? "" : mixpack.map { " (\(($0 / time).hundredths))" } ?? ""
        return padded("\(name) \(time.hundredths)\(ratio)", name == "mixpack" ? 14 : 28)
    }

    private var goals: [Goal] {
        project == "hello" ? helloGoals : manyGoals
    }

    private var helloGoals: [Goal] {
        [
            over(.first, atMost: 0.35), over(.edit, atMost: 0.15),
        ].compactMap { $0 } + unchangedGoal
    }

    private var manyGoals: [Goal] {
        [Scenario.first, .edit].compactMap { scenario in
            guard let row = times[scenario], let mine = row["mixpack"], let bare = row["mix release"] else {
                return nil
            }
            return Goal(
                text: "\(scenario.rawValue) \((mine / bare).hundredths) × bare mix, to be at most 1.2",
                isMet: mine <= 1.2 * bare)
        } + unchangedGoal
    }

    private var unchangedGoal: [Goal] {
        guard let row = times[.unchanged], let mine = row["mixpack"], let cached = row["podman build"] else {
            return []
        }
        return [
            Goal(
                text: "no change \((mine / cached).hundredths) × podman's cached build, to be at most 0.1",
                isMet: mine <= 0.1 * cached)
        ]
    }

    private func over(_ scenario: Scenario, atMost limit: Double) -> Goal? {
        guard let row = times[scenario], let mine = row["mixpack"], let bare = row["mix release"] else { return nil }
        return Goal(
            text: "\(scenario.rawValue) \((mine - bare).hundredths) s over bare mix, to be at most \(limit) s",
            isMet: mine - bare <= limit)
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
