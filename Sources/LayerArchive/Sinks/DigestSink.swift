import Diagnostics
import Digests
import Files
import Glibc

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

    package init(next: (any ByteSink)? = nil) throws(Failure) {
        self.next = next
        hash = try RunningHash()
    }

    deinit { thread?.end() }

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

/// A hash that threads may work on one after the other.
final class RunningHash {
    private var hash: MessageDigest
    private var problem: Failure?

    init() throws(Failure) { hash = try MessageDigest() }

    /// Adds bytes; what fails is told by `finish`.
    func update(_ bytes: UnsafeRawBufferPointer) {
        do throws(Failure) {
            try hash.update(bytes)
        } catch {
            problem = error
        }
    }

    func finish() throws(Failure) -> String {
        if let problem { throw problem }
        return try hash.finish()
    }
}

/// Hashes on a thread of its own what is written meanwhile: parts are copied into a few buffers, which go round.
///
/// Everything is touched with `monitor` held, but for the buffer that either side works on.
final class HashingThread {
    private static let partSize = 1 << 20
    private static let partCount = 4

    private let hash: RunningHash
    private let monitor = Monitor()
    private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: partSize * partCount, alignment: 4096)
    private var thread: WorkThread?
    /// The sizes of the parts that wait to be hashed, oldest first.
    private var sizes: [Int] = []
    private var nextPart = 0
    private var isOver = false

    /// Goes on with a hash; `nil` where the system has no thread left.
    init?(_ hash: RunningHash) {
        self.hash = hash
        guard let thread = WorkThread({ [self] in work() }) else { return nil }
        self.thread = thread
    }

    deinit { space.deallocate() }

    /// Adds bytes; waits only where all buffers are full.
    func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let bytes = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.partSize))
            monitor.wait { sizes.count < Self.partCount }
            part(nextPart).copyMemory(from: bytes)
            nextPart = (nextPart + 1) % Self.partCount
            monitor.locked { sizes.append(bytes.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[bytes.count...])
        }
    }

    /// Ends the thread once all is hashed.
    func end() {
        monitor.locked { isOver = true }
        thread?.join()
        thread = nil
    }

    private func work() {
        var number = 0
        while true {
            guard let size = monitor.wait(until: { !sizes.isEmpty || isOver }, then: { sizes.first }) else { return }
            hash.update(UnsafeRawBufferPointer(rebasing: part(number)[..<size]))
            number = (number + 1) % Self.partCount
            monitor.locked { _ = sizes.removeFirst() }
        }
    }

    private func part(_ number: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: space[number * Self.partSize..<(number + 1) * Self.partSize])
    }
}
