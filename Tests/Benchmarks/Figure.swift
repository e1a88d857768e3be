extension Double {
    /// The number with two digits after the point.
    var hundredths: String {
        let whole = Int((self * 100).rounded())
        let rest = abs(whole % 100)
        return "\(whole < 0 ? "-" : "")\(abs(whole) / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
