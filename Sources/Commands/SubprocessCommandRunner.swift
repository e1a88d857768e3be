import Diagnostics
import Glibc
import Subprocess
import SystemPackage

/// Runs programs as processes of this machine, in bubblewrap where a command asks for a sandbox.
package struct SubprocessCommandRunner: CommandRunner {
    private let probe: SandboxProbe
    private let scopes: ScopeProbe?
    private let grace: Duration
    private let running: RunningCommands

    /// Creates a runner.
    /// - Parameters:
    ///   - probe: tells whether sandboxes work; pass one probe to all runners, so that it looks once.
    ///   - scopes: tells whether systemd limits memory and processes, and does it; `nil` leaves that out.
    ///   - grace: how long a cancelled program may take to end itself before it is killed; by default 2 seconds.
    ///   - running: where the commands that run are kept, to be killed or stopped from elsewhere.
    package init(
        probe: SandboxProbe = SandboxProbe(), scopes: ScopeProbe? = ScopeProbe(), grace: Duration = .seconds(2),
        running: RunningCommands = RunningCommands()
    ) {
        self.probe = probe
        self.scopes = scopes
        self.grace = grace
        self.running = running
    }

    /// Whether bubblewrap works here; looked up once.
    package func sandboxStatus() async -> SandboxStatus { await probe.status() }

    /// Which limits on memory and processes hold here; looked up once.
    package func scopeStatus() async -> ScopeProbe.Answer { await scopes?.status() ?? ScopeProbe.Answer() }

    /// Runs a program to its end; both output streams arrive as one, in the order of writing.
    package func run(
        _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        try await run(command, pace: {}, onOutput: onOutput)
    }

    /// Runs a program to its end, and reads on only when `pace` returns: until then the program waits to write.
    package func run(
        _ command: Command, pace: @escaping @Sendable () async -> Void,
        onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        try Task.checkCancellation()
        let configuration = try await configuration(for: command)
        let pump = OutputPump(onOutput)
        let group = RunningGroup(grace: grace)
        let id = running.add(group)
        defer { running.remove(id) }
        // The task that reads is never cancelled: a program that is told to end may still have something to say.
        let reading = Task {
            try await Self.start(configuration, givesWay: command.givesWay, as: group, into: pump, pace: pace)
        }
        let result = await withTaskCancellationHandler {
            await reading.result
        } onCancel: {
            group.end()
        }
        await group.waitForEnding()
        try Task.checkCancellation()
        do {
            return try result.get()
        } catch {
            throw Failure(executable: command.executable.string, reason: Self.reason(error, command))
        }
    }

    private static func start(
        _ configuration: Configuration, givesWay: Bool, as running: RunningGroup, into pump: OutputPump,
        pace: @Sendable () async -> Void
    ) async throws -> Termination {
        let result = try await Subprocess.run(
            configuration, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let group = ProcessGroup(id: execution.processIdentifier.value)
            running.started(group)
            if givesWay { group.giveWay() }
            defer { pump.finish() }
            try await read(execution.standardOutput, into: pump) {
                // What a program leaves in the background must not hold the output open for ever.
                if group.hasLeaderEnded, !running.isEnding { group.signal(SIGKILL) }
                await pace()
            }
            await group.waitForLeader()
            if !running.isEnding { group.signal(SIGKILL) }
            running.ended()
        }
        return Termination(result.terminationStatus)
    }

    /// Reads the output to its end; a flush follows 30 ms after the first line that waits.
    private static func read(
        _ output: SubprocessOutputSequence, into pump: OutputPump, afterEach: () async -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for try await buffer in output {
                if buffer.withUnsafeBytes(pump.append) {
                    tasks.addTask {
                        try? await Task.sleep(for: .milliseconds(30))
                        pump.flush()
                    }
                }
                await afterEach()
            }
            tasks.cancelAll()
        }
    }

    private func configuration(for command: Command) async throws -> Configuration {
        var words: [String]
        var folder = command.workingDirectory
        if let sandbox = command.sandbox {
            words = try await sandboxed(command, sandbox)
            folder = "/"
        } else {
            words = try direct(command)
        }
        var platform = PlatformOptions()
        platform.createSession = true
        let program = words.removeFirst()
        return Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(words),
            environment: .custom(environment(of: command).entries), workingDirectory: folder,
            platformOptions: platform)
    }

    /// The environment of what is started: bubblewrap gets no variable that its own loader or C library follows.
    private func environment(of command: Command) -> [String: String] {
        guard let sandbox = command.sandbox else { return command.environment }
        let own = sandboxEnvironment(of: command).filter { !SandboxEnvironment.steersPrograms($0.key) }
        return own.merging(sandbox.limits.properties.isEmpty ? [:] : scopes?.environment ?? [:]) { $1 }
    }

    private func sandboxEnvironment(of command: Command) -> [String: String] {
        SandboxEnvironment(isRoot: geteuid() == 0 && command.sandbox?.root?.user == nil).adding(to: command.environment)
    }

    private func sandboxed(_ command: Command, _ sandbox: Sandbox) async throws -> [String] {
        if case .unavailable(let reason, let advice) = await probe.status() {
            throw Failure(
                executable: command.executable.string, reason: "no sandbox: \(reason); \(advice)")
        }
        let bubblewrap = probe.bubblewrap?.string ?? "bwrap"
        let mounts = SandboxMounts(sandbox: sandbox)
        let arguments = BubblewrapArguments(
            mounts.seen, workingDirectory: command.workingDirectory, forbidsNamespaces: await probe.forbidsNamespaces())
        let inside = sandboxEnvironment(of: command).filter { SandboxEnvironment.steersPrograms($0.key) }
        let settings = inside.sorted { $0.key < $1.key }.flatMap { ["--setenv", $0.key, $0.value] }
        // What finds systemd is for systemd's program alone.
        let found = ScopeProbe.variables.flatMap { name in
            command.environment[name].map { ["--setenv", name, $0] } ?? ["--unsetenv", name]
        }
        let system = ProgramLookup(searchPath: ProgramLookup.systemPath)
        let limits = await (scopes?.words(sandbox.limits) ?? []) + sandbox.limits.words(system.find("prlimit"))
        return limits + mounts.words + [bubblewrap] + arguments.words + settings + found
            + ["--", command.executable.string] + command.arguments
    }

    /// The program itself; `setpriv` has the kernel kill it when mixpack dies, however that happens.
    private func direct(_ command: Command) throws -> [String] {
        let words = [try ProgramLookup.program(of: command).string] + command.arguments
        let system = ProgramLookup(searchPath: ProgramLookup.systemPath)
        guard let setpriv = system.find("setpriv") else { return words }
        return [setpriv.string, "--pdeathsig", "KILL", "--"] + words
    }

    private static func reason(_ error: any Error, _ command: Command) -> String {
        if access(command.workingDirectory.string, F_OK) != 0, command.sandbox == nil {
            return "no folder \(command.workingDirectory)"
        }
        return "\(error)"
    }
}

extension Termination {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .signalled(signal)
        }
    }
}

extension [String: String] {
    /// The environment as the system takes it.
    var entries: [[UInt8]] { sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) + [0] } }
}
