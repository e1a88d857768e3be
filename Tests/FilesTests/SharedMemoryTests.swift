import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite("The folder in memory")
struct SharedMemoryTests {
    @Test(
        "It is used where it is in memory and programs may be started there",
        arguments: [
            ("tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0", true),
            ("tmpfs /dev/shm tmpfs rw,nosuid,nodev,noexec 0 0", false),
            ("/dev/sda1 /dev/shm ext4 rw 0 0", false),
            ("tmpfs /dev/shm/other tmpfs rw 0 0", false),
            ("tmpfs /dev/shm tmpfs rw 0 0\nshm /dev/shm tmpfs rw,noexec 0 0", false),
            ("tmpfs /dev/shm tmpfs rw,noexec 0 0\nshm /dev/shm tmpfs rw 0 0", true),
            ("", false),
        ])
    func usable(mounts: String, isUsable: Bool) {
        #expect(SharedMemory.isUsable("/dev/shm", mounts: mounts + "\n") == isUsable)
    }

    @Test("A folder there is its owner's alone, and none is made where the room is short")
    func folder() throws {
        let memory = SharedMemory()
        let held = try #require(memory.folder(forBytes: 1 << 20))
        #expect(FileStamp(of: held.path)?.permissions == 0o700)
        memory.sweep()
        #expect(held.path.isFolder)
        held.remove()
        #expect(!held.path.exists)
        #expect(memory.folder(forBytes: 1 << 60) == nil)
    }
}
