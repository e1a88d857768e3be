import Diagnostics
import TestSupport
import Testing

@testable import CLI
@testable import OCIImage

@Suite("Rules on waste")
struct EfficiencyRulesTests {
    private func efficiency(_ score: Double, wasted: Int64, _ part: Double, paths: Int = 0) -> ImageEfficiency {
        ImageEfficiency(
            score: score, wastedBytes: wasted, wastedFraction: part, reclaimableBytes: 5,
            paths: (0..<paths).map { .init(path: "/f\($0)", copies: 2, bytes: 10, reclaimable: 5) },
            layers: [])
    }

    @Test(
        "sizes have dive's units: a thousand for MB, 1024 for MiB",
        arguments: [
            ("20000", 20_000), ("20b", 20), ("1k", 1000), ("1.5MB", 1_500_000), ("20mb", 20_000_000),
            ("1gb", 1_000_000_000),
            ("1KiB", 1024), ("20MiB", 20 * 1_048_576), ("2GiB", 2_147_483_648), ("0", 0),
        ] as [(String, Int64)])
    func sizes(text: String, bytes: Int64) throws {
        var rules = EfficiencyRules()
        try rules.set("highestWastedBytes", to: text)
        #expect(rules.highestWastedBytes == bytes)
    }

    @Test("what is no size is refused", arguments: ["", "MB", "-1", "1 MB", "1TB", "1.2.3", "99999999999GB", "nan"])
    func noSizes(text: String) {
        var rules = EfficiencyRules(highestWastedBytes: 7)
        let error = #expect(throws: Failure.self) { try rules.set("highestWastedBytes", to: text) }
        #expect(error?.code == .usage)
        #expect(rules.highestWastedBytes == 7)
    }

    @Test(
        "parts are numbers up to 1, or percent",
        arguments: [("0.9", 0.9), ("90%", 0.9), ("0", 0), ("1", 1), ("100%", 1)])
    func parts(text: String, part: Double) throws {
        var rules = EfficiencyRules()
        try rules.set("lowestEfficiency", to: text)
        try rules.set("highestUserWastedPercent", to: text)
        #expect(rules.lowestEfficiency == part && rules.highestUserWastedPercent == part)
    }

    @Test("what is no part is refused", arguments: ["", "x", "-0.1", "1.1", "101%", "nan", "inf"])
    func noParts(text: String) {
        var rules = EfficiencyRules()
        #expect(throws: Failure.self) { try rules.set("lowestEfficiency", to: text) }
    }

    @Test("disabled and off switch a rule off; an unknown rule is refused with those there are")
    func off() throws {
        var rules = EfficiencyRules.standard
        try rules.set("lowestEfficiency", to: "disabled")
        try rules.set("highestUserWastedPercent", to: "off")
        #expect(rules.lowestEfficiency == nil && rules.highestUserWastedPercent == nil)
        let error = #expect(throws: Failure.self) { try rules.set("lowest", to: "1") }
        #expect(error?.description.contains("highestWastedBytes") == true)
    }

    @Test("a value at its limit holds, the next one does not; what is off is skipped")
    func limits() {
        let rules = EfficiencyRules(lowestEfficiency: 0.9, highestWastedBytes: 100, highestUserWastedPercent: nil)
        func words(_ efficiency: ImageEfficiency) -> [String] {
            rules.verdicts(for: efficiency).map(\.verdict.rawValue)
        }
        #expect(words(efficiency(0.9, wasted: 100, 1)) == ["PASS", "PASS", "SKIP"])
        #expect(words(efficiency(0.899, wasted: 101, 1)) == ["FAIL", "FAIL", "SKIP"])
        #expect(words(efficiency(1, wasted: 0, 0)) == ["PASS", "PASS", "SKIP"])
        let parts = EfficiencyRules(highestUserWastedPercent: 0.1)
        #expect(parts.verdicts(for: efficiency(0, wasted: 9, 0.1)).map(\.verdict.rawValue) == ["SKIP", "SKIP", "PASS"])
        #expect(parts.verdicts(for: efficiency(0, wasted: 9, 0.11)).last?.verdict == .fail)
    }

    @Test("a file's rules stand alone: one that it does not name is off; a wrong line is named")
    func file() throws {
        let text = "rules:\n  # lowestEfficiency: 0.1\n  highest-\n"
        let error = #expect(throws: Failure.self) { try EfficiencyRules(configuration: text, fileName: "f") }
        #expect(error?.description.hasPrefix("f:3: no such rule: highest-") == true)
        let rules = try EfficiencyRules(
            configuration: "rules:\r\n  highestWastedBytes: '20MB' # all of it\r\n", fileName: "f")
        #expect(rules.highestWastedBytes == 20_000_000)
        #expect(rules.lowestEfficiency == nil && rules.highestUserWastedPercent == nil)
    }

    @Test("a flag counts more than the file, the file more than dive's own rules")
    func precedence() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("rules").string
            try folder.appending("rules").write("rules:\n  lowestEfficiency: 0.5\n  highestWastedBytes: 5\n")
            let machine = Machine()
            let both = try RuleOptions.parse(["--ci-config", file, "--lowest-efficiency", "0.7"]).rules(machine)
            #expect(both.lowestEfficiency == 0.7 && both.highestWastedBytes == 5)
            #expect(both.highestUserWastedPercent == nil)
            let ofFile = try RuleOptions.parse(["--ci-config", file]).rules(machine)
            #expect(ofFile.lowestEfficiency == 0.5)
            let own = try RuleOptions.parse(["--highestWastedBytes", "9"]).rules(machine)
            #expect(own.lowestEfficiency == 0.9 && own.highestUserWastedPercent == 0.1 && own.highestWastedBytes == 9)
            let error = #expect(throws: Failure.self) {
                try RuleOptions.parse(["--ci-config", folder.appending("none").string]).rules(machine)
            }
            #expect(error?.description.hasPrefix("--ci-config \(folder)/none: ") == true)
        }
    }

    @Test("the report names the worst ten paths where a rule is broken, and none where all hold")
    func report() throws {
        let strict = EfficiencyRules(highestWastedBytes: 1)
        let broken = EfficiencyReport(efficiency(0.5, wasted: 99, 0.5, paths: 12), strict)
        #expect(broken.hasFailed)
        #expect(broken.text.contains("/f9") && !broken.text.contains("/f10"))
        #expect(try JSONValue(parsing: broken.json())["pass"] == .bool(false))
        let kept = EfficiencyReport(efficiency(0.5, wasted: 1, 0.5, paths: 12), strict)
        #expect(!kept.hasFailed)
        #expect(!kept.text.contains("/f0"))
        #expect(try JSONValue(parsing: kept.json())["pass"] == .bool(true))
    }
}
