import SystemPackage
import TestSupport

/// What every contender took in every scenario and condition, as a table.
struct BuildFigures {
    var project: String
    var rounds: Int
    var costs: [Condition: [Scenario: [String: [BuildCost]]]] = [:]

    private static let own = "mixpack"
    private static let names = [own, "mix release", "podman build"]

    var lines: [String] {
        let head = "\(project): medians of \(rounds) in seconds, and mixpack's ratio to them"
        let rows = Condition.allCases.flatMap { condition in
            ["  \(condition.rawValue)"] + Scenario.allCases.map { row($0, condition) }
        }
        return [head] + rows + goals + remark
    }

    private func median(_ name: String, _ scenario: Scenario, _ condition: Condition) -> BuildCost? {
        BuildCost.median(costs[condition]?[scenario]?[name] ?? [])
    }

    /// A line of the table.
    /// - Parameter isNamed: whether it says project and condition itself, because it is not below their headings.
    func row(_ scenario: Scenario, _ condition: Condition, isNamed: Bool = false) -> String {
        let own = median(Self.own, scenario, condition)
        let cells = Self.names.compactMap { name -> String? in
            guard let cost = median(name, scenario, condition) else { return nil }
            let isBusy = costs[condition]?[scenario]?[name]?.contains(where: \.isBusy) ?? false
            let ratio = name == Self.own ? nil : own.map { ", \(($0.wall / cost.wall).hundredths) ×" }
            return "\(name) \(cost.text)\(isBusy ? " BUSY" : "")\(ratio ?? "")"
        }
        let name = isNamed ? "\(project), \(scenario.rawValue) \(condition.rawValue): " : "    \(scenario.rawValue): "
        return name + cells.joined(separator: "; ")
    }

    /// What to think of the figures, if the machine was busy.
    private var remark: [String] {
        let all = costs.values.flatMap(\.values).flatMap(\.values).joined()
        let busy = all.filter(\.isBusy)
        guard let worst = busy.map(\.foreignShare).max() else { return ["  the machine was quiet in all runs"] }
        return [
            "  BUSY: in \(busy.count) of \(all.count) runs other programs had up to \(Int(worst * 100)) % of the machine, or its",
            "  disk never rested; measure again on a quiet machine before you give these figures to anyone",
        ]
    }

    private var goals: [String] {
        let overMix = Condition.allCases.flatMap { condition in
            [Scenario.first, .edit].compactMap { scenario in
                goal("\(scenario.rawValue) \(condition.rawValue)", over: "mix release", 1.1, scenario, condition)
            }
        }
        return overMix + [goal("no change", over: "podman build", 0.1, .unchanged, .settled)].compactMap { $0 }
    }

    private func goal(
        _ what: String, over other: String, _ limit: Double, _ scenario: Scenario, _ condition: Condition
    ) -> String? {
        guard let own = median(Self.own, scenario, condition), let theirs = median(other, scenario, condition) else {
            return nil
        }
        let ratio = own.wall / theirs.wall
        return
            "  \(ratio <= limit ? "reached" : "MISSED "): \(what) \(ratio.hundredths) × \(other), to be at most \(limit)"
    }
}
