import Diagnostics
import Files

/// Threads that compress blocks, which come back in the order in which they were given.
///
/// The threads live as long as the work does: where waking one takes long, starting one for each block costs more than the
/// compression itself. Everything is touched with `monitor` held, but for the block that a thread works on.
final class CompressionWorkers {
    /// A block on its way.
    private final class Job {
        let compressor: BlockCompressor
        var output: UnsafeRawBufferPointer?
        var isDone = false

        init(_ compressor: BlockCompressor) { self.compressor = compressor }
    }

    private let monitor = Monitor()
    private let limit: Int
    private var threads: [WorkThread] = []
    private var jobs: [Job] = []
    private var waiting: [Job] = []
    private var isOver = false

    /// Creates the workers; threads are started as blocks come.
    init(threads: Int) { limit = max(1, threads) }

    /// How many blocks are on their way.
    var count: Int { jobs.count }

    func add(_ compressor: BlockCompressor) {
        let job = Job(compressor)
        jobs.append(job)
        if threads.count < limit, threads.count < jobs.count, let thread = WorkThread({ [self] in work() }) {
            threads.append(thread)
        }
        guard !threads.isEmpty else {
            // Without a thread to spare the work is done here.
            job.output = compressor.compress()
            job.isDone = true
            return
        }
        monitor.locked { waiting.append(job) }
    }

    /// Waits for the oldest block; what it came to stands until the compressor is used again.
    func takeOldest() throws(Failure) -> (compressor: BlockCompressor, output: UnsafeRawBufferPointer) {
        let job = jobs.removeFirst()
        monitor.wait { job.isDone }
        guard let output = job.output else { throw Failure(.unsupported, "a block cannot be compressed") }
        return (job.compressor, output)
    }

    /// Ends the threads once they have done what they are at.
    func end() {
        monitor.locked {
            isOver = true
            waiting = []
        }
        for thread in threads { thread.join() }
        threads = []
    }

    private func work() {
        while let job = next() {
            job.output = job.compressor.compress()
            monitor.locked { job.isDone = true }
        }
    }

    private func next() -> Job? {
        monitor.wait {
            !waiting.isEmpty || isOver
        } then: {
            waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }
}
