import Glibc
import SystemPackage
import TestSupport
import Testing

/// Where developers have their Elixir and Erlang, laid out as the managers do, with copies of this machine's own.
enum MachineLayout: String, CaseIterable, CustomTestStringConvertible {
    case asdf, mise
    case installer = "elixir.org's installer"
    case kiex = "kerl and kiex"
    case nix = "a profile of Nix"
    case homebrew = "Homebrew"

    var testDescription: String { rawValue }

    /// A machine with a layout.
    struct Machine {
        /// What the shell's `PATH` has first.
        var path: [FilePath]
        var variables: [String: String] = [:]
        let elixir: FilePath
        let erlang: FilePath
    }

    /// Lays the installs out, the one that counts and newer ones, and says in a project which one that is.
    func install(_ managers: ToolManagers, for project: FilePath) async throws -> Machine {
        let own = try MachineToolchain()
        let machine = try machine(managers, own)
        try await managers.copyMachine(elixir: machine.elixir, erlang: machine.erlang)
        try addOthers(managers)
        switch self {
        case .asdf:
            try managers.home.appending(".tool-versions").write("elixir 1.99.0-otp-99\nerlang 99.1\n")
            try project.appending(".tool-versions").write("elixir \(own.elixir)\nerlang \(own.erlang)\n")
        case .mise:
            try managers.home.appending(".config/mise/config.toml").write(
                "[tools]\nelixir = \"latest\"\nerlang = \"99\"\n")
            try project.appending(".config/mise/conf.d/tools.toml").write(
                "[tools]\nelixir = \"\(own.elixir)\"\nerlang = \"\(own.erlang.prefix { $0 != "." })\"\n")
        case .kiex: try managers.home.appending(".kerl/otp_installations").write("\(own.erlang) \(machine.erlang)\n")
        case .nix: try await addProfile(managers, machine)
        case .homebrew:
            try await link(
                machine.elixir.appending("bin"), managers.home.appending("linuxbrew/bin"), ["elixir", "mix"])
            try await link(machine.erlang.appending("bin"), managers.home.appending("linuxbrew/bin"), ["erl"])
        case .installer: break
        }
        return machine
    }

    private func machine(_ managers: ToolManagers, _ own: MachineToolchain) throws -> Machine {
        let home = managers.home
        func inBins(_ elixir: FilePath, _ erlang: FilePath) -> Machine {
            Machine(path: [elixir.appending("bin"), erlang.appending("bin")], elixir: elixir, erlang: erlang)
        }
        let programs = [("elixir", "elixir"), ("mix", "elixir"), ("erl", "erlang")].map {
            (program: $0.0, plugin: $0.1)
        }
        switch self {
        case .asdf, .mise:
            let installs = managers.folder(of: rawValue).appending("installs")
            let shims =
                self == .asdf ? try managers.addShims(asdf: programs) : try managers.addShims(mise: programs)
            return Machine(
                path: [shims], variables: ["MISE_DATA_DIR": managers.folder(of: "mise").string],
                elixir: installs.appending("elixir/\(own.elixir)"),
                erlang: installs.appending("erlang/\(own.erlang)"))
        case .installer:
            let installs = home.appending(".elixir-install/installs")
            return inBins(installs.appending("elixir/\(own.elixir)-otp-25"), installs.appending("otp/\(own.erlang)"))
        case .kiex:
            return inBins(home.appending(".kiex/elixirs/elixir-\(own.elixir)"), home.appending("otp/\(own.erlang)"))
        case .nix:
            return Machine(
                path: [home.appending(".nix-profile/bin")], elixir: home.appending("store/abc-elixir-\(own.elixir)"),
                erlang: home.appending("store/def-erlang-\(own.erlang)/lib/erlang"))
        case .homebrew:
            let brew = home.appending("linuxbrew")
            return Machine(
                path: [brew.appending("bin")], variables: ["HOMEBREW_PREFIX": brew.string],
                elixir: brew.appending("Cellar/elixir/\(own.elixir)"),
                erlang: brew.appending("Cellar/erlang/\(own.erlang)/lib/erlang"))
        }
    }

