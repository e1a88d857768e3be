import FoundationEssentials
import Glibc
import SystemPackage

/// One posix_spawn: a new session, no inherited descriptors but the ones that it opens, signals as at login.
struct Spawn: ~Copyable {
    private var actions = posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()
    private var problem: Int32 = 0

    private let workingDirectory: FilePath?

    init(workingDirectory: FilePath? = nil) {
        self.workingDirectory = workingDirectory
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let setSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which is not imported everywhere
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | setSession
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    deinit {
        var actions = actions
        var attributes = attributes
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }

    mutating func open(_ path: FilePath, as descriptor: Int32, _ flags: Int32) {
        keep(posix_spawn_file_actions_addopen(&actions, descriptor, path.string, flags, 0o600))
    }

    mutating func duplicate(_ descriptor: Int32, as other: Int32) {
        keep(posix_spawn_file_actions_adddup2(&actions, descriptor, other))
    }

    private mutating func keep(_ code: Int32) {
        if problem == 0 { problem = code }
    }

    /// Starts the program and gives its process id.
    func start(_ executable: FilePath, _ arguments: [String], environment: [String: String]) throws -> Int32 {
        guard problem == 0 else { throw Errno(rawValue: problem) }
        var id: pid_t = 0
        var actions = actions
        var attributes = attributes
        // posix_spawn's own way to change the folder is not imported; env has replaced itself by the program at once.
        let changingFolder = workingDirectory.map { ["/usr/bin/env", "-C", $0.string] } ?? []
        let words = changingFolder + [executable.string] + arguments
        let code = withCStrings(words) { argv in
            withCStrings(environment.map { "\($0)=\($1)" }) { envp in
                posix_spawn(&id, words[0], &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw Errno(rawValue: code) }
        return id
    }
}

/// The test's own variables, with `changes` over them.
func mergedEnvironment(_ changes: [String: String?]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in changes { variables[name] = value }
    return variables
}

/// Waits for a child of this process on a thread of its own.
func waitForExit(of id: Int32) -> Task<Int32, Never> {
    Task.detached {
        await withCheckedContinuation { continuation in
            onOwnThread {
                var status: Int32 = 0
                while waitpid(id, &status, 0) == -1, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
    }
}

/// Runs blocking work outside the pool of Swift's own threads.
public func onOwnThread(_ work: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(work))
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().work()
            return nil
        }, box.toOpaque())
    if code == 0 { pthread_detach(thread) } else { box.takeRetainedValue().work() }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    pointers.append(nil)
    return body(pointers)
}
