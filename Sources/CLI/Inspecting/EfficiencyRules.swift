import Diagnostics
import OCIImage
import Reports
import Text

/// The rules of `mixpack inspect --ci`, with dive's names and meanings, so that a `.dive-ci` file works as it is.
struct EfficiencyRules {
    /// The least part of the layers that has to be of use, from 0 to 1; `nil` is off.
    var lowestEfficiency: Double?
    /// The most bytes that may be in several layers; `nil` is off.
    var highestWastedBytes: Int64?
    /// The largest part of the layers above the lowest that may be wasted, from 0 to 1; `nil` is off.
    var highestUserWastedPercent: Double?

    /// What holds without a file: dive's defaults.
    static let standard = EfficiencyRules(lowestEfficiency: 0.9, highestUserWastedPercent: 0.1)

    /// How a rule turned out.
    struct Verdict: Encodable {
        enum Word: String, Encodable {
            case pass = "PASS"
            case fail = "FAIL"
            case skip = "SKIP"
        }

        var rule: String
        var verdict: Word
        var limit: Double?
        var value: Double
        /// The limit and the value for people.
        var text: String
    }

    /// How each rule turns out for an image.
    func verdicts(for efficiency: ImageEfficiency) -> [Verdict] {
        let wasted = Double(efficiency.wastedBytes)
        return [
            Self.verdict("lowestEfficiency", lowestEfficiency, efficiency.score, isMost: false, Self.percent),
            Self.verdict("highestWastedBytes", highestWastedBytes.map(Double.init), wasted, isMost: true) {
                Amount.bytes(Int64($0))
            },
            Self.verdict(
                "highestUserWastedPercent", highestUserWastedPercent, efficiency.wastedFraction, isMost: true,
                Self.percent),
        ]
    }

    private static func verdict(
        _ rule: String, _ limit: Double?, _ value: Double, isMost: Bool, _ text: (Double) -> String
    ) -> Verdict {
        guard let limit else {
            return Verdict(rule: rule, verdict: .skip, value: value, text: "off; it is \(text(value))")
        }
        let isKept = isMost ? value <= limit : value >= limit
        let words = "\(text(value)), \(isMost ? "at most" : "at least") \(text(limit))"
        return Verdict(rule: rule, verdict: isKept ? .pass : .fail, limit: limit, value: value, text: words)
    }

    private static func percent(_ part: Double) -> String {
        let hundredths = (part * 10_000).rounded() / 100
        return "\(hundredths) %"
    }
}

extension EfficiencyRules {
    /// Reads a `.dive-ci` file: `rules:` and below it a name and a value a line.
    ///
    /// A rule that is not in it is off.
    /// - Throws: `Failure` that names the line.
    init(configuration text: String, fileName: String) throws {
        self.init()
        // A file of Windows has "\r\n", which is one character.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == ":" }.map(String.init)
            guard let name = words.first, name != "rules" else { continue }
            let value = words.dropFirst().joined().filter { $0 != "\"" && $0 != "'" }
            do throws(Failure) {
                try set(name, to: value)
            } catch {
                throw Failure(.usage, error.message, at: Place(fileName, line: index + 1))
            }
        }
    }

    /// Sets a rule by its name; `disabled` switches it off.
    mutating func set(_ name: String, to value: String) throws(Failure) {
        let isOff = value == "disabled" || value == "off"
        switch name {
        case "lowestEfficiency": lowestEfficiency = isOff ? nil : try Self.part(value, name)
        case "highestUserWastedPercent": highestUserWastedPercent = isOff ? nil : try Self.part(value, name)
        case "highestWastedBytes": highestWastedBytes = isOff ? nil : try Self.bytes(value, name)
        default:
            throw Failure(
                .usage, "no such rule: \(name)",
                advice: "there are lowestEfficiency, highestWastedBytes and highestUserWastedPercent")
        }
    }

    /// A part of one: `0.1` or `10%`.
    private static func part(_ text: String, _ name: String) throws(Failure) -> Double {
        let isPercent = text.hasSuffix("%")
        if let number = Double(isPercent ? String(text.dropLast()) : text) {
            let part = isPercent ? number / 100 : number
            if (0...1).contains(part) { return part }
        }
        throw Failure(.usage, "\(name): \(text) is not a number from 0 to 1", advice: "write for example 0.1, or 10%")
    }

    /// A number of bytes: `20000`, `20kB`, `1.5MB`, `20MiB`.
    private static func bytes(_ text: String, _ name: String) throws(Failure) -> Int64 {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).lowercased()
        let units: [String: Double] = [
            "": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "kib": 1024,
            "mib": 1_048_576, "gib": 1_073_741_824,
        ]
        guard let number = Double(digits), let factor = units[unit], number * factor < 9e18 else {
            throw Failure(
                .usage, "\(name): \(text) is not a size", advice: "write bytes, or a number with kB, MB or GB")
        }
        return Int64(number * factor)
    }
}