    /// Newer versions beside the one that counts, which end whatever starts them.
    private func addOthers(_ managers: ToolManagers) throws {
        let (elixir, erlang) = ("1.99.0", "99.1")
        switch self {
        case .asdf, .mise:
            try managers.install("elixir", "\(elixir)-otp-99", for: rawValue)
            try managers.install("erlang", erlang, for: rawValue)
        case .installer:
            let installs = managers.home.appending(".elixir-install/installs")
            try managers.addElixir(elixir, at: installs.appending("elixir/\(elixir)-otp-99"))
            try managers.addErlang(erlang, at: installs.appending("otp/\(erlang)"))
        case .kiex: try managers.addElixir(elixir, at: managers.home.appending(".kiex/elixirs/elixir-\(elixir)"))
        case .homebrew:
            try managers.addElixir(elixir, at: managers.home.appending("linuxbrew/Cellar/elixir/\(elixir)"))
        case .nix: break
        }
    }

    /// A profile of links to wrappers, of which Elixir's brings its Erlang along.
    private func addProfile(_ managers: ToolManagers, _ machine: Machine) async throws {
        let bin = machine.elixir.appending("bin")
        for name in ["elixir", "mix"] {
            try bin.appending(name).copy(to: bin.appending(".\(name)-wrapped"))
            try bin.appending(name).write(
                """
                #!/bin/sh
                PATH=${PATH:+':'$PATH':'}
                PATH='\(machine.erlang)/bin'$PATH
                export PATH
                exec "\(bin)/.\(name)-wrapped" "$@"

                """, mode: 0o755)
        }
        try await link(bin, managers.home.appending(".nix-profile/bin"), ["elixir", "mix"])
    }

    private func link(_ from: FilePath, _ to: FilePath, _ names: [String]) async throws {
        try to.makeFolder()
        for name in names {
            _ = try await run(findTool("ln"), ["-s", from.appending(name).string, to.appending(name).string])
                .succeeded()
        }
    }
}

@Suite("The pair that the shell runs is the pair that builds", .serialized)
struct LayoutTests {
    /// Neither a mirror nor anything else can be reached, and nothing says that it may not be tried.
    static let unreachable: [String: String?] = [
        "HEX_OFFLINE": nil, "MIXPACK_OFFLINE": nil, "MIXPACK_BUILDS_URL": "http://127.0.0.1:9",
        "HEX_MIRROR": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9",
    ]

    /// The variables of a user's shell.
    static func environment(_ managers: ToolManagers, _ path: [FilePath]) -> [String: String?] {
        let folders = (path + ["/usr/local/bin", "/usr/bin", "/bin"]).map(\.string).joined(separator: ":")
        return unreachable.merging(["HOME": managers.home.string, "PATH": folders]) { $1 }
    }

