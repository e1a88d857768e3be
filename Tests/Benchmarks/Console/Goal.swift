/// A figure that is to be reached, as a line of the report.
struct Goal {
    var text: String
    var isReached: Bool

    /// Prints it.
    func tell() { report("  \(isReached ? "reached" : "MISSED "): \(text)") }
}
