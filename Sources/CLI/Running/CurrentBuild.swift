import Lifecycle
import Synchronization

/// The build that goes on now, if any: what a signal cancels.
final class CurrentBuild: Sendable {
    private let build = Mutex<RunningBuild?>(nil)

    /// Tells that a build has begun.
    func begin(_ build: RunningBuild) { self.build.withLock { $0 = build } }

    /// Tells that it has ended.
    func end() { build.withLock { $0 = nil } }

    /// Cancels the build; without one, as while files are watched, the program ends.
    func cancel() {
        guard let build = build.withLock({ $0 }) else {
            ProgramExit(code: Lifecycle.ExitCode.cancelled).leave()
        }
        build.cancel()
    }
}
