import Glibc
import SystemPackage
import TestSupport
import Testing

/// What a project may do only after a yes: run without a sandbox, and read what lies outside of it.
@Suite("What a project may not do by itself", .serialized)
struct ConsentTests {
    /// Runs a program on this machine as if bubblewrap were not installed.
    private static let bare = [
        "unshare", "-m", "sh", "-c", "mount --bind /dev/null /usr/bin/bwrap && exec \"$@\"", "sh",
    ]

    private func run(
        _ bench: Workbench, by words: [String], _ arguments: [String], _ more: [String: String] = [:]
    ) async throws -> ProgramEnd {
        let first = try #require(words.first)
        return try await TestSupport.run(
            try findTool(first), words.dropFirst() + [bench.mixpack.executable.string] + arguments,
            environment: bench.mixpack.merged(with: more), workingDirectory: bench.folder, within: .seconds(180))
    }

    // MARK: - Links

    private func linked(_ bench: Workbench, to target: FilePath, _ name: String = "mini") throws -> FilePath {
        let project = try bench.mini(name) { $0.files = ["priv/.keep": ""] }
        guard symlink(target.string, project.appending("priv/k").string) == 0 else { throw Errno(rawValue: errno) }
        return project
    }

    @Test("a private key that a link of the project leads to is not built in: the link is named, and nothing is left")
    func link() async throws {
        try await Workbench.run { bench in
            let ssh = bench.folder.appending("home/.ssh")
            try ssh.appending("id_ed25519").write("key-of-the-user-4711")
            for (name, target) in [("file", ssh.appending("id_ed25519")), ("folder", ssh)] {
                let project = try linked(bench, to: target, name)
                let place = bench.folder.appending("layout-\(name)")
                let end = try await bench.tryBuild(project, ["--output", "oci:\(place):image", "--ui", "plain"])
                #expect(end.status == 3, "\(end)")
                let told = end.output + end.errorOutput
                #expect(told.contains("priv/k is a link that leads out of the project, to \(target)"), "\(end)")
                #expect(told.contains("--follow-links '\(target)'"), "\(end)")
                #expect(!place.isThere)
                let detect = try await bench.mixpack.run(["detect", "--path", project.string])
                #expect(detect.status == 3, "\(detect)")
                #expect(detect.output.contains("--follow-links '\(target)'"), "\(detect)")
            }
            #expect(try await filesHolding("key-of-the-user", in: bench.folder) == [ssh.appending("id_ed25519").string])
        }
    }

    @Test("what a link leads to is built in after --follow-links or config.toml; project.toml cannot say so")
    func opened() async throws {
        try await Workbench.run { bench in
            let shared = bench.folder.appending("home/shared/data.txt")
            try shared.write("shared")
            let project = try linked(bench, to: shared)
            let flag = try await bench.build(project, ["--follow-links", shared.removingLastComponent().string])
            #expect(try await flag.paths().contains { $0.hasSuffix("/priv/k") })
            let bad = try await bench.tryBuild(project, ["--follow-links", "/nowhere/at/all"])
            #expect(bad.status == 3 && bad.errorOutput.contains("/nowhere/at/all: no such file or folder"), "\(bad)")
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\nfollow-links = [\"\(shared)\"]\n")
            #expect(try await bench.tryBuild(project).status == 3)
            try project.appending("project.toml").remove()
            try bench.mixpack.settings.appending("config.toml").write(
                "follow-links = [\"~/shared\", \"/not/mounted\"]\n")
            let own = try await bench.build(project, as: "own")
            #expect(own.digest == flag.digest)
            try bench.mixpack.settings.appending("config.toml").write("follow-links = [\"shared\"]\n")
            let relative = try await bench.tryBuild(project)
            #expect(relative.status == 3 && relative.errorOutput.contains("shared is relative"), "\(relative)")
        }
    }

    // MARK: - Trust

    @Test("where there is no sandbox nothing of a project runs on sight, in CI neither; a flag or a variable says yes")
    func trust() async throws {
        try await Workbench.run { bench in
            let ran = bench.folder.appending("ran")
            let project = try bench.mini { $0.preamble = "File.write!(\"\(ran)\", \"\")" }
            let build = ["build", "mini", "--path", project.string, "--ui", "plain"]
            for arguments in [["detect", "--path", project.string], build] {
                for more in [[:], ["CI": "true"], ["MIXPACK_TRUST_PROJECT": ""]] {
                    let end = try await run(bench, by: Self.bare, arguments, more)
                    #expect(end.status == 3, "\(end)")
                    let told = end.output + end.errorOutput
                    #expect(told.contains("bubblewrap is not installed"), "\(end)")
                    #expect(told.contains("sudo apt-get install -y bubblewrap"), "\(end)")
                    #expect(told.contains("--trust-project"), "\(end)")
                    #expect(!ran.isThere)
                }
            }
            let look = try await run(bench, by: Self.bare, ["detect", "--path", project.string])
            #expect(look.output.contains("mix.exs was read, not evaluated"), "\(look)")
            let trusted = try await run(
                bench, by: Self.bare, ["detect", "--path", project.string], ["MIXPACK_TRUST_PROJECT": "1"])
            #expect(trusted.status == 0 && ran.isThere, "\(trusted)")
            _ = try await run(bench, by: Self.bare, build + ["--trust-project"]).succeeded()
            #expect(try await run(bench, by: Self.bare, build).status == 3, "a flag was kept")
            // Nothing is fetched or removed for a build that is refused.
            let caches = try bench.mixpack.cache.names().filter { $0.contains("-") && !$0.hasSuffix(".json") }
            let own = try #require(caches.first { bench.mixpack.cache.appending($0).appending("layers").isThere })
            let layers = bench.mixpack.cache.appending(own).appending("layers")
            let before = try layers.tree()
            for more in [["--clear-cache"], ["--builder", "docker://127.0.0.1:1/builder"]] {
                let end = try await run(bench, by: Self.bare, build + more)
                #expect(end.status == 3 && end.errorOutput.contains("--trust-project"), "\(end)")
                #expect(!end.output.contains("ANALYZING"), "\(end)")
            }
            #expect(try !before.isEmpty && layers.tree() == before)
        }
    }

