public import Lifecycle

/// A stretch of the log that can be folded: a phase, or a command within one.
public struct LogSection: Sendable, Hashable {
    /// What the stretch belongs to.
    public enum Kind: Sendable, Hashable {
        case phase(Phase)
        case command(Int)
    }

    /// What it belongs to.
    public var kind: Kind
    /// The number of its heading's line.
    public var heading: Int
    /// The number of the line after its last; `nil` while it goes on.
    public var end: Int?
    /// How long it took, in seconds, once it ended.
    public var seconds: Double?
    /// Whether it went wrong.
    public var hasFailed = false
}
