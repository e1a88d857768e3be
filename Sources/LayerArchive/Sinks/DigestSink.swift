/// A sink that hashes and counts what it takes, and passes it on where another sink is given.
public final class DigestSink: ByteSink {
    private let next: (any ByteSink)?
    private var hash: Sha256
    /// The bytes taken so far.
    public private(set) var count: Int64 = 0
    /// The sha256 in hex once finished; before that `nil`.
    public private(set) var digest: String?

    /// Creates a sink; without `next` the bytes go nowhere else.
    public init(next: (any ByteSink)? = nil) throws(ArchiveError) {
        self.next = next
        hash = try Sha256()
    }

    /// Takes bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        try hash.update(bytes)
        count += Int64(bytes.count)
        try next?.write(bytes)
    }

    /// Settles the digest and finishes the next sink.
    public func finish() throws(ArchiveError) {
        digest = try hash.finish()
        try next?.finish()
    }
}
