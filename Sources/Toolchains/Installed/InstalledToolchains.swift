import Diagnostics
import Files
import SystemPackage

/// The Elixirs and Erlangs of a machine, what its shell starts in a folder, and which pair of them builds there.
package struct InstalledToolchains: Sendable {
    let elixirs: [ToolInstall]
    let erlangs: [ToolInstall]
    /// What the shell starts in the folder; `nil` if that is nothing that could be found.
    package let shellElixir: ToolInstall?
    package let shellErlang: ToolInstall?
    /// Why the shell starts nothing, although a version manager is first on `PATH`.
    package let findings: [Diagnostic]
    /// The version manager that decides for the shell, or that is there at all.
    let manager: VersionManager?
    let packages: PackageManager

    /// Looks at the machine; nothing is started.
    package init(for folder: FilePath, environment: [String: String]) {
        let shell = ShellTools(of: folder, environment: environment)
        manager =
            shell.sources.active
            ?? VersionManager.allCases.first { shell.places.root(of: $0)?.appending("shims").isFolder ?? false }
        packages = PackageManager(environment)
        var findings: [Diagnostic] = []
        (elixirs, shellElixir) = Self.look(.elixir, shell, environment, &findings)
        (erlangs, shellErlang) = Self.look(.erlang, shell, environment, &findings)
        self.findings = findings
    }

    private static func look(
        _ tool: RequestedVersion.Tool, _ shell: ShellTools, _ environment: [String: String],
        _ findings: inout [Diagnostic]
    ) -> ([ToolInstall], ToolInstall?) {
        var all = ToolInstall.all(tool, environment: environment)
        var started: ToolInstall?
        let wrapped = tool == .erlang ? shell.wrappedErlang : nil
        switch wrapped.map(ShellTools.Answer.program) ?? shell.answer(tool.program, tool: tool.rawValue) {
        case .program(let file): started = ToolInstall(tool, startedBy: file)
        case .install(let folder, let manager): started = ToolInstall(tool, at: folder, manager: manager)
        case .refused(let manager, let wanted):
            // What is wanted and not installed is said where it is fetched.
            if wanted.isEmpty { findings.append(refusal(tool, manager, shell.places)) }
            if let path = wanted.first(where: \.isPath) { findings.append(refusal(tool, manager, path)) }
        case .nothing: break
        }
        if let known = all.first(where: { $0.root == started?.root }) { started = known }
        if let started, !all.contains(where: { $0.root == started.root }) { all.insert(started, at: 0) }
        return (all, started)
    }

    private static func refusal(
        _ tool: RequestedVersion.Tool, _ manager: VersionManager, _ places: ManagedPlaces
    ) -> Diagnostic {
        Diagnostic(
            .warning,
            "\(manager.rawValue) comes first on PATH, and no file here or above sets a version of \(tool.rawValue)",
            advice: "set one: \(manager.setting(tool.rawValue, newestIn: places))")
    }

    private static func refusal(
        _ tool: RequestedVersion.Tool, _ manager: VersionManager, _ path: String
    ) -> Diagnostic {
        Diagnostic(
            .warning,
            "the project asks for \(tool.rawValue) by a folder of this machine (\(path)), which only you can choose",
            advice: "if it may run: export \(manager.variable(for: tool.rawValue) ?? "PATH")='\(path)', "
                + "or write it into the file in your home folder")
    }

    // MARK: - The pair

    /// The pair that builds what is asked for; of a tool that is asked for and not installed, the one that is there.
    ///
    /// What is asked for comes first, then what the shell starts, then what goes together by Elixir's own table, and then
    /// the newest. Branches and candidates count only if nothing else is there or they are asked for by name.
    package func toolchain(for requests: VersionRequests) -> (toolchain: Toolchain, isShells: Bool)? {
        let elixirs = candidates(elixirs, requests, .elixir, shellElixir)
        let erlangs = candidates(erlangs, requests, .erlang, shellErlang)
        let pairs = elixirs.enumerated().flatMap { elixirRank, elixir in
            erlangs.enumerated().map { erlangRank, erlang in
                Pair(
                    elixir: elixir, erlang: erlang, isShells: isShells(elixir, erlang),
                    versionRank: elixirs.firstIndex { $0.version == elixir.version } ?? 0, elixirRank: elixirRank,
                    erlangRank: erlangRank)
            }
        }
        guard let best = pairs.min(by: { $0.order.lexicographicallyPrecedes($1.order) }) else { return nil }
        return (Toolchain(best.elixir, best.erlang), best.isShells)
    }

    private func isShells(_ elixir: ToolInstall, _ erlang: ToolInstall) -> Bool {
        elixir.root == shellElixir?.root && erlang.root == shellErlang?.root
    }

    private struct Pair {
        var elixir: ToolInstall
        var erlang: ToolInstall
        var isShells: Bool
        var versionRank: Int
        var elixirRank: Int
        var erlangRank: Int

        /// What decides, the most important first: less is better.
        var order: [Int] {
            // What the shell starts is what the user has tried.
            [isShells ? 0 : 1, distance == 3 ? 1 : 0, versionRank, distance, elixirRank, erlangRank]
        }

        /// How well they go together: 0 made for each other, 1 by the table, 2 not known to, 3 cannot.
        private var distance: Int {
            guard let major = erlang.otpMajor else { return 2 }
            if let made = elixir.otpMajor, made >= major { return made == major ? 0 : 3 }
            return Toolchain.goTogether(elixir: elixir.version, otpMajor: major) == true ? 1 : 2
        }
    }

    /// The installs that could be taken for a tool, the best first.
    private func candidates(
        _ installs: [ToolInstall], _ requests: VersionRequests, _ tool: RequestedVersion.Tool, _ shell: ToolInstall?
    ) -> [ToolInstall] {
        let request = requests.pinned(tool)
        if let folder = request?.folder {
            let root = FilePath(folder).realPath
            if let install = installs.first(where: { $0.root == root }) { return [install] }
            if let install = ToolInstall(tool, at: FilePath(folder)) { return [install] }
        }
        let wishes = (request.map { [$0] } ?? []) + (tool == .elixir ? requests.requirements : [])
        let accepted = installs.filter { install in wishes.allSatisfy { $0.accepts(install.version) } }
        if accepted.isEmpty { return shell.map { [$0] } ?? sorted(installs.filter(\.isRelease), nil, nil) }
        return sorted(accepted, request, shell)
    }

    /// The shell's first, then what has the very name or version that is asked for, then releases, the newest first.
    private func sorted(
        _ installs: [ToolInstall], _ request: RequestedVersion?, _ shell: ToolInstall?
    ) -> [ToolInstall] {
        let ranked = installs.map { install in
            (
                [
                    install.root == shell?.root ? 0 : 1, install.version == request?.version ? 0 : 1,
                    request?.otpMajor == nil || install.otpMajor == request?.otpMajor ? 0 : 1,
                    install.isRelease ? 0 : 1,
                ], install
            )
        }
        let sorted = ranked.sorted { one, other in
            if one.0 != other.0 { return one.0.lexicographicallyPrecedes(other.0) }
            return NumberedName(other.1.version) < NumberedName(one.1.version)
        }
        return sorted.map(\.1)
    }
}

extension Toolchain {
    init(_ elixir: ToolInstall, _ erlang: ToolInstall) {
        self.init(
            elixirVersion: elixir.version, otpVersion: erlang.version, ertsVersion: erlang.runtimeVersion ?? "",
            elixirRoot: elixir.root, erlangRoot: erlang.root)
    }
}
