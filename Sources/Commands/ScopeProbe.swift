import Files
import Glibc
import Synchronization
import SystemPackage

/// Finds out, once, whether systemd limits the memory and the processes of a command: in a scope, a cgroup of its own.
///
/// The kernel's limits by process do not help there: memory counts for each process alone, and the BEAM reserves address
/// space. Without systemd, or where it has no cgroup of version 2 to give, commands run without these limits.
package final class ScopeProbe: Sendable {
    /// Which limits hold in a scope.
    package struct Answer: Sendable, Hashable {
        package var limitsMemory = false
        package var limitsProcesses = false
        /// Why one of them does not hold; `nil` if both do.
        package var reason: String?
    }

    /// What systemd's program needs to reach the user's own systemd; programs in sandboxes do not get it.
    static let variables = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"]

    private let program: FilePath?
    private let isBooted: Bool
    private let isRoot: Bool
    let environment: [String: String]
    private let answer = Mutex<Task<Answer, Never>?>(nil)

    /// - Parameters:
    ///   - program: `systemd-run`; by default that of the usual folders.
    ///   - environment: mixpack's own, of which this takes how to reach the user's systemd.
    ///   - isBooted: whether systemd runs the machine; by default that is looked up.
    package init(
        program: FilePath? = nil, environment: [String: String] = [:], isBooted: Bool? = nil, isRoot: Bool? = nil
    ) {
        self.program = program ?? ProgramLookup(searchPath: ProgramLookup.systemPath).find("systemd-run")
        self.isBooted = isBooted ?? FilePath("/run/systemd/system").exists
        self.isRoot = isRoot ?? (geteuid() == 0)
        var own = environment.filter { Self.variables.contains($0.key) }
        if own["XDG_RUNTIME_DIR"] == nil { own["XDG_RUNTIME_DIR"] = "/run/user/\(geteuid())" }
        self.environment = own
    }

    /// The words in front of a program that start it in a scope; none where that would limit nothing.
    func words(_ limits: ResourceLimits) async -> [String] {
        guard !limits.properties.isEmpty else { return [] }
        let answer = await self.status()
        return answer.limitsMemory || answer.limitsProcesses ? scope(limits) : []
    }

    /// What holds in a scope of this machine; looked up once.
    package func status() async -> Answer {
        let task = answer.withLock { answer in
            if let answer { return answer }
            let task = Task { await self.probe() }
            answer = task
            return task
        }
        return await task.value
    }

    private func scope(_ limits: ResourceLimits) -> [String] {
        [program?.string ?? "systemd-run"] + (isRoot ? [] : ["--user"]) + ["--scope", "--quiet", "--collect"]
            + limits.properties + ["--"]
    }

    private func probe() async -> Answer {
        guard program != nil, isBooted else { return Answer(reason: "systemd does not run here") }
        var words = scope(.build) + ["/bin/sh", "-c", Self.script]
        let executable = FilePath(words.removeFirst())
        let command = Command(executable, words, environment: environment, workingDirectory: "/")
        let said = Mutex("")
        let end = try? await SubprocessCommandRunner(scopes: nil).run(command) { output in
            said.withLock { $0 += output.text }
        }
        let lines = said.withLock { $0 }.split(separator: "\n").map(String.init)
        guard end?.isSuccess == true else {
            return Answer(reason: "systemd-run makes no scope: \(lines.first ?? "it does not start")")
        }
        let (memory, processes) = (Self.value("memory", lines), Self.value("processes", lines))
        let missing = [memory ? nil : "memory", processes ? nil : "pids"].compactMap(\.self)
        let reason =
            missing.isEmpty ? nil : "no cgroup of version 2 with \(missing.joined(separator: " and ")) is delegated"
        return Answer(limitsMemory: memory, limitsProcesses: processes, reason: reason)
    }

    /// systemd ignores a limit whose controller it does not have, so the cgroup itself is asked.
    private static let script = """
        g=$(sed -n 's/^0:://p' /proc/self/cgroup)
        r=$(sed -n 's/^[^ ]* \\([^ ]*\\) cgroup2 .*/\\1/p' /proc/mounts | head -n 1)
        echo "memory $(cat "$r$g/memory.max" 2>/dev/null)"
        echo "processes $(cat "$r$g/pids.max" 2>/dev/null)"
        """

    private static func value(_ name: String, _ lines: [String]) -> Bool {
        guard let line = lines.first(where: { $0.hasPrefix(name + " ") }) else { return false }
        return Int(line.dropFirst(name.count + 1)) != nil
    }
}
