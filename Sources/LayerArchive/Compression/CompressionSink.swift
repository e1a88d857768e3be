import Diagnostics

/// A way to compress.
package enum CompressionMethod: Sendable, Hashable {
    /// gzip (RFC 1952) by libdeflate; levels 1 to 12. From 4 to 6 files shrink by a fiftieth more, in twice the time.
    case gzip(level: Int32 = 4)
    /// Zstandard (RFC 8878); levels 1 to 19.
    case zstd(level: Int32 = 3)

    /// The bytes that are compressed on their own; bigger is smaller in the end, and coarser to share out.
    var blockSize: Int {
        switch self {
        case .gzip: 1 << 20
        case .zstd: 4 << 20
        }
    }
}

/// A sink that compresses what it takes, on several processors, and passes it on in order.
///
/// The bytes that come out depend on the method alone, not on the number of threads. They are several gzip members or zstd
/// frames in a row, which every reader takes as one stream.
package final class CompressionSink: ByteSink {
    private let method: CompressionMethod
    private let next: any ByteSink
    private let workers: CompressionWorkers
    private let width: Int
    private var current: BlockCompressor
    private var spare: [BlockCompressor] = []
    private var isEmpty = true

    /// Creates a sink.
    /// - Parameter threads: how many blocks are compressed at once.
    package init(_ method: CompressionMethod, next: any ByteSink, threads: Int) throws(Failure) {
        self.method = method
        self.next = next
        workers = CompressionWorkers(threads: threads)
        // More than there are threads, so that none waits for a block to be filled.
        width = max(1, threads) + 2
        current = try BlockCompressor(method)
    }

    deinit {
        // Threads that still work on their blocks are waited for.
        workers.end()
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let space = UnsafeMutableRawBufferPointer(rebasing: current.input[current.used...])
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(space.count))
            space.copyMemory(from: part)
            current.used += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
            if current.used == current.input.count { try start() }
        }
    }

    /// Compresses what is left, and finishes the next sink.
    package func finish() throws(Failure) {
        // No bytes at all are one empty member, so that the output is a valid stream.
        if current.used > 0 || isEmpty { try start() }
        while workers.count > 0 { try passOldest() }
        workers.end()
        try next.finish()
    }

    private func start() throws(Failure) {
        isEmpty = false
        if workers.count == width { try passOldest() }
        workers.add(current)
        if let free = spare.popLast() { current = free } else { current = try BlockCompressor(method) }
        current.used = 0
    }

    private func passOldest() throws(Failure) {
        let (compressor, output) = try workers.takeOldest()
        try next.write(output)
        spare.append(compressor)
    }
}
