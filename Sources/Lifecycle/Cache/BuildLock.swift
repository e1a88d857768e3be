import Diagnostics
import Files
import Glibc
import SystemPackage

/// The lock that lets one build of a project run at a time.
///
/// It holds while the file is open; the kernel lets go of it when the process ends, however it ends.
struct BuildLock: ~Copyable {
    private let lock: FileLock

    /// Takes the lock, waiting for another build where there is one.
    /// - Parameter whileWaiting: called once, with the process that holds the lock, before the wait.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile, `Failure` when there can be no lock.
    static func take(at path: FilePath, whileWaiting: (_ holder: String) -> Void) async throws -> BuildLock {
        let lock = BuildLock(lock: try await FileLock(creating: path) { whileWaiting(holder(in: path)) })
        // A clean end empties the lock's file, so a name in it tells of a kill, and of what that left running.
        if !holder(in: path).isEmpty { LeftoverProcesses(markedBy: path).end() }
        try lock.write("\(getpid())\n")
        return lock
    }

    deinit {
        try? write("")
        lock.release()
    }

    private static func holder(in path: FilePath) -> String { (path.text ?? "").filter { !$0.isNewline } }

    private func write(_ text: String) throws {
        guard ftruncate(lock.descriptor.rawValue, 0) == 0 else {
            throw Failure.system(.unwritable, "the lock of the cache")
        }
        _ = try lock.descriptor.writeAll(toAbsoluteOffset: 0, text.utf8)
    }
}

/// The processes that a build started and did not live to end, known by a variable in their environment.
struct LeftoverProcesses {
    /// The variable that marks every process of a build; its value is the path of the build's lock.
    static let variable = "MIXPACK_BUILD_LOCK"

    private let marker: String

    init(markedBy lock: FilePath) { marker = "\(Self.variable)=\(lock)" }

    func end() {
        for name in FilePath("/proc").names {
            guard let process = pid_t(name), process != getpid(), isMarked(process) else { continue }
            kill(process, SIGKILL)
        }
    }

    private func isMarked(_ process: pid_t) -> Bool {
        let environment = (try? FilePath("/proc/\(process)/environ").bytes()) ?? []
        return environment.split(separator: 0).contains { $0.elementsEqual(marker.utf8) }
    }
}
