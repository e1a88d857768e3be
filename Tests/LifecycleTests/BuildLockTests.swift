import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("One build at a time")
struct BuildLockTests {
    @Test("A second build waits for the first and is told which it is")
    func waits() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let holders = Mutex<[String]>([])
            let told = AsyncStream.makeStream(of: Void.self)
            let first = try await BuildLock.take(at: path) { _ in }
            let second = Task {
                let lock = try await BuildLock.take(at: path) { holder in
                    holders.withLock { $0.append(holder) }
                    told.continuation.yield()
                }
                _ = consume lock
            }
            for await _ in told.stream { break }
            _ = consume first
            try await second.value
            #expect(holders.withLock { $0 } == ["\(getpid())"])
        }
    }

    @Test("A build that waits can be cancelled")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let told = AsyncStream.makeStream(of: Void.self)
            let first = try await BuildLock.take(at: path) { _ in }
            let second = Task {
                let lock = try await BuildLock.take(at: path) { _ in told.continuation.yield() }
                _ = consume lock
            }
            for await _ in told.stream { break }
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            _ = consume first
        }
    }
}
