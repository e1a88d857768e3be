import Commands
import Diagnostics
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite("Running programs")
struct SubprocessCommandRunnerTests {
    private let runner = SubprocessCommandRunner(grace: .milliseconds(300))

    private func shell(_ script: String, environment: [String: String] = [:], in folder: FilePath = "/") -> Command {
        Command("/bin/sh", ["-c", script], environment: environment, workingDirectory: folder)
    }

    @Test(
        "The end of a program is told as it was",
        arguments: [
            ("exit 0", Termination.exited(0)), ("exit 7", .exited(7)), ("exit 255", .exited(255)),
            ("kill -TERM $$", .signalled(SIGTERM)), ("kill -KILL $$", .signalled(SIGKILL)),
        ])
    func ends(script: String, end: Termination) async throws {
        #expect(try await runner.run(shell(script)) { _ in } == end)
    }

    @Test("Both streams arrive in the order in which they were written")
    func merges() async throws {
        let output = OutputCollector()
        _ = try await runner.run(shell("echo a; echo b >&2; echo c; printf d >&2"), onOutput: output.take)
        #expect(output.text == "a\nb\nc\nd")
    }

    @Test("A program that gives way has a low priority, in its session too, and so has what it starts")
    func givesWay() async throws {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        for (givesWay, less) in [(false, Int32(0)), (true, 5)] {
            let output = OutputCollector()
            var command = shell("sleep 0.2; nice; cat /proc/self/autogroup 2>&1 | sed 's/.*nice //'")
            command.environment = ["PATH": "/usr/bin:/bin"]
            command.givesWay = givesWay
            _ = try await runner.run(command, onOutput: output.take)
            let isGrouped = FilePath("/proc/self/autogroup").isThere
            #expect(output.text.hasPrefix("\(own + less)\n" + (isGrouped ? "\(less)" : "")), "\(output.text)")
        }
    }

