import BuildpackAPI
import Synchronization
import TestSupport
import Testing

@Suite("What a build works out once")
struct BuildMemoryTests {
    @Test("a key's value is made once, by whoever comes first, and another key or build has its own")
    func once() async throws {
        let memory = BuildMemory()
        let made = Mutex(0)
        func value(_ key: [String], in memory: BuildMemory) -> Int {
            memory.value(for: key) {
                made.withLock { made in
                    made += 1
                    return made
                }
            }
        }
        #expect([value(["a"], in: memory), value(["a"], in: memory)] == [1, 1])
        #expect(value(["a", "b"], in: memory) == 2)
        #expect(value(["a"], in: BuildMemory()) == 3)
        #expect(memory.value(for: ["a"]) { "text" } == "text")
    }
}
