import Files
import Synchronization
import SystemPackage

/// Finds out, once, whether bubblewrap works on this machine.
///
/// It runs `true` in the barest sandbox (a few milliseconds) and keeps the answer for as long as the probe lives.
package final class SandboxProbe: Sendable {
    /// The program that carries sandboxes out; `nil` where it is not installed.
    let bubblewrap: FilePath?
    private let settings: FilePath
    private let answer = Mutex<Task<Answer, Never>?>(nil)

    private struct Answer {
        var status: SandboxStatus
        var forbidsNamespaces = false
    }

    /// Creates a probe.
    /// - Parameters:
    ///   - program: bubblewrap; by default `bwrap` of the usual folders.
    ///   - settings: the folder of the kernel's settings.
    package init(program: FilePath? = nil, settings: FilePath = "/proc/sys") {
        bubblewrap = program ?? ProgramLookup(searchPath: ProgramLookup.systemPath).find("bwrap")
        self.settings = settings
    }

    package func status() async -> SandboxStatus { await result().status }

    /// Whether programs in sandboxes can be kept from making user namespaces; bubblewrap can from 0.8 on, unless a
    /// container keeps it from that.
    func forbidsNamespaces() async -> Bool { await result().forbidsNamespaces }

    private func result() async -> Answer {
        let task = answer.withLock { answer in
            if let answer { return answer }
            let task = Task { await self.probe() }
            answer = task
            return task
        }
        return await task.value
    }

    private func probe() async -> Answer {
        guard let bubblewrap else {
            return Answer(
                status: .unavailable(
                    reason: "bubblewrap is not installed", advice: "install it: sudo apt-get install -y bubblewrap"))
        }
        var said = ""
        for forbidsNamespaces in [true, false] {
            let (works, output) = await attempt(bubblewrap, forbidsNamespaces: forbidsNamespaces)
            if works { return Answer(status: .available, forbidsNamespaces: forbidsNamespaces) }
            said = output
        }
        return Answer(status: refusal(said))
    }

    private func attempt(_ program: FilePath, forbidsNamespaces: Bool) async -> (works: Bool, output: String) {
        let sandbox = BubblewrapArguments(
            Sandbox(binds: []), workingDirectory: "/", forbidsNamespaces: forbidsNamespaces)
        let command = Command(program, sandbox.words + ["--", "/usr/bin/true"], workingDirectory: "/")
        let said = Mutex("")
        let end = try? await SubprocessCommandRunner(probe: self).run(command) { output in
            said.withLock { $0 += output.text }
        }
        return (end?.isSuccess == true, said.withLock { $0 })
    }

    /// The kernel's setting that stands in the way, where one does, with the command that lifts it.
    private func refusal(_ output: String) -> SandboxStatus {
        let line = output.split(separator: "\n").first.map(String.init) ?? "bubblewrap does not start"
        let obstacles = [
            ("kernel/unprivileged_userns_clone", "0", "1"),
            ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
            ("user/max_user_namespaces", "0", "15000"),
        ]
        for (path, obstacle, cure) in obstacles where setting(path) == obstacle {
            let name = String(path.map { $0 == "/" ? "." : $0 })
            return .unavailable(
                reason: "user namespaces are restricted (\(name)=\(obstacle)): \(line)",
                advice: "allow them: sudo sysctl -w \(name)=\(cure)")
        }
        return .unavailable(
            reason: line,
            advice: "inside a container, allow it to make namespaces (for example --privileged); "
                + "settings: kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns")
    }

    private func setting(_ path: String) -> String? {
        settings.appending(path).text?.filter { $0 > " " }
    }
}