    @Test("A program that is not read waits to write")
    func pace() async throws {
        let output = OutputCollector(keepsText: false)
        let gate = Mutex(false)
        let work = Task {
            try await runner.run(
                shell("head -c 20000000 /dev/zero | tr '\\0' '\\n'"),
                pace: { while !gate.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) } },
                onOutput: output.take)
        }
        try await Task.sleep(for: .milliseconds(300))
        #expect(output.bytes < 1 << 20)
        gate.withLock { $0 = true }
        #expect(try await work.value.isSuccess)
        #expect(output.bytes == 20_000_000)
    }

    @Test("A program sees its own environment and nothing of ours")
    func environment() async throws {
        let output = OutputCollector()
        let command = Command("/usr/bin/env", environment: ["A": "1", "B": "two\nlines="], workingDirectory: "/")
        _ = try await runner.run(command, onOutput: output.take)
        #expect(output.text == "A=1\nB=two\nlines=\n")
    }

    @Test("Standard input is at its end")
    func input() async throws {
        let output = OutputCollector()
        #expect(try await runner.run(shell("cat; echo end"), onOutput: output.take).isSuccess)
        #expect(output.text == "end\n")
    }

    @Test("A program starts in its folder and leads a session of its own")
    func session() async throws {
        let output = OutputCollector()
        _ = try await runner.run(
            shell("pwd; ps -o pid=,pgid=,sid= -p $$", environment: ["PATH": "/usr/bin"], in: "/usr"),
            onOutput: output.take)
        let words = output.text.split { $0 == " " || $0 == "\n" }
        #expect(words.first == "/usr")
        #expect(Set(words.dropFirst()).count == 1)
    }

    @Test("A program is found in the PATH of its own environment")
    func lookup() async throws {
        let command = Command("true", environment: ["PATH": "/nowhere:/usr/bin"], workingDirectory: "/")
        #expect(try await runner.run(command) { _ in }.isSuccess)
    }

    @Test(
        "What cannot be started says what and why", arguments: ["/nowhere/prog", "no-such-prog", "/etc/passwd", "/tmp"])
    func missing(program: String) async throws {
        let error = await #expect(throws: Failure.self) {
            try await runner.run(Command(FilePath(program), workingDirectory: "/")) { _ in }
        }
        #expect(error?.description == "cannot run \(program): not found, or not executable")
    }

    @Test("A folder that is not there is named")
    func missingFolder() async throws {
        let error = await #expect(throws: Failure.self) {
            try await runner.run(shell("true", in: "/nowhere")) { _ in }
        }
        #expect(error?.message.hasSuffix(": no folder /nowhere") == true)
    }

    @Test("200 MB of output pass in bounded chunks")
    func flood() async throws {
        let output = OutputCollector(keepsText: false)
        let end = try await runner.run(
            shell("yes 'a line of a very talkative build tool' | head -c 200000000"), onOutput: output.take)
        #expect(end.isSuccess)
        #expect(output.bytes == 200_000_000)
        #expect(output.largest <= 65_536)
        #expect(output.chunks < 20_000)
    }

    @Test("One endless line does not pile up")
    func endlessLine() async throws {
        let output = OutputCollector(keepsText: false)
        _ = try await runner.run(shell("head -c 20000000 /dev/zero"), onOutput: output.take)
        #expect(output.largest <= 65_537)
        #expect(output.bytes >= 20_000_000)
    }

    @Test("Lines arrive while the program runs, an unfinished one at the end")
    func live() async throws {
        let output = OutputCollector()
        let run = Task {
            try await runner.run(shell("echo ready; printf half; read x; sleep 100 & wait"), onOutput: output.take)
        }
        await output.contains("ready\n")
        #expect(output.text == "ready\n")
        run.cancel()
        _ = await run.result
        #expect(output.text == "ready\nhalf")
    }

    @Test("A cancelled program gets TERM and may end itself")
    func cancels() async throws {
        let output = OutputCollector()
        let run = Task {
            try await runner.run(
                shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"), onOutput: output.take)
        }
        await output.contains("ready")
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(output.text.contains("bye"))
    }

    @Test("Grandchildren that ignore TERM are killed with the rest")
    func cancelsGrandchildren() async throws {
        let output = OutputCollector()
        let script = "sh -c \"trap '' TERM; echo pid=\\$\\$; while :; do sleep 0.05; done\" & wait"
        let run = Task { try await runner.run(shell(script), onOutput: output.take) }
        await output.contains("pid=")
        await output.contains("\n")
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        try await expectGone(output.text)
    }

    @Test("A command that ignores TERM can be ended at once, without the grace")
    func kills() async throws {
        let running = RunningCommands()
        let patient = SubprocessCommandRunner(grace: .seconds(60), running: running)
        let output = OutputCollector()
        let run = Task {
            try await patient.run(
                shell("trap '' TERM; echo pid=$$; while :; do sleep 0.05; done"), onOutput: output.take)
        }
        await output.contains("\n")
        run.cancel()
        running.kill()
        await #expect(throws: CancellationError.self) { try await run.value }
        try await expectGone(output.text)
        #expect(running.count == 0)
    }

    @Test("Commands stand still while they are paused, and go on")
    func pauses() async throws {
        let running = RunningCommands()
        let runner = SubprocessCommandRunner(running: running)
        let output = OutputCollector()
        // A shell that starts others may be caught between vfork and exec, where the kernel calls its state another one.
        let run = Task { try await runner.run(shell("echo pid=$$; exec sleep 60"), onOutput: output.take) }
        await output.contains("\n")
        let pid = try processID(output.text)
        running.pause()
        try await eventually("the command to stand still", within: .seconds(20)) { state(of: pid) == "T" }
        running.resume()
        try await eventually("the command to go on", within: .seconds(20)) { state(of: pid) != "T" }
        run.cancel()
        _ = await run.result
    }

    @Test("What a program leaves in the background ends with it, even if it goes on writing")
    func endsLeftovers() async throws {
        let output = OutputCollector()
        let script = "sh -c 'echo pid=$$; exec yes >/dev/null' & while :; do sleep 0.05; exit 3; done"
        #expect(try await runner.run(shell(script), onOutput: output.take) == .exited(3))
        try await expectGone(output.text)
        #expect(try await runner.run(shell("yes & exit 4")) { _ in } == .exited(4))
    }

    @Test("A task that is cancelled already starts nothing")
    func cancelledBefore() async throws {
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await runner.run(shell("exit 0")) { _ in }
        }
        await #expect(throws: CancellationError.self) { try await run.value }
    }

    @Test("The kernel is asked to kill a program whose mixpack dies")
    func parentDeath() async throws {
        let output = OutputCollector()
        // prctl(PR_GET_PDEATHSIG) by way of a program that prints it.
        let command = Command("/usr/bin/setpriv", ["--dump"], workingDirectory: "/")
        _ = try await runner.run(command, onOutput: output.take)
        #expect(output.text.contains("Parent death signal: KILL"))
    }

    private func expectGone(_ text: String) async throws {
        let pid = try processID(text)
        let deadline = ContinuousClock.now + .seconds(20)
        while kill(pid, 0) == 0, !isZombie(pid), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(kill(pid, 0) != 0 || isZombie(pid))
    }

    private func processID(_ text: String) throws -> pid_t {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("pid=") })
        return try #require(pid_t(line.dropFirst(4)))
    }

    /// Ended, but not yet collected by the machine's first process.
    private func isZombie(_ pid: pid_t) -> Bool { state(of: pid) == "Z" }

    /// The letter of a process's state; `Z` where there is none any more.
    private func state(of pid: pid_t) -> Character {
        guard let file = try? FileDescriptor.open("/proc/\(pid)/stat", .readOnly) else { return "Z" }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        let fields = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: ")").last
        return fields?.dropFirst().first ?? "Z"
    }
}
