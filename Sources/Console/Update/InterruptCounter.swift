import Lifecycle
import Synchronization

/// Ctrl-C where nothing can be asked.
final class InterruptCounter: Sendable {
    private let build: BuildHandle?
    private let requests = Mutex(StopRequests())

    init(_ build: BuildHandle?) { self.build = build }

    func next() {
        switch requests.withLock({ $0.next() }) {
        case .cancel: build?.cancel()
        case .endAtOnce: build?.kill()
        }
    }
}
