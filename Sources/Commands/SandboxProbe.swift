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
    private let root: FilePath
    private let answer = Mutex<Task<Answer, Never>?>(nil)

    private struct Answer {
        var status: SandboxStatus
        var forbidsNamespaces = false
    }

    /// Creates a probe.
    /// - Parameters:
    ///   - program: bubblewrap; by default `bwrap` of the usual folders.
    ///   - settings: the folder of the kernel's settings.
    ///   - root: the folder of the system's files, where AppArmor's profiles are.
    package init(program: FilePath? = nil, settings: FilePath = "/proc/sys", root: FilePath = "/") {
        bubblewrap = program ?? ProgramLookup(searchPath: ProgramLookup.systemPath).find("bwrap")
        self.settings = settings
        self.root = root
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
        let end = try? await SubprocessCommandRunner(probe: self, scopes: nil).run(command) { output in
            said.withLock { $0 += output.text }
        }
        return (end?.isSuccess == true, said.withLock { $0 })
    }

    private func refusal(_ output: String) -> SandboxStatus {
        SandboxRefusal(
            output: output, setting: { [settings] in settings.appending($0).text?.filter { $0 > " " } },
            has: { [root] in root.pushing($0).exists }
        ).status
    }
}
