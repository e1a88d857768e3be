import ArgumentParser
import Diagnostics
import FoundationEssentials

/// The options of `mixpack inspect --ci`, by dive's names.
struct RuleOptions: ParsableArguments {
    @Flag(help: "Check the image against rules for wasted space; exit with 1 if it breaks one.")
    var ci = false

    @Option(
        help: ArgumentHelp(
            "The file with the rules; by default .dive-ci of this folder, if it exists.", valueName: "file"),
        completion: .file())
    var ciConfig: String?

    @Option(
        name: [.customLong("lowest-efficiency"), .customLong("lowestEfficiency")],
        help: ArgumentHelp("The lowest efficiency allowed, or off.", valueName: "0.9"))
    var lowestEfficiency: String?

    @Option(
        name: [.customLong("highest-wasted-bytes"), .customLong("highestWastedBytes")],
        help: ArgumentHelp("The most bytes that may be wasted, or off.", valueName: "20MB"))
    var highestWastedBytes: String?

    @Option(
        name: [.customLong("highest-user-wasted-percent"), .customLong("highestUserWastedPercent")],
        help: ArgumentHelp(
            "The largest part of the layers above the lowest one that may be wasted, or off.", valueName: "0.1"))
    var highestUserWastedPercent: String?

    /// The rules: a flag wins over the file, the file over dive's defaults.
    func rules(_ machine: Machine) throws -> EfficiencyRules {
        var rules = EfficiencyRules.standard
        let file = machine.absolute(ciConfig ?? ".dive-ci").string
        if let data = FileManager.default.contents(atPath: file) {
            rules = try EfficiencyRules(configuration: String(decoding: data, as: UTF8.self), fileName: file)
        } else if ciConfig != nil {
            throw Failure(
                .usage, "--ci-config \(file): cannot read the file",
                advice: "check that it exists; without --ci-config, dive's own rules apply")
        }
        let flags = [
            ("lowestEfficiency", lowestEfficiency), ("highestWastedBytes", highestWastedBytes),
            ("highestUserWastedPercent", highestUserWastedPercent),
        ]
        for (name, value) in flags { if let value { try rules.set(name, to: value) } }
        return rules
    }
}
