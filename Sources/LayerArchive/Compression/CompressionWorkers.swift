import Diagnostics
import Glibc

/// Threads that compress blocks, which come back in the order in which they were given.
///
/// The threads live as long as the work does: where waking one takes long, starting one for each block costs more than the
/// compression itself. Everything is touched with `mutex` held, but for the block that a thread works on.
final class CompressionWorkers {
    /// A block on its way.
    private final class Job {
        let compressor: BlockCompressor
        var output: UnsafeRawBufferPointer?
        var isDone = false

        init(_ compressor: BlockCompressor) { self.compressor = compressor }
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private var threads: [pthread_t] = []
    private var jobs: [Job] = []
    private var waiting: [Job] = []
    private var isOver = false

    /// Creates the workers; threads are started as blocks come.
    init(threads: Int) {
        limit = max(1, threads)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// How many blocks are on their way.
    var count: Int { jobs.count }

    /// Gives a block.
    func add(_ compressor: BlockCompressor) {
        let job = Job(compressor)
        jobs.append(job)
        if threads.count < limit, threads.count < jobs.count { startThread() }
        guard !threads.isEmpty else {
            // Without a thread to spare the work is done here.
            job.output = compressor.compress()
            job.isDone = true
            return
        }
        locked { waiting.append(job) }
    }

    /// Waits for the oldest block; what it came to stands until the compressor is used again.
    func takeOldest() throws(Failure) -> (compressor: BlockCompressor, output: UnsafeRawBufferPointer) {
        let job = jobs.removeFirst()
        pthread_mutex_lock(mutex)
        while !job.isDone { pthread_cond_wait(changed, mutex) }
        pthread_mutex_unlock(mutex)
        guard let output = job.output else { throw Failure(.unsupported, "a block cannot be compressed") }
        return (job.compressor, output)
    }

    /// Ends the threads once they have done what they are at.
    func end() {
        locked {
            isOver = true
            waiting = []
        }
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    private func startThread() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<CompressionWorkers>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context.toOpaque())
        if status == 0 { threads.append(thread) } else { context.release() }
    }

    private func work() {
        while let job = next() {
            job.output = job.compressor.compress()
            locked { job.isDone = true }
        }
    }

    private func next() -> Job? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty, !isOver { pthread_cond_wait(changed, mutex) }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    private func locked(_ change: () -> Void) {
        pthread_mutex_lock(mutex)
        change()
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