    @Test("without a sandbox --try-start ends as a failed check, and the summary says why; if-possible accepts it")
    func notTried() async throws {
        try await Workbench.run { bench in
            let build = ["build", "--try-start", "mini", "--path", try bench.mini().string, "--ui", "plain"]
            let end = try await run(bench, by: Self.bare, build + ["--trust-project"])
            #expect(end.status == 1, "\(end)")
            let summary = end.output.firstRange(of: "Image mini:latest is built").map { end.output[$0.lowerBound...] }
            #expect(
                try #require(summary, "\(end)").contains(
                    "Not tried: the release was not started (no sandbox: bubblewrap is not installed)"), "\(end)")
            let accepted = build.map { $0 == "--try-start" ? "--try-start=if-possible" : $0 } + ["--trust-project"]
            #expect(try await run(bench, by: Self.bare, accepted).succeeded().output.contains("Not tried: "))
        }
    }

    @Test("the console asks once a project; a yes is kept in mixpack's own state, by the project's real path")
    func trustInConsole() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let words = try [findTool("unshare").string] + Self.bare.dropFirst() + [bench.mixpack.executable.string]
            func walk(_ body: (TmuxSession) async throws -> Void) async throws {
                try await TmuxSession.run(
                    FilePath(words[0]), words.dropFirst() + [project.string],
                    environment: bench.mixpack.merged(with: ["TERM": "tmux-256color"]),
                    workingDirectory: project, in: bench.folder
                ) { session in try await body(session) }
            }
            try await walk { session in
                try await session.wait(for: "Trust this project?")
                try await session.press("n")
                try await session.waitUntilGone("Trust this project?")
                #expect(try await session.screen().contains("no sandbox"))
                try await session.press("b")
                try await session.wait(for: "Trust this project?")
                try await session.press("y")
                try await session.wait(for: "✓ mini:latest built in", within: .seconds(120))
            }
            let state = bench.mixpack.state.appending("trust")
            let names = try state.names()
            #expect(names.count == 1 && names.first?.hasPrefix("mini-") == true)
            #expect(try state.appending(names.first ?? "").readText() == project.string)
            try await walk { session in
                try await session.wait(for: "application")
                try await session.wait(for: "engine", within: .seconds(60))
                #expect(try await !session.screen().contains("Trust this project?"))
                #expect(try await !session.screen().contains("no sandbox"))
            }
            // A project in the same place of another machine's path is another one.
            let other = try bench.mini("other/mini")
            #expect(try await run(bench, by: Self.bare, ["detect", "--path", other.string]).status == 3)
        }
    }

    // MARK: - Root, and secrets

    @Test("root builds a checkout that only another user may read")
    func otherOwner() async throws {
        try #require(geteuid() == 0, "the tests run as root")
        try await Workbench.run { bench in
            let project = try bench.mini {
                $0.projectKeys = ", description: File.read!(\"VERSION\")"
                $0.files = ["VERSION": "1", "priv/data": "x"]
            }
            _ = try await TestSupport.run("/bin/chown", ["-R", "65534:65534", project.string]).succeeded()
            _ = try await TestSupport.run("/bin/chmod", ["-R", "go-rwx", project.string]).succeeded()
            let image = try await bench.build(project)
            #expect(try await image.paths().contains { $0.hasSuffix("/priv/data") })
        }
    }

    @Test(
        "a mix.exs that raises for a secret says which; where that is given, it sees a made-up value, and the build the real one"
    )
    func secretInMixFile() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini {
                $0.projectKeys = ", description: Integer.to_string(byte_size(System.fetch_env!(\"LICENSE_KEY\")))"
            }
            let without = try await bench.tryBuild(project, ["--ui", "plain"])
            #expect(without.status == 22, "\(without)")
            let told = without.output + without.errorOutput
            #expect(told.contains("mix.exs needs the secret LICENSE_KEY, which you did not give"), "\(without)")
            #expect(told.contains("--secret LICENSE_KEY"), "\(without)")
            let with = try await bench.tryBuild(
                project, ["--ui", "plain", "--secret", "LICENSE_KEY"],
                environment: ["LICENSE_KEY": "correct-horse-battery"]
            ).succeeded()
            #expect(with.output.contains("mix.exs asks for the secret LICENSE_KEY"), "\(with)")
            #expect(try await filesHolding("horse-battery", in: bench.folder) == [])
        }
    }

    // MARK: - The first build

    @Test("the first build of a fresh project leaves what the console says of it right")
    func firstBuild() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella, as: "shop")
            try await TmuxSession.run(
                bench.mixpack.executable, ["build", "shop", "--release", "web_rel"],
                environment: bench.mixpack.merged(with: ["TERM": "tmux-256color"]), workingDirectory: project,
                in: bench.folder
            ) { session in
                try await session.wait(for: "✓ shop:latest built in", within: .seconds(150))
                try await session.press("1")
                try await session.wait(for: "umbrella of 3 applications")
                try await session.wait(for: "SECRET_KEY_BASE")
                let screen = try await session.screen()
                #expect(!screen.contains("error"), "\(screen)")
                try await session.press("3")
                try await session.wait(for: "1 required and not set")
            }
        }
    }
}
