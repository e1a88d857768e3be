import Glibc

/// A thread of its own for work that blocks; it is joined or detached, once.
package struct WorkThread {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Starts the work; `nil` where the system has no thread left.
    package init?(_ body: @escaping () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the work.
    func join() { pthread_join(thread, nil) }

    /// Lets the work go on by itself.
    package func detach() { pthread_detach(thread) }
}

/// A lock that threads hold while they touch what they share, and that tells those who wait of each change.
final class Monitor {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Changes what is shared.
    func locked<Result>(_ change: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = change()
        pthread_cond_broadcast(changed)
        return result
    }

    /// Waits for a condition, and looks at what is shared while it holds.
    @discardableResult
    func wait<Result>(until condition: () -> Bool, then look: () -> Result = {}) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition() { pthread_cond_wait(changed, mutex) }
        return look()
    }
}
