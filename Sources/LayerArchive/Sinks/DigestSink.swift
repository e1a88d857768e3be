import Diagnostics

/// A sink that hashes and counts what it takes, and passes it on where another sink is given.
///
/// What is large is hashed on a thread of its own while the next sink takes it.
package final class DigestSink: ByteSink {
    /// What takes longer to hash than a thread to start and its memory to come.
    private static let large: Int64 = 8 << 20

    private let next: (any ByteSink)?
    private let hash: RunningHash
    private var thread: HashingThread?
    /// The bytes taken so far.
    package private(set) var count: Int64 = 0
    /// The sha256 in hex once finished; before that `nil`.
    package private(set) var digest: String?

    /// Creates a sink; without `next` the bytes go nowhere else.
    package init(next: (any ByteSink)? = nil) throws(Failure) {
        self.next = next
        hash = try RunningHash()
    }

    deinit { thread?.end() }

    /// Takes bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        count += Int64(bytes.count)
        if thread == nil, next != nil, count > Self.large { thread = HashingThread(hash) }
        if let thread { thread.update(bytes) } else { hash.update(bytes) }
        try next?.write(bytes)
    }

    /// Settles the digest and finishes the next sink.
    package func finish() throws(Failure) {
        thread?.end()
        digest = try hash.finish()
        try next?.finish()
    }
}
