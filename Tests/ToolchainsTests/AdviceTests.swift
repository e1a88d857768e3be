import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("What is installed, and how to get what is missing, in words")
struct AdviceTests {
    @Test("the system's package manager installs what is missing, by its own names")
    func packages() throws {
        try withTemporaryFolder { folder in
            let expected = [
                "apt-get": [
                    "sudo apt-get install -y elixir erlang-dev erlang-parsetools erlang-ssl erlang-inets",
                    "sudo apt-get install -y rebar3", "sudo apt-get install -y build-essential",
                ],
                "dnf": [
                    "sudo dnf install -y elixir erlang", "sudo dnf install -y erlang-rebar3",
                    "sudo dnf install -y gcc make",
                ],
                "zypper": [
                    "sudo zypper install -y elixir erlang", "mix local.rebar --force",
                    "sudo zypper install -y gcc make",
                ],
                "pacman": [
                    "sudo pacman -S --noconfirm elixir erlang", "sudo pacman -S --noconfirm rebar3",
                    "sudo pacman -S --noconfirm base-devel",
                ],
                "apk": ["sudo apk add elixir erlang erlang-dev", "mix local.rebar --force", "sudo apk add build-base"],
            ]
            for (program, commands) in expected {
                let bin = folder.appending("bin-\(program)")
                try bin.appending(program).write("#!/bin/sh\n", mode: 0o755)
                let found = PackageManager(["PATH": bin.string], system: "")
                #expect([.elixir, .rebar3, .compiler].map(found.command) == commands)
                let programs = program == "apt-get" ? "imagemagick jq" : "convert jq"
                let them = found.advice(forPrograms: ["jq", "convert"])
                #expect(them.hasPrefix("install them: sudo \(program) ") && them.hasSuffix(programs), "\(them)")
                #expect(found.advice(forPrograms: ["jq"]).hasPrefix("install it: "))
                #expect(found.advice(for: .git).hasPrefix("install it: sudo \(program) "))
            }
            let libraries = [
                "apt-get": "install it: sudo apt-get install -y libglu1-mesa",
                "dnf": "install it: sudo dnf install -y 'libGLU.so.1()(64bit)'",
                "zypper": "install it: sudo zypper install -y 'libGLU.so.1()(64bit)'",
                "pacman": "install the package that has it: pacman -F libGLU.so.1",
                "apk": "install it: sudo apk add so:libGLU.so.1",
            ]
            for (program, advice) in libraries {
                let bin = folder.appending("bin-\(program)")
                let found = PackageManager(["PATH": bin.string], system: "")
                #expect(found.advice(forLibrary: "libGLU.so.1", package: "libglu1-mesa") == advice)
            }
            let apt = PackageManager(["PATH": folder.appending("bin-apt-get").string], system: "")
            #expect(
                apt.advice(forLibrary: "libown.so.1", package: nil)
                    == "install the package that has it: apt-file search libown.so.1")
            let none = PackageManager(["PATH": folder.string], system: "")
            #expect(none.command(for: .git) == nil)
            #expect(none.advice(for: .git) == "install git by your system's package manager")
        }
    }

    @Test("installs are grouped by who keeps them, newest first, and long lists are folded")
    func lists() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            for version in ["1.18.3-otp-27", "1.9.4", "1.19.5-otp-28"] {
                try managers.install("elixir", version, for: "asdf")
            }
            for patch in 0..<9 { try managers.install("erlang", "27.\(patch)", for: "mise") }
            try managers.install("elixir", "1.17.3", for: "mise")
            let installer = managers.home.appending(".elixir-install/installs")
            try managers.addErlang("26.2", at: installer.appending("otp/26.2"))
            let debian = folder.appending("debian")
            try managers.addElixir("1.14.0", at: debian)
            let shims = try managers.addShims(asdf: [("elixir", "elixir"), ("erl", "erlang")])
            let found = InstalledToolchains(
                for: folder, environment: managers.environment([shims, debian.appending("bin")]))

            #expect(
                found.choices == [
                    "installed: Elixir 1.19.5-otp-28, 1.18.3-otp-27, 1.9.4 by asdf; 1.17.3 by mise; "
                        + "1.14.0 in \(debian.realPath?.string ?? "")",
                    "installed: OTP 27.8, 27.7, 27.6, 27.5, 27.4 and 4 more by mise; 26.2 by elixir.org's installer",
                ])
            #expect(found.managers == ["asdf: 3 Elixirs", "mise: 1 Elixir, 9 Erlangs"])
            // The newest one that asdf has is an example.
            #expect(found.findings.map(\.advice).contains("set one: asdf set elixir 1.19.5-otp-28"))
            let wanted = [
                RequestedVersion(.elixir, "1.16.0", otpMajor: 26, source: "x"),
                RequestedVersion(.elixir, "~> 1.14", isRequirement: true, source: "mix.exs"),
            ]
            #expect(found.command(for: wanted) == "asdf install elixir 1.16.0-otp-26")
        }
    }

    @Test("a machine without Elixir gets one command: the version manager's if there is one")
    func missing() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            func advice(_ path: [FilePath]) -> String? {
                InstalledToolchains(for: folder, environment: managers.environment(path)).missing.advice
            }
            #expect(advice([])?.hasPrefix("install it: ") == true)
            #expect(advice([])?.contains("asdf") == false)
            let mise = try managers.addShims(mise: [("node", "node")])
            #expect(advice([mise]) == "install it: mise use --global erlang elixir")
            let asdf = try managers.addShims(asdf: [("node", "nodejs")])
            try managers.install("erlang", "27.2", for: "asdf")
            #expect(
                advice([asdf, mise])
                    == "install it: asdf plugin add elixir && asdf install elixir latest && asdf set --home elixir latest"
            )
        }
    }
}
