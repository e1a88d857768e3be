import Commands
import FoundationEssentials
import Glibc
import MixInspection
import RunImages
import SystemPackage
import Text
import Toolchains

/// Looks at what of the machine a build, the console and the finished image use.
struct MachineCheckup {
    /// One thing that was looked at.
    struct Finding {
        /// How it stands.
        enum State {
            case good
            /// Things work without it, with a limit.
            case limited
            /// A build cannot run without it.
            case missing

            /// The word in front of the line.
            var word: String {
                switch self {
                case .good: "ok  "
                case .limited: "note"
                case .missing: "MISS"
                }
            }
        }

        var state: State
        var subject: String
        var fact: String
        var cure: String?
    }

    let wiring: Wiring

    /// Everything that was looked at, in the order of a build.
    func findings() async -> [Finding] {
        ToolCheckup(wiring: wiring).findings()
            + [launcher(), await sandbox(), await limits(), await engine(), terminal(), locale(), folders()]
    }

    private var environment: [String: String] { wiring.machine.environment }

    private func launcher() -> Finding {
        let path = wiring.launcher
        guard access(path.string, R_OK) == 0 else {
            return Finding(
                state: .missing, subject: "launcher", fact: "no \(path)", cure: "build or install mixpack again")
        }
        return Finding(state: .good, subject: "launcher", fact: path.string)
    }

    private func sandbox() async -> Finding {
        switch await wiring.runner.sandboxStatus() {
        case .available: await sandboxFacts()
        case .unavailable(let reason, let advice):
            Finding(
                state: .limited, subject: "sandbox",
                fact: "\(reason), so a project's code runs only if you trust it (--trust-project)",
                cure: isInstalled("bwrap") ? advice : PackageManager(environment).advice(for: .bubblewrap))
        }
    }

    /// What a program in the sandbox finds, not only that bubblewrap starts.
    private func sandboxFacts() async -> Finding {
        let home = environment["HOME"].map { FilePath($0) }
        guard let facts = try? await SandboxFacts(seenBy: wiring.runner, home: home) else {
            return Finding(
                state: .limited, subject: "sandbox", fact: "bubblewrap works, and a shell in it does not start")
        }
        let lacks = [
            (facts.hasNetwork, "the network is not cut off"), (facts.seesHome, "your home folder is seen"),
            (facts.hasCapabilities, "programs keep capabilities"),
            (facts.canMakeNamespaces, "programs can make user namespaces of their own"),
        ].filter(\.0).map(\.1)
        guard lacks.isEmpty else {
            return Finding(
                state: .limited, subject: "sandbox", fact: "bubblewrap works, but \(lacks.joined(separator: ", "))",
                cure: facts.canMakeNamespaces ? "bubblewrap 0.8 or newer forbids that, if the container lets it" : nil)
        }
        return Finding(
            state: .good, subject: "sandbox",
            fact: "bubblewrap works: no home folder, no network while building, no capabilities, no user namespaces")
    }

    /// Which limits hold for what runs in the sandbox.
    private func limits() async -> Finding {
        let facts = try? await SandboxFacts(seenBy: wiring.runner, home: nil)
        let scope = await wiring.runner.scopeStatus()
        let cores = facts.map { $0.canWriteCores ? nil : "no core files" } ?? nil
        let size = facts?.fileSize.map { "files up to \(Amount.bytes($0))" }
        let memory = scope.limitsMemory ? "90% of the memory" : nil
        let processes = scope.limitsProcesses ? "16384 processes" : nil
        let all = [cores, size, memory, processes].compactMap(\.self)
        return Finding(
            state: all.count == 4 ? .good : .limited, subject: "limits",
            fact: (all.isEmpty ? "none" : all.joined(separator: ", "))
                + (scope.reason.map { "; memory and processes are not limited: \($0)" } ?? ""))
    }

    private func isInstalled(_ program: FilePath) -> Bool {
        ProgramLookup(searchPath: environment["PATH"]).find(program) != nil
    }

    private func engine() async -> Finding {
        switch await wiring.engine() {
        case .answers(let engine):
            let command = engine.command.map(ShellWord.quoted).joined(separator: " ")
            return Finding(
                state: .good, subject: "container engine", fact: "\(engine.description), by \(command)")
        case .silent(let silence):
            return Finding(
                state: .limited, subject: "container engine",
                fact: "\(silence.failure.message), so images stay in mixpack's store", cure: silence.failure.advice)
        }
    }

    private func terminal() -> Finding {
        let name = environment["TERM"] ?? ""
        return wiring.machine.hasScreen
            ? Finding(state: .good, subject: "terminal", fact: name)
            : Finding(
                state: .limited, subject: "terminal",
                fact: wiring.machine.isCI ? "CI is set: plain output" : "no terminal: plain output",
                cure: "for the console, run mixpack on a terminal")
    }

    private func locale() -> Finding {
        let name = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let isUTF8 = name.uppercased().contains("UTF-8") || name.uppercased().contains("UTF8")
        return isUTF8
            ? Finding(state: .good, subject: "locale", fact: name)
            : Finding(
                state: .limited, subject: "locale",
                fact: "\(name.isEmpty ? "not set" : name): mixpack uses C.UTF-8 if the system has it",
                cure: "export LANG=C.UTF-8")
    }

    private func folders() -> Finding {
        let places = [wiring.machine.cacheRoot, wiring.machine.imageStore]
        for place in places {
            var folder = place
            while access(folder.string, F_OK) != 0 && folder.removeLastComponent() {}
            guard access(folder.string, W_OK) == 0 else {
                return Finding(
                    state: .missing, subject: "folders", fact: "\(folder) cannot be written",
                    cure: "set XDG_CACHE_HOME and XDG_DATA_HOME to folders that you can write to")
            }
        }
        return Finding(state: .good, subject: "folders", fact: places.map(\.string).joined(separator: ", "))
    }
}