    @Test(
        "detect names what elixir --version names in the project's folder, and a build runs with it and fetches nothing",
        arguments: MachineLayout.allCases)
    func agrees(layout: MachineLayout) async throws {
        try await Workbench.run { bench in
            let managers = try ToolManagers(in: bench.folder.appending("machine"))
            let project = try bench.mini {
                $0.preamble = "IO.puts(\"built by #{:code.root_dir()} and #{Path.expand(:code.lib_dir(:elixir))}\")"
            }
            let machine = try await layout.install(managers, for: project)
            let environment = Self.environment(managers, machine.path).merging(machine.variables) { $1 }

            let shell = try await run(
                "/bin/sh", ["-c", "elixir --version"], environment: environment, workingDirectory: project
            ).succeeded()
            let shown = try #require(shell.output.firstMatch(of: #/\[erts-([0-9.]+)\](?s:.*)\nElixir ([0-9.]+) /#))
            let detection = try await bench.mixpack.run(
                ["detect", "--json"], environment: environment, workingDirectory: project
            ).succeeded()
            let pair = try JSONValue(parsing: detection.output)["toolchain"]
            #expect(pair?["ertsVersion"]?.string == String(shown.1), "\(shell)")
            #expect(pair?["elixirVersion"]?.string == String(shown.2), "\(shell)")
            #expect(pair?["erlangRoot"]?.string == machine.erlang.string)
            #expect(pair?["elixirRoot"]?.string == machine.elixir.string)

            let end = try await bench.tryBuild(project, environment: environment).succeeded()
            #expect(end.output.contains("built by \(machine.erlang) and \(machine.elixir)/lib/elixir"), "\(end)")
            let fetched = (try? bench.mixpack.cache.appending("toolchains").names()) ?? []
            #expect(
                fetched.allSatisfy { $0.hasPrefix("pair-") } && !end.output.contains("fetching"), "\(fetched)\(end)")
        }
    }

    // MARK: - What is said

    /// A machine whose asdf has three Elixirs and two Erlangs, none of which can start, and rebar3.
    private func asdf(_ bench: Workbench) throws -> [String: String?] {
        let managers = try ToolManagers(in: bench.folder.appending("machine"))
        for version in ["1.14.5-otp-25", "1.18.3-otp-27", "1.19.5-otp-28"] {
            try managers.install("elixir", version, for: "asdf")
        }
        for version in ["27.3.4", "28.1"] { try managers.install("erlang", version, for: "asdf") }
        let rebar = managers.folder(of: "asdf").appending("installs/rebar/3.24.0/bin/rebar3")
        try rebar.write("#!/bin/sh\n", mode: 0o755)
        try managers.home.appending(".tool-versions").write("rebar 3.24.0\nelixir 1.18.3-otp-27\nerlang 27.3.4\n")
        let shims = try managers.addShims(asdf: [("elixir", "elixir"), ("erl", "erlang"), ("rebar3", "rebar")])
        return Self.environment(managers, [shims])
    }

    @Test("what none of the installs meets is said with all of them and with the manager's command, without a network")
    func unmet() async throws {
        try await Workbench.run { bench in
            let environment = try asdf(bench).merging(["MIXPACK_OFFLINE": "1"]) { $1 }
            let project = try bench.mini()
            try project.appending(".tool-versions").write("elixir 1.17.3-otp-27\n")
            let elixirs = "1.19.5-otp-28, 1.18.3-otp-27, 1.14.5-otp-25 by asdf; "
            let lacking =
                "Elixir 1.17.3 for OTP 27 (.tool-versions:1) is not installed, and mixpack may not use the network"
            let detection = try await bench.mixpack.run(
                ["detect"], environment: environment, workingDirectory: project)
            #expect(
                detection.output.contains(
                    "Elixir    1.17.3 for OTP 27, not installed; mixpack may not use the network"),
                "\(detection)")
            #expect(detection.output.contains("\n            installed: \(elixirs)"), "\(detection)")
            #expect(
                detection.output.contains("warning: \(lacking)\n  install it: asdf install elixir 1.17.3-otp-27\n"),
                "\(detection)")
            let end = try await bench.tryBuild(project, environment: environment)
            #expect(end.status == 22, "\(end)")
            #expect(end.errorOutput.contains("\(lacking)\n  installed: Elixir \(elixirs)"), "\(end)")
            #expect(end.errorOutput.contains("\n  install it: asdf install elixir 1.17.3-otp-27\n"), "\(end)")
            #expect(
                end.errorOutput.contains("(Elixir 1.19.5, OTP 28.1): -e BP_ELIXIR_VERSION=system"), "\(end)")
        }
    }

    @Test("doctor counts what a version manager has, and gives its command for what is missing")
    func doctor() async throws {
        try await Workbench.run { bench in
            let environment = try asdf(bench)
            let project = try bench.mini()
            func doctor() async throws -> String {
                try await bench.mixpack.run(["doctor"], environment: environment, workingDirectory: project)
                    .succeeded().output
            }
            let good = try await doctor()
            #expect(good.contains("version managers   asdf: 3 Elixirs, 2 Erlangs; rebar3 by asdf\n"), "\(good)")
            #expect(good.contains("installs/rebar/3.24.0/bin/rebar3, by asdf\n"), "\(good)")
            try project.appending(".tool-versions").write("elixir 1.17.3-otp-27\nrebar 3.1.0\n")
            let lacking = try await doctor()
            #expect(lacking.contains("Elixir 1.17.3 for OTP 27 (.tool-versions:1) is not installed"), "\(lacking)")
            #expect(lacking.contains("→ install it: asdf install elixir 1.17.3-otp-27\n"), "\(lacking)")
            #expect(lacking.contains("cannot be used: asdf has no rebar 3.1.0\n"), "\(lacking)")
            #expect(lacking.contains("→ asdf install rebar 3.1.0\n"), "\(lacking)")
        }
    }
}
