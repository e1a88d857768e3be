import Glibc

/// What waits for a loop: events of the terminal, which go first, and all else in order.
///
/// Putting never waits for the loop.
///
/// Unchecked, because the compiler cannot see that `events` and `items` are touched only with `mutex` held.
final class Inbox<Item: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var events: [InputEvent] = []
    private var items: [Item] = []
    private var lagging: [CheckedContinuation<Void, Never>] = []
    private var isWaiting = false
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Puts an item; false if the loop is gone.
    @discardableResult
    func put(_ item: Item) -> Bool {
        locked { items.append(item) }
    }

    /// Puts an item, and waits as long as a thousand others wait too, or until the loop is gone.
    func putWithPace(_ item: Item) async {
        guard put(item) else { return }
        await withCheckedContinuation { continuation in
            let mustWait = locked {
                if items.count > Inbox.pace { lagging.append(continuation) } else { continuation.resume() }
            }
            if !mustWait { continuation.resume() }
        }
    }

    /// Puts an event; dropped if the loop is gone.
    func put(event: InputEvent) {
        _ = locked { events.append(event) }
    }

    /// Takes the last items; nothing can be put any more.
    func close() -> [Item] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        resumeLagging()
        return items
    }

    /// Whether a key or the like waits.
    var hasEvents: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return !events.isEmpty
    }

    /// All that waits; first waits for something to come, at most `timeout`, or for ever where nil.
    ///
    /// Items stay where they are unless `andItems`: a loop with work enough leaves them, so that senders notice.
    func take(timeout: Duration?, andItems: Bool) -> (events: [InputEvent], items: [Item]) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = timespec()
        if let timeout { deadline = Inbox.deadline(after: timeout) }
        isWaiting = true
        while events.isEmpty, items.isEmpty || !andItems {
            if timeout == nil {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &deadline) != 0 {
                break
            }
        }
        isWaiting = false
        let taken = (events, andItems ? items : [])
        events = []
        guard andItems else { return taken }
        items = []
        resumeLagging()
        return taken
    }

    private func resumeLagging() {
        for continuation in lagging { continuation.resume() }
        lagging = []
    }

    private func locked(_ body: () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if isClosed { return false }
        body()
        if isWaiting { pthread_cond_signal(condition) }
        return true
    }

    private static var pace: Int { 1024 }

    private static func deadline(after timeout: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let parts = timeout.components
        let nanoseconds = time.tv_nsec + Int(parts.attoseconds / 1_000_000_000)
        time.tv_sec += Int(parts.seconds) + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        return time
    }
}
