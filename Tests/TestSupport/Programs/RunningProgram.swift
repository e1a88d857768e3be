import FoundationEssentials
import Glibc
public import SystemPackage

/// A program that a test started: in its own session, with its output in files, so that nothing ever blocks on it.
public final class RunningProgram: Sendable {
    /// The process's id, which is its session's and its group's too.
    public let id: Int32
    private let started: ContinuousClock.Instant
    private let outputFile: FilePath
    private let errorFile: FilePath
    private let folder: FilePath
    private let exit: Task<Int32, Never>

    /// Starts a program; its variables are the test's own, with `environment` over them (`nil` takes one away).
    /// - Throws: `Errno` when it cannot be started.
    public init(
        _ executable: FilePath, _ arguments: [String] = [], environment: [String: String?] = [:],
        workingDirectory: FilePath? = nil, input: String = ""
    ) throws {
        folder = try makeTemporaryFolder()
        outputFile = folder.appending("out")
        errorFile = folder.appending("err")
        let inputFile = folder.appending("in")
        try inputFile.write(input)
        var spawn = Spawn(workingDirectory: workingDirectory)
        spawn.open(inputFile, as: 0, O_RDONLY)
        spawn.open(outputFile, as: 1, O_WRONLY | O_CREAT | O_TRUNC)
        spawn.open(errorFile, as: 2, O_WRONLY | O_CREAT | O_TRUNC)
        started = .now
        let id = try spawn.start(executable, arguments, environment: mergedEnvironment(environment))
        self.id = id
        exit = waitForExit(of: id)
    }

    deinit { removeTree(folder) }

    /// Waits for the end; after `deadline` the whole group is killed.
    /// - Throws: `TestSupportError` with what it wrote, when the deadline passed.
    public func end(within deadline: Duration = .seconds(120)) async throws -> ProgramEnd {
        let timer = Task { [id] in
            try await Task.sleep(for: deadline)
            kill(-id, SIGKILL)
            return true
        }
        let rawStatus = await exit.value
        timer.cancel()
        let isLate = (try? await timer.value) ?? false
        let end = ProgramEnd(rawStatus: rawStatus, output: output, errorOutput: errorOutput, since: started)
        if isLate { throw TestSupportError("not done within \(deadline): \(end)") }
        return end
    }

    /// What it has written to standard output so far.
    public var output: String { (try? outputFile.readText()) ?? "" }
    /// What it has written to standard error so far.
    public var errorOutput: String { (try? errorFile.readText()) ?? "" }

    /// Sends a signal to the program alone.
    public func send(_ signal: Int32) { kill(id, signal) }
    /// Sends a signal to its whole group.
    public func sendToGroup(_ signal: Int32) { kill(-id, signal) }
}

/// Runs a program to its end; a status that is not 0 is a result, not an error.
/// - Throws: `Errno` when it cannot be started, `TestSupportError` when it is not done within the deadline.
public func run(
    _ executable: FilePath, _ arguments: [String] = [], environment: [String: String?] = [:],
    workingDirectory: FilePath? = nil, input: String = "", within deadline: Duration = .seconds(120)
) async throws -> ProgramEnd {
    try await RunningProgram(
        executable, arguments, environment: environment, workingDirectory: workingDirectory, input: input
    ).end(within: deadline)
}

extension ProgramEnd {
    init(rawStatus: Int32, output: String, errorOutput: String, since start: ContinuousClock.Instant) {
        let signal = rawStatus & 0x7f
        self.init(
            status: signal == 0 ? (rawStatus >> 8) & 0xff : 128 + signal, signal: signal == 0 ? nil : signal,
            output: output, errorOutput: errorOutput, seconds: (ContinuousClock.now - start).inSeconds)
    }
}

extension Duration {
    /// The duration in seconds.
    public var inSeconds: Double { self / .seconds(1) }
}
