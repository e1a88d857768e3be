/// How far a step is.
public struct StepProgress: Sendable, Hashable {
    /// What is done, in a word or two.
    public var step: String
    /// How much of it is done, and how much there is, in the step's own unit; a total of 0 is unknown.
    public var done: Int, total: Int

    /// The done part of one; `nil` where the total is unknown.
    public var fraction: Double? { total > 0 ? min(1, max(0, Double(done) / Double(total))) : nil }
}
