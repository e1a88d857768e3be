public import Lifecycle

/// How a build ended.
public enum BuildOutcome: Sendable, Hashable {
    case finished(BuildReport)
    case failed(BuildFailure)
    case cancelled
    /// The events stopped without a last one.
    case lost
}
