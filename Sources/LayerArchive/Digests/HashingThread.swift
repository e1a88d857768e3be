import Glibc

/// Hashes on a thread of its own what is written meanwhile: parts are copied into a few buffers, which go round.
///
/// Everything is touched with `mutex` held, but for the buffer that either side works on.
final class HashingThread {
    private static let partSize = 1 << 20
    private static let partCount = 4

    private let hash: RunningHash
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: partSize * partCount, alignment: 4096)
    private var thread: pthread_t?
    /// The sizes of the parts that wait to be hashed, oldest first.
    private var sizes: [Int] = []
    private var nextPart = 0
    private var isOver = false

    /// Goes on with a hash; `nil` where the system has no thread left.
    init?(_ hash: RunningHash) {
        self.hash = hash
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<HashingThread>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            return nil
        }
        self.thread = thread
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        space.deallocate()
    }

    /// Adds bytes; waits only where all buffers are full.
    func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let bytes = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.partSize))
            wait { sizes.count < Self.partCount }
            part(nextPart).copyMemory(from: bytes)
            nextPart = (nextPart + 1) % Self.partCount
            locked { sizes.append(bytes.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[bytes.count...])
        }
    }

    /// Ends the thread once all is hashed.
    func end() {
        locked { isOver = true }
        if let thread { pthread_join(thread, nil) }
        thread = nil
    }

    private func work() {
        var number = 0
        while true {
            wait { !sizes.isEmpty || isOver }
            guard let size = locked({ sizes.first }) else { return }
            hash.update(UnsafeRawBufferPointer(rebasing: part(number)[..<size]))
            number = (number + 1) % Self.partCount
            locked { _ = sizes.removeFirst() }
        }
    }

    private func part(_ number: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: space[number * Self.partSize..<(number + 1) * Self.partSize])
    }

    private func wait(until condition: () -> Bool) {
        pthread_mutex_lock(mutex)
        while !condition() { pthread_cond_wait(changed, mutex) }
        pthread_mutex_unlock(mutex)
    }

    private func locked<Result>(_ change: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = change()
        pthread_cond_signal(changed)
        return result
    }
}
