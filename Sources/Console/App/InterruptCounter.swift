import Synchronization

/// Ctrl-C where nothing can be asked: the first cancels the build, the next ones end its commands at once.
final class InterruptCounter: Sendable {
    private let build: BuildHandle?
    private let count = Mutex(0)

    init(_ build: BuildHandle?) { self.build = build }

    func next() {
        let isFirst = count.withLock { count in
            count += 1
            return count == 1
        }
        if isFirst { build?.cancel() } else { build?.kill() }
    }
}
