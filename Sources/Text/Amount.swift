/// Sizes, times and counts as people read them, without a locale.
package enum Amount {
    // MARK: Sizes

    /// A size in at most seven characters: `999 B`, `1.2 kB`, `34.5 MB`, `118 MB`; steps of 1000, as engines print them.
    package static func bytes(_ count: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count.magnitude)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let sign = count < 0 ? "-" : ""
        return "\(sign)\(decimal(value, digits: unit == 0 || value >= 99.95 ? 0 : 1)) \(units[unit])"
    }

    /// A difference of sizes with its sign: `+2.1 MB`.
    package static func difference(_ bytes: Int64) -> String { (bytes < 0 ? "" : "+") + Self.bytes(bytes) }

    // MARK: Times

    /// A time in a sentence: `0.35 s`, `12.3 s`, `2 min 05 s`.
    package static func seconds(_ seconds: Double) -> String {
        if seconds < 9.995 { return decimal(max(0, seconds), digits: 2) + " s" }
        if seconds < 59.95 { return decimal(seconds, digits: 1) + " s" }
        let whole = Int(seconds.rounded())
        return "\(whole / 60) min \(padded(whole % 60)) s"
    }

    /// A time in a narrow column: `420ms`, `8.1s`, `1m 02s`, `1h 05m`.
    package static func shortSeconds(_ seconds: Double) -> String {
        if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded()))ms" }
        if seconds < 9.95 { return decimal(seconds, digits: 1) + "s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m \(padded(whole % 60))s" }
        return "\(whole / 3600)h \(padded(whole / 60 % 60))m"
    }

    /// A running clock: `00:42`, `1:02:03`.
    package static func clock(_ seconds: Double) -> String {
        let whole = max(0, Int(seconds))
        let minutes = padded(whole / 60 % 60) + ":" + padded(whole % 60)
        return whole < 3600 ? minutes : "\(whole / 3600):\(minutes)"
    }

    /// How long ago something was: `just now`, `3 min ago`, `2 days ago`.
    package static func age(seconds: Double) -> String {
        switch seconds {
        case ..<60: "just now"
        case ..<3600: "\(Int(seconds / 60)) min ago"
        case ..<86_400: "\(Int(seconds / 3600)) h ago"
        case ..<172_800: "1 day ago"
        default: "\(Int(seconds / 86_400)) days ago"
        }
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    // MARK: Numbers

    /// A count with its noun: `1 file`, `2 files`.
    package static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// A number with so many digits after the point.
    package static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "?" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value.magnitude * scale).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % Int64(scale))
        return sign + String(scaled / Int64(scale)) + "." + String(repeating: "0", count: digits - fraction.count)
            + fraction
    }

    /// A number with a blank between groups of three digits: `12 345`.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result += " " }
            result.append(digit)
        }
        return result
    }
}
