import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Which toolchain builds a project: the machine's, or what the project asks for and the supply has.
package struct ProjectToolchain: Sendable {
    /// What is known before anything is fetched.
    package enum State: Sendable, Hashable {
        case ready(Toolchain)
        case lacking(ToolchainNeed)
    }

    /// What the project asks for, in the order in which it counts.
    package let requests: VersionRequests
    /// The Erlang and Elixir of the machine; `nil` where it has none.
    package let machine: Toolchain?
    /// Why the shell starts no Elixir or Erlang, if a version manager is to decide and cannot.
    package let findings: [Diagnostic]
    /// The server that precompiled builds are fetched from.
    package var server: String { settings.builds }
    /// Whether nothing may be fetched.
    package var isOffline: Bool { settings.isOffline }
    /// Every Elixir and Erlang of the machine.
    package let installed: InstalledToolchains
    private let isShells: Bool
    let supply: ToolchainSupply?
    let settings: DownloadSettings

    /// Looks at a project, without running anything of it.
    /// - Parameters:
    ///   - folder: the project's.
    ///   - variables: the user's; `BP_ELIXIR_VERSION` and `BP_OTP_VERSION` choose.
    ///   - environment: the machine's, with its `PATH`.
    ///   - supply: where comes from what the machine lacks; without one, the machine's own is used in any case.
    package init(
        of folder: FilePath, variables: [String: String], environment: [String: String], supply: ToolchainSupply?
    ) {
        let project = try? MixInspector.staticLook(folder)
        requests = VersionRequests(
            of: folder, variables: variables, environment: environment,
            requirements: (project?.elixirRequirements ?? []).map { ($0.folder, $0.requirement) })
        installed = InstalledToolchains(for: folder, environment: environment)
        let found = installed.toolchain(for: requests)
        machine = found?.toolchain
        isShells = found?.isShells ?? false
        findings = requests.all.contains { !$0.isRequirement } ? [] : installed.findings
        self.supply = supply
        settings = (supply?.settings ?? DownloadSettings()).adding(environment).adding(variables)
    }

    /// What is there, and what is lacking.
    /// - Throws: `Failure` where the project's own requests contradict each other, or where nothing can be had.
    package func state() throws(Failure) -> State {
        guard let supply, let need = try requests.need(installed: machine, isShells: isShells) else {
            guard let machine else { throw installed.missing }
            return .ready(machine)
        }
        return supply.toolchain(for: need, machine: machine).map { .ready($0) } ?? .lacking(need)
    }

    /// The toolchain, installed first where it is lacking.
    /// - Parameter notice: told in one line what is fetched, before it is.
    /// - Throws: `Failure`, `CancellationError`.
    package func provide(notice: @escaping @Sendable (String) -> Void) async throws -> Toolchain {
        switch try state() {
        case .ready(let toolchain):
            try await check(toolchain)
            return toolchain
        case .lacking(let need):
            guard let supply else { throw Failure(.noToolchain, need.absence) }
            let toolchain: Toolchain
            do {
                toolchain = try await supply.provide(need, machine: machine, settings: settings, notice: notice)
            } catch let problem as Failure where [.noToolchain, .versionConflict].contains(problem.code) {
                var failure = advised(problem)
                failure.advice = [failure.advice, systemAdvice].compactMap(\.self).joined(separator: "\n")
                throw failure
            }
            try await check(toolchain)
            return toolchain
        }
    }

    /// How to build with what is installed, which is another version than the project asks for.
    private var systemAdvice: String? {
        let any = RequestedVersion.Tool.allCases.map {
            RequestedVersion($0, RequestedVersion.system, source: "BP_VERSION")
        }
        guard let pair = installed.toolchain(for: VersionRequests(any + requests.requirements))?.toolchain else {
            return nil
        }
        return "or build with the installed versions (Elixir \(pair.elixirVersion), OTP \(pair.otpVersion)): "
            + "-e BP_ELIXIR_VERSION=system -e BP_OTP_VERSION=system"
    }

    /// How the version manager that is there installs what is asked for and missing; `nil` without one.
    package var installCommand: String? {
        installed.command(for: requests.all.filter { !$0.isOverruled && !$0.isMet(by: machine) })
    }

    /// A failure over versions, with what there is instead: all installs, and the manager's own command.
    package func advised(_ problem: Failure) -> Failure {
        let install = installCommand.map { "install it: \($0)" } ?? (machine == nil ? installed.advice : nil)
        let lines = installed.choices + [install, problem.advice].compactMap(\.self)
        var failure = problem
        failure.advice = lines.isEmpty ? nil : lines.joined(separator: "\n")
        return failure
    }

    /// A failure of mix.exs with the toolchain that evaluated it, if the project asks for another one.
    package func explained(_ failure: Failure, evaluatedWith toolchain: Toolchain) -> Failure {
        let unmet = requests.all.filter { !$0.isOverruled && !$0.isMet(by: toolchain) }
        guard failure.code == .brokenMixFile, !unmet.isEmpty else { return failure }
        let wishes = unmet.map { "\($0.tool == .elixir ? "Elixir" : "OTP") \($0.version) (\($0.place))" }
        let words =
            "it was evaluated with Elixir \(toolchain.elixirVersion) on OTP \(toolchain.otpVersion); "
            + "the project asks for \(wishes.joined(separator: ", "))"
        var failure = failure
        failure.advice = [failure.advice, words, installCommand.map { "install it: \($0)" }].compactMap(\.self)
            .joined(separator: "\n")
        return failure
    }

    /// Tries a pair that Elixir's own table does not name.
    /// - Throws: `Failure` of code `versionConflict` if it does not start.
    package func check(_ toolchain: Toolchain) async throws {
        guard let supply else { return }
        try await PairTrial(runner: supply.runner, folder: supply.root).check(toolchain)
    }
}

