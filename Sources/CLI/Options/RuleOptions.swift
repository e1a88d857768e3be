import ArgumentParser
import Diagnostics
import FoundationEssentials

/// The options of `mixpack inspect --ci`, by dive's names.
struct RuleOptions: ParsableArguments {
    @Flag(help: "Check the image against rules on waste; exit with 1 where one is broken.")
    var ci = false

    @Option(help: ArgumentHelp("The rules' file; .dive-ci of this folder where it is there.", valueName: "file"))
    var ciConfig: String?

    @Option(
        name: [.customLong("lowest-efficiency"), .customLong("lowestEfficiency")],
        help: ArgumentHelp("The least part that must be of use, or off.", valueName: "0.9"))
    var lowestEfficiency: String?

    @Option(
        name: [.customLong("highest-wasted-bytes"), .customLong("highestWastedBytes")],
        help: ArgumentHelp("The most that may be wasted, or off.", valueName: "20MB"))
    var highestWastedBytes: String?

    @Option(
        name: [.customLong("highest-user-wasted-percent"), .customLong("highestUserWastedPercent")],
        help: ArgumentHelp("The largest part above the lowest layer that may be wasted, or off.", valueName: "0.1"))
    var highestUserWastedPercent: String?

    /// The rules: a flag wins over the file, the file over dive's defaults.
    func rules(_ machine: Machine) throws -> EfficiencyRules {
        var rules = EfficiencyRules.standard
        let file = machine.absolute(ciConfig ?? ".dive-ci").string
        if let data = FileManager.default.contents(atPath: file) {
            rules = try EfficiencyRules(configuration: String(decoding: data, as: UTF8.self), fileName: file)
        } else if ciConfig != nil {
            throw Failure(
                .usage, "--ci-config \(file): the file cannot be read",
                advice: "check that it is there; without --ci-config dive's own rules hold")
        }
        let flags = [
            ("lowestEfficiency", lowestEfficiency), ("highestWastedBytes", highestWastedBytes),
            ("highestUserWastedPercent", highestUserWastedPercent),
        ]
        for (name, value) in flags { if let value { try rules.set(name, to: value) } }
        return rules
    }
}
