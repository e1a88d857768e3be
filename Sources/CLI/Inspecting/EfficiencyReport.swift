import Files
import OCIImage
import Reports
import Text

/// What `mixpack inspect --ci` prints: the figures, each rule with its verdict, and where the waste is.
struct EfficiencyReport {
    let efficiency: ImageEfficiency
    let verdicts: [EfficiencyRules.Verdict]

    init(_ efficiency: ImageEfficiency, _ rules: EfficiencyRules) {
        self.efficiency = efficiency
        verdicts = rules.verdicts(for: efficiency)
    }

    /// Whether a rule is broken.
    var hasFailed: Bool { verdicts.contains { $0.verdict == .fail } }

    /// The report in lines.
    var text: String {
        let width = verdicts.map(\.rule.count).max() ?? 0
        let rules = verdicts.map { "\($0.verdict.rawValue)  \($0.rule.padding(to: width))  \($0.text)" }
        let paths = efficiency.paths.prefix(hasFailed ? 10 : 0).map { path in
            "  \(Amount.bytes(path.bytes).leftPadded(to: 10))  \(path.copies) times  \(path.path)"
        }
        let places = paths.isEmpty ? [] : ["In more than one layer, largest first:"] + paths
        let saving = "reclaimable: \(Amount.bytes(efficiency.reclaimableBytes)) in copies that upper layers hide"
        return (rules + [saving] + places).joined(separator: "\n")
    }

    /// The report as JSON, keys sorted.
    func json() throws -> String {
        struct Document: Encodable {
            var efficiency: Double
            var wastedBytes: Int64
            var userWastedPercent: Double
            var reclaimableBytes: Int64
            var rules: [EfficiencyRules.Verdict]
            var pass: Bool
        }
        let document = Document(
            efficiency: efficiency.score, wastedBytes: efficiency.wastedBytes,
            userWastedPercent: efficiency.wastedFraction, reclaimableBytes: efficiency.reclaimableBytes,
            rules: verdicts, pass: !hasFailed)
        return try document.json()
    }
}
