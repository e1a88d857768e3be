import Commands
import Glibc
import Synchronization
import Testing

/// Stands with the tests that run one at a time: what others allocate meanwhile would count too.
@Suite("Memory for a program's output")
struct OutputMemoryTests {
    @Test("200 MB of output take no more than some chunks")
    func flood() async throws {
        let bytes = Mutex(0)
        let before = peakMemory()
        let command = Command(
            "/bin/sh", ["-c", "yes 'a line of a very talkative build tool' | head -c 200000000"], workingDirectory: "/")
        let end = try await SubprocessCommandRunner().run(command) { output in
            bytes.withLock { $0 += output.text.utf8.count }
        }
        #expect(end.isSuccess)
        #expect(bytes.withLock { $0 } == 200_000_000)
        #expect(peakMemory() - before < 64 << 20)
    }

    private func peakMemory() -> Int {
        var usage = rusage()
        getrusage(0, &usage)  // RUSAGE_SELF
        return usage.ru_maxrss * 1024
    }
}
