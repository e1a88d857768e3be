/// Sizes as people read them: `118 MB`, `2.1 MB`, `640 B`; decimal units, as engines print them.
enum ByteCount {
    /// The size in at most six characters.
    static func text(_ bytes: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(bytes.magnitude)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let sign = bytes < 0 ? "-" : ""
        let number = unit == 0 || value >= 9.95 ? String(Int(value.rounded())) : Decimals.text(value, digits: 1)
        return "\(sign)\(number) \(units[unit])"
    }

    /// The difference with its sign, such as `+2.1 MB`.
    static func difference(_ bytes: Int64) -> String { (bytes < 0 ? "" : "+") + text(bytes) }
}