extension RequestedVersion {
    /// Whether the machine's toolchain is what is asked for.
    fileprivate func isMet(by machine: Toolchain?) -> Bool {
        let found = tool == .elixir ? machine?.elixirVersion : machine?.otpVersion
        return found.map(accepts) ?? false
    }
}

extension ProjectToolchain {
    /// What a build plan requires: both tools with their versions.
    /// - Throws: `Failure` where no toolchain can be had.
    func requirements() throws -> (elixir: BuildPlan.Requirement, erlang: BuildPlan.Requirement) {
        let versions: (elixir: String?, erlang: String?)
        switch try state() {
        case .ready(let toolchain): versions = (toolchain.elixirVersion, toolchain.otpVersion)
        case .lacking(let need):
            versions = (
                need.elixir.map { $0.requests.first?.version ?? "" } ?? machine?.elixirVersion,
                need.erlang.map { $0.requests.first?.version ?? "" } ?? machine?.otpVersion
            )
        }
        func requirement(_ name: String, _ version: String?) -> BuildPlan.Requirement {
            guard let version, !version.isEmpty else { return BuildPlan.Requirement(name) }
            return BuildPlan.Requirement(name, metadata: ["version": .string(version)])
        }
        return (requirement("elixir", versions.elixir), requirement("erlang", versions.erlang))
    }

    /// What buildpacks depend on; `nil` where something is yet to be fetched.
    var facts: [String: String]? {
        guard case .ready(let toolchain)? = try? state() else { return nil }
        return toolchain.facts
    }

    /// The toolchain that compiles, looked over first where mixpack has installed it, and installed where it is lacking.
    func provideIntact(_ reporter: BuildpackReporter) async throws -> Toolchain {
        if let supply, case .ready(let toolchain) = try state() {
            try supply.removeDamaged(toolchain) { reporter(.notice($0)) }
        }
        return try await provide(reporter)
    }

    /// The toolchain of a build, installed first where it is lacking.
    func provide(_ reporter: BuildpackReporter) async throws -> Toolchain {
        try await provide { reporter(.notice($0)) }
    }

    init(_ context: DetectContext, _ supply: ToolchainSupply?) {
        self = context.memory.toolchain(
            of: context.applicationDirectory, context.platformVariables, context.environment, supply)
    }

    /// The toolchain of a build; what other buildpacks contributed is not taken for the machine's.
    init(_ context: BuildContext, _ supply: ToolchainSupply?) {
        var environment = context.environment
        let layers = context.layersDirectory.removingLastComponent().string + "/"
        environment["PATH"] = environment["PATH"]?.split(separator: ":").filter { !$0.hasPrefix(layers) }
            .joined(separator: ":")
        self = context.memory.toolchain(
            of: context.applicationDirectory, context.platformVariables, environment, supply)
    }
}

extension BuildMemory {
    /// A project's toolchain as it is when the build first asks: each of its steps has the same.
    fileprivate func toolchain(
        of folder: FilePath, _ variables: [String: String], _ environment: [String: String], _ supply: ToolchainSupply?
    ) -> ProjectToolchain {
        let words = [variables, environment].map { $0.map { "\($0)=\($1)" }.sorted().joined(separator: "\n") }
        return value(for: ["toolchain", folder.string] + words) {
            ProjectToolchain(of: folder, variables: variables, environment: environment, supply: supply)
        }
    }
}
