import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("What mixpack chooses is what the shell starts")
struct ShellAgreementTests {
    private static let programs = [("elixir", "elixir"), ("erl", "erlang")].map { (program: $0.0, plugin: $0.1) }

    /// What the shell says in a folder; an empty text where it starts nothing.
    private func shell(
        _ managers: ToolManagers, _ environment: [String: String], in folder: FilePath
    ) async throws -> [String] {
        var said: [String] = []
        for program in ["elixir", "erl"] {
            let end = try await RunningProgram(
                managers.system.appending("sh"), ["-c", program],
                environment: environment.mapValues { $0 as String? }, workingDirectory: folder
            ).end(within: .seconds(20))
            said.append(end.status == 0 ? end.lines.last ?? "" : "")
        }
        return said
    }

    private func expectAgreement(
        _ managers: ToolManagers, _ environment: [String: String], in folder: FilePath, _ expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let installed = InstalledToolchains(for: folder, environment: environment)
        let found = [installed.shellElixir?.version ?? "", installed.shellErlang?.version ?? ""]
        #expect(try await shell(managers, environment, in: folder) == expected, sourceLocation: sourceLocation)
        #expect(found == expected, sourceLocation: sourceLocation)
        guard !expected.contains("") else { return }
        let requests = VersionRequests(of: folder, variables: [:], environment: environment)
        let chosen = installed.toolchain(for: requests)
        #expect(
            [chosen?.toolchain.elixirVersion, chosen?.toolchain.otpVersion] == expected, sourceLocation: sourceLocation)
        #expect(
            try requests.need(installed: chosen?.toolchain, isShells: chosen?.isShells ?? false) == nil,
            sourceLocation: sourceLocation)
    }

    @Test("asdf: the folder's file, those above it, the variable, the user's own file, fallbacks, system and paths")
    func asdf() async throws {
        try await withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            for version in ["1.14.5-otp-25", "1.18.3-otp-27", "1.19.5-otp-28", "1.20.0-rc.1-otp-28"] {
                try managers.install("elixir", version, for: "asdf")
            }
            try managers.install("elixir", "main-otp-27", says: "1.20.0-dev", for: "asdf")
            try managers.install("elixir", "ref-v1.17.3", says: "1.17.3", for: "asdf")
            for version in ["25.3.2", "27.3.4.1", "28.1"] { try managers.install("erlang", version, for: "asdf") }
            let shims = try managers.addShims(asdf: Self.programs)
            let debian = folder.appending("debian")
            try managers.addElixir("1.14.0", at: debian)
            try managers.addErlang("25.2.3", at: debian)
            let environment = managers.environment([shims, debian.appending("bin")])
            let project = managers.home.appending("work/shop/apps/web")
            try project.makeFolder()
            func expect(_ expected: [String], _ more: [String: String] = [:], _ line: SourceLocation) async throws {
                try await expectAgreement(
                    managers, environment.merging(more) { $1 }, in: project, expected, sourceLocation: line)
            }

            try await expect(["", ""], [:], #_sourceLocation)
            try managers.home.appending(".tool-versions").write("elixir 1.14.5-otp-25\nerlang 25.3.2\n")
            try await expect(["1.14.5", "25.3.2"], [:], #_sourceLocation)
            try managers.home.appending("work/.tool-versions").write("erlang 28.1\nelixir 1.19.5-otp-28\n")
            try await expect(["1.19.5", "28.1"], [:], #_sourceLocation)
            try project.appending(".tool-versions").write("elixir 1.18.3-otp-27 # for now\nerlang 27.3.4.1\n")
            try await expect(["1.18.3", "27.3.4.1"], [:], #_sourceLocation)
            try await expect(
                ["1.19.5", "28.1"],
                [
                    "ASDF_ELIXIR_VERSION": "1.19.5-otp-28", "ASDF_ERLANG_VERSION": "28.1",
                ], #_sourceLocation)
            // Built for an older OTP: what Elixir's changelog advises.
            try await expect(["1.18.3", "28.1"], ["ASDF_ERLANG_VERSION": "28.1"], #_sourceLocation)
            try project.appending(".tool-versions").write("elixir 1.16.0 1.18.3-otp-27\nerlang 27.0 27.3.4.1\n")
            try await expect(["1.18.3", "27.3.4.1"], [:], #_sourceLocation)
            try project.appending(".tool-versions").write("elixir main-otp-27\nerlang 27.3.4.1\n")
            try await expect(["1.20.0-dev", "27.3.4.1"], [:], #_sourceLocation)
            try project.appending(".tool-versions").write("elixir ref:v1.17.3\nerlang 27.3.4.1\n")
            try await expect(["1.17.3", "27.3.4.1"], [:], #_sourceLocation)
            try project.appending(".tool-versions").write("elixir system\nerlang system\n")
            try await expect(["1.14.0", "25.2.3"], [:], #_sourceLocation)
            // A file of words has no place for a path with a space in it, as the tests' folders have one.
            let plain = FilePath("/tmp/mixpack-path-\(getpid())")
            try await link(plain, to: debian)
            defer { unlink(plain.string) }
            let path = ["ASDF_ELIXIR_VERSION": "path:\(plain)", "ASDF_ERLANG_VERSION": "path:\(plain)"]
            try await expect(["1.14.0", "25.2.3"], path, #_sourceLocation)
            // mise's files are nothing to asdf.
            try project.appending(".tool-versions").write("elixir 1.18.3-otp-27\nerlang 27.3.4.1\n")
            try project.appending("mise.toml").write("[tools]\nelixir = \"1.19.5\"\n")
            try await expect(["1.18.3", "27.3.4.1"], [:], #_sourceLocation)
        }
    }

    @Test("mise: shims, activated folders, beginnings of versions, the user's own file, the variable")
    func mise() async throws {
        try await withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            for version in ["1.18.3-otp-27", "1.18.4-otp-27", "1.19.5-otp-28"] {
                try managers.install("elixir", version, for: "mise")
            }
            for version in ["27.2", "27.10.1", "28.1"] { try managers.install("erlang", version, for: "mise") }
            let shims = try managers.addShims(mise: Self.programs)
            let environment = managers.environment([shims])
            let project = managers.home.appending("shop")
            try project.makeFolder()

            try await expectAgreement(managers, environment, in: project, ["", ""])
            try managers.home.appending(".config/mise/config.toml").write(
                "[tools]\nelixir = \"latest\"\nerlang = \"28\"\n")
            try await expectAgreement(managers, environment, in: project, ["1.19.5", "28.1"])
            try project.appending("mise.toml").write("[tools]\nelixir = \"1.18\"\nerlang = \"27\"\n")
            try project.appending(".tool-versions").write("elixir 1.19.5-otp-28\nerlang 28.1\n")
            try await expectAgreement(managers, environment, in: project, ["1.18.4", "27.10.1"])
            // A dotted name counts more than the plain one.
            try project.appending(".mise.toml").write("[tools]\nelixir = \"1.18.3\"\n")
            try await expectAgreement(managers, environment, in: project, ["1.18.3", "27.10.1"])
            try project.appending(".mise.toml").remove()
            let variables = ["MISE_ELIXIR_VERSION": "1.18.3-otp-27", "MISE_ERLANG_VERSION": "27.2"]
            try await expectAgreement(
                managers, environment.merging(variables) { $1 }, in: project, ["1.18.3", "27.2"])

            // `mise activate` puts the installs themselves on PATH.
            let installs = managers.folder(of: "mise").appending("installs")
            let active = managers.environment([
                installs.appending("elixir/1.18.4-otp-27/bin"), installs.appending("erlang/27.10.1/bin"),
            ])
            try await expectAgreement(managers, active, in: project, ["1.18.4", "27.10.1"])
        }
    }

    @Test("mise's conf.d: of a folder's files the last counts, and less than all others, in the project and in general")
    func miseConfiguration() async throws {
        try await withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            for version in ["1.18.3-otp-27", "1.18.4-otp-27", "1.19.5-otp-28"] {
                try managers.install("elixir", version, for: "mise")
            }
            for version in ["27.2", "28.1"] { try managers.install("erlang", version, for: "mise") }
            let environment = managers.environment([try managers.addShims(mise: Self.programs)])
            func write(_ elixir: String, _ erlang: String, _ file: FilePath) throws {
                try file.write("[tools]\nelixir = \"\(elixir)\"\nerlang = \"\(erlang)\"\n")
            }
            // One below the home folder and one elsewhere, for which the user's settings count too.
            for project in [managers.home.appending("shop"), folder.appending("shop")] {
                try project.makeFolder()
                let settings = managers.home.appending(".config/mise")
                try write("1.18.3", "27.2", settings.appending("conf.d/10-all.toml"))
                try await expectAgreement(managers, environment, in: project, ["1.18.3", "27.2"])
                try write("1.19.5", "28.1", settings.appending("conf.d/20-new.toml"))
                try settings.appending("conf.d/30-old.toml.bak").write("[tools]\nelixir = \"1.18.3\"\n")
                try await expectAgreement(managers, environment, in: project, ["1.19.5", "28.1"])
                try write("1.18.4", "27", settings.appending("config.toml"))
                try await expectAgreement(managers, environment, in: project, ["1.18.4", "27.2"])
                try write("1.19", "28", project.appending(".config/mise/conf.d/tools.toml"))
                try await expectAgreement(managers, environment, in: project, ["1.19.5", "28.1"])
                let requests = VersionRequests(of: project, variables: [:], environment: environment)
                #expect(requests[.elixir]?.place == ".config/mise/conf.d/tools.toml:2")
                try write("1.18.3", "27.2", project.appending("mise/config.toml"))
                try await expectAgreement(managers, environment, in: project, ["1.18.3", "27.2"])
                try settings.remove()
            }
        }
    }

    @Test("installers, kiex and kerl, Nix and Homebrew: what PATH gives, by links and wrapper scripts")
    func unmanaged() async throws {
        try await withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let project = managers.home.appending("shop")
            try project.makeFolder()
            let installs = managers.home.appending(".elixir-install/installs")
            try managers.addElixir("1.18.4", at: installs.appending("elixir/1.18.4-otp-27"))
            try managers.addErlang("27.3.4", at: installs.appending("otp/27.3.4"))
            try await expectAgreement(
                managers,
                managers.environment([
                    installs.appending("elixir/1.18.4-otp-27/bin"), installs.appending("otp/27.3.4/bin"),
                ]), in: project, ["1.18.4", "27.3.4"])

            let kiex = managers.home.appending(".kiex/elixirs/elixir-1.17.3")
            let kerl = managers.home.appending("kerl/26.2")
            try managers.addElixir("1.17.3", at: kiex)
            try managers.addErlang("26.2", at: kerl)
            try managers.home.appending(".kerl/otp_installations").write("26.2 \(kerl)\n")
            try await expectAgreement(
                managers, managers.environment([kiex.appending("bin"), kerl.appending("bin")]), in: project,
                ["1.17.3", "26.2"])

            // Nix: a profile of links to a wrapper that starts the program beside it.
            let store = folder.appending("store/abc-elixir-1.19.5")
            try managers.addElixir("1.19.5", at: store)
            try store.appending("bin/elixir").copy(to: store.appending("bin/.elixir-wrapped"))
            try store.appending("bin/elixir").write(
                "#!/bin/sh\nexport ERL=1\nexec -a \"$0\" \"\(store)/bin/.elixir-wrapped\"  \"$@\"\n"
                    .replacing("-a \"$0\" ", with: ""), mode: 0o755)
            let otp = folder.appending("store/def-erlang-28.1")
            try managers.addErlang("28.1", at: otp.appending("lib/erlang"))
            let profile = managers.home.appending(".nix-profile/bin")
            try profile.makeFolder()
            try await link(profile.appending("elixir"), to: store.appending("bin/elixir"))
            try await link(profile.appending("erl"), to: otp.appending("lib/erlang/bin/erl"))
            try await expectAgreement(managers, managers.environment([profile]), in: project, ["1.19.5", "28.1"])

            // A wrapper that brings its own Erlang, whatever PATH has.
            try managers.addErlang("28.2", at: folder.appending("store/ghi-erlang-28.2/lib/erlang"))
            try store.appending("bin/elixir").write(
                """
                #!/bin/sh
                PATH=${PATH:+':'$PATH':'}
                PATH='\(folder)/store/ghi-erlang-28.2/lib/erlang/bin'$PATH
                export PATH
                exec "\(store)/bin/.elixir-wrapped" "$@"
                """, mode: 0o755)
            let wrapped = InstalledToolchains(for: project, environment: managers.environment([profile]))
            #expect(wrapped.shellErlang?.version == "28.2")

            // Homebrew: the prefix's links lead into the Cellar, where Elixir lies below lib.
            let brew = folder.appending("linuxbrew")
            let cellar = brew.appending("Cellar/elixir/1.18.1")
            try managers.addElixir("1.18.1", at: cellar.appending("lib/elixir"))
            try managers.addErlang("27.2", at: brew.appending("Cellar/erlang/27.2/lib/erlang"))
            try brew.appending("bin").makeFolder()
            try await link(brew.appending("bin/elixir"), to: cellar.appending("lib/elixir/bin/elixir"))
            try brew.appending("bin/erl").write(
                "#!/bin/bash\nexec \"\(brew)/Cellar/erlang/27.2/lib/erlang/bin/erl\" \"$@\"\n"
                    .replacing("/bin/bash", with: "/bin/sh"), mode: 0o755)
            try await expectAgreement(
                managers, managers.environment([brew.appending("bin")]), in: project, ["1.18.1", "27.2"])
        }
    }

    private func link(_ link: FilePath, to target: FilePath) async throws {
        _ = try await run(findTool("ln"), ["-s", target.string, link.string]).succeeded()
    }

    @Test(
        "of several installs the one that is asked for is taken, as a pair, and never a branch or a candidate unasked")
    func choice() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            for version in ["1.14.0", "1.18.3-otp-26", "1.18.3-otp-27", "1.19.5-otp-28", "1.20.0-rc.1-otp-28"] {
                try managers.install("elixir", version, for: "asdf")
            }
            try managers.install("elixir", "main-otp-28", says: "1.21.0-dev", for: "asdf")
            for version in ["25.3.2", "26.2.5", "27.3.4", "28.1", "29.0-rc1"] {
                try managers.install("erlang", version, for: "asdf")
            }
            let environment = managers.environment([])
            func chosen(_ requests: [RequestedVersion]) -> String {
                let pair = InstalledToolchains(for: folder, environment: environment)
                    .toolchain(for: VersionRequests(requests))?.toolchain
                return "\(pair?.elixirRoot.lastComponent?.string ?? "") \(pair?.otpVersion ?? "")"
            }
            func elixir(_ version: String, _ otp: Int? = nil) -> RequestedVersion {
                RequestedVersion(.elixir, version, otpMajor: otp, source: "x")
            }
            func erlang(_ version: String) -> RequestedVersion { RequestedVersion(.erlang, version, source: "x") }

            #expect(chosen([]) == "1.19.5-otp-28 28.1")
            #expect(chosen([elixir("1.18.3", 27)]) == "1.18.3-otp-27 27.3.4")
            #expect(chosen([elixir("1.18.3", 26)]) == "1.18.3-otp-26 26.2.5")
            #expect(chosen([elixir("1.18"), erlang("26")]) == "1.18.3-otp-26 26.2.5")
            #expect(chosen([elixir("1.14.0")]) == "1.14.0 25.3.2")
            #expect(chosen([elixir("1.20.0-rc.1", 28)]) == "1.20.0-rc.1-otp-28 28.1")
            #expect(chosen([erlang("27")]) == "1.18.3-otp-27 27.3.4")
        }
    }
}
