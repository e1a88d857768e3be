/// Durations as people read them.
enum Seconds {
    /// A time that has been measured: `0.42s`, `8.1s`, `1m 02s`, `1h 05m`.
    static func text(_ seconds: Double) -> String {
        if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded()))ms" }
        if seconds < 9.95 { return Decimals.text(seconds, digits: 1) + "s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m \(padded(whole % 60))s" }
        return "\(whole / 3600)h \(padded(whole / 60 % 60))m"
    }

    /// A running clock: `00:42`, `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = max(0, Int(seconds))
        let minutes = padded(whole / 60 % 60) + ":" + padded(whole % 60)
        return whole < 3600 ? minutes : "\(whole / 3600):\(minutes)"
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
