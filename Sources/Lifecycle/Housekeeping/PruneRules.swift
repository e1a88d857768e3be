import Diagnostics
import Text

/// What a prune may take besides what nothing needs.
package struct PruneRules: Sendable, Hashable {
    /// Only what is older, in seconds.
    package var olderThan: Double?
    /// Only until all that is left has at most so many bytes, the oldest first.
    package var keepSize: Int64?
    /// Images with names of the user's too.
    package var takesNamed = false

    package init(olderThan: Double? = nil, keepSize: Int64? = nil, takesNamed: Bool = false) {
        self.olderThan = olderThan
        self.keepSize = keepSize
        self.takesNamed = takesNamed
    }

    /// Reads an age: `90m`, `12h`, `30d`, `2w`.
    /// - Throws: `Failure` of code `usage`.
    package static func age(_ text: String) throws(Failure) -> Double {
        let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0 else {
            throw Failure(.usage, "\"\(text)\" is not an age", advice: "write a number and m, h, d or w: 30d")
        }
        return Double(count) * unit
    }

    /// Reads a size as mixpack prints them, in steps of 1000: `500MB`, `1.5 GB`.
    /// - Throws: `Failure` of code `usage`.
    package static func size(_ text: String) throws(Failure) -> Int64 {
        let units = ["B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text[number.endIndex...].filter { $0 != " " }.uppercased()
        guard let factor = units[unit], let count = Double(number), count * factor < 1e18 else {
            throw Failure(.usage, "\"\(text)\" is not a size", advice: "write a number and kB, MB or GB: 5GB")
        }
        return Int64(count * factor)
    }
}
