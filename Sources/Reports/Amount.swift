/// Sizes, times and counts as people read them.
public enum Amount {
    /// A size: `999 B`, `1.2 kB`, `34.5 MB`; steps of 1000, one decimal.
    public static func bytes(_ count: Int64) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        var unit = 0
        while value >= 999.95, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(decimal(value, digits: 1)) \(units[unit])"
    }

    /// A time: `0.35 s`, `12.3 s`, `2 min 05 s`.
    public static func seconds(_ seconds: Double) -> String {
        if seconds < 9.995 { return decimal(seconds, digits: 2) + " s" }
        if seconds < 59.95 { return decimal(seconds, digits: 1) + " s" }
        let whole = Int(seconds.rounded())
        let rest = whole % 60
        return "\(whole / 60) min \(rest < 10 ? "0" : "")\(rest) s"
    }

    /// A count with its noun: `1 file`, `2 files`.
    public static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func decimal(_ value: Double, digits: Int) -> String {
        let scale = digits == 1 ? 10 : 100
        let scaled = Int((max(0, value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(scaled / scale).\(zeros)\(fraction)"
    }
}
