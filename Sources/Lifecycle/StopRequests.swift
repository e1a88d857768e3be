/// What requests to stop a build do, such as Ctrl-C and SIGTERM: the first cancels it, each later one ends it at once.
///
/// A cancelled build ends its commands in order; a screen asks before it passes the first request on.
package struct StopRequests: Sendable {
    package enum Answer: Sendable {
        case cancel, endAtOnce
    }

    private var hasCancelled = false

    package init() {}

    /// Counts one more request.
    package mutating func next() -> Answer {
        defer { hasCancelled = true }
        return hasCancelled ? .endAtOnce : .cancel
    }
}
