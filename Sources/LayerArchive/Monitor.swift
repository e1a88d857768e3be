import Glibc

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
