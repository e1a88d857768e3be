import Synchronization

/// Carries a started process's group out of the closure that alone learns it.
final class LeaderBox: Sendable {
    private let held = Mutex<ProcessGroup?>(nil)

    /// The group; `nil` while nothing is started.
    var group: ProcessGroup? { held.withLock { $0 } }

    func set(_ group: ProcessGroup) { held.withLock { $0 = group } }
}
