import Diagnostics
import ElixirBuildpacks
import Toolchains

/// Looks at the programs of the user's that builds need: Elixir and Erlang, version managers, git, rebar3, a compiler.
struct ToolCheckup {
    let wiring: Wiring

    private var environment: [String: String] { wiring.machine.environment }
    private var packages: PackageManager { PackageManager(environment) }

    /// The findings, in the order in which a build needs the programs.
    func findings() -> [MachineCheckup.Finding] {
        let found = wiring.toolchain(of: wiring.machine.currentDirectory)
        let installed = found.installed
        return [toolchain(found)] + [managers(installed)].compactMap(\.self)
            + [
                program("git", .git, "dependencies from git cannot be fetched"),
                program("rebar3", .rebar3, "mixpack fetches it for Erlang dependencies"),
                program("cc", .compiler, "native code cannot be compiled"),
            ]
    }

    /// What builds in this folder, and what it asks for that is not installed.
    private func toolchain(_ found: ProjectToolchain) -> MachineCheckup.Finding {
        let subject = "Elixir and Erlang"
        guard let pair = pair(found) else {
            let missing = found.installed.missing
            return MachineCheckup.Finding(
                state: .missing, subject: subject, fact: missing.message, cure: missing.advice)
        }
        let text = "Elixir \(pair.elixirVersion) in \(pair.elixirRoot), OTP \(pair.otpVersion) in \(pair.erlangRoot)"
        let lacking = (try? ProjectVersions(found))?.findings.first { $0.advice != nil }
        guard let finding = found.installed.findings.first ?? lacking else {
            return MachineCheckup.Finding(state: .good, subject: subject, fact: text)
        }
        return MachineCheckup.Finding(
            state: .limited, subject: subject, fact: "\(text); \(finding.text)", cure: finding.advice)
    }

    /// What a build takes now: the machine's, or what an earlier one fetched.
    private func pair(_ found: ProjectToolchain) -> Toolchain? {
        if case .ready(let toolchain)? = try? found.state() { return toolchain }
        return found.machine
    }

    /// What version managers keep, and which of the other programs come from them; `nil` without a manager.
    private func managers(_ installed: InstalledToolchains) -> MachineCheckup.Finding? {
        let tools = UserTools(of: wiring.machine.currentDirectory, environment: environment)
        let kept = (["rebar3"] + UserTools.node + ["cargo"]).compactMap { name -> (name: String, keeper: String)? in
            guard case .found(let tool) = tools.find(name) else { return nil }
            return tools.keeper(of: tool).map { (name, $0) }
        }
        var keepers: [String] = []
        for tool in kept where !keepers.contains(tool.keeper) { keepers.append(tool.keeper) }
        let others = keepers.map { keeper in
            "\(kept.filter { $0.keeper == keeper }.map(\.name).joined(separator: ", ")) by \(keeper)"
        }
        let facts = installed.managers + others
        return facts.isEmpty
            ? nil
            : MachineCheckup.Finding(state: .good, subject: "version managers", fact: facts.joined(separator: "; "))
    }

    /// A program as the build finds it: behind the shims of version managers.
    private func program(
        _ name: String, _ need: PackageManager.Need, _ limit: String
    ) -> MachineCheckup.Finding {
        let tools = UserTools(of: wiring.machine.currentDirectory, environment: environment)
        switch tools.find(name) {
        case .found(let tool):
            let keeper = tools.keeper(of: tool).map { ", by \($0)" } ?? ""
            return MachineCheckup.Finding(state: .good, subject: name, fact: "\(tool.program)\(keeper)")
        case .refused(let reason, let advice):
            return MachineCheckup.Finding(
                state: .limited, subject: name, fact: "cannot be used: \(reason)", cure: advice)
        case .missing:
            return MachineCheckup.Finding(
                state: .limited, subject: name, fact: "not found: \(limit)",
                cure: packages.command(for: need) ?? packages.advice(for: need))
        }
    }
}
