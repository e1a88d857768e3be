import Commands
import Diagnostics
import Files
import Glibc
import MixInspection
import SystemPackage
import TestSupport
import Testing

@Suite("mix.exs is kept from the machine")
struct ConfinementTests {
    /// A project whose version is what an expression of Elixir comes to.
    private func project(_ folder: FilePath, version: String, more: String = "") throws -> FilePath {
        try folder.appending("mix.exs").write(
            """
            defmodule Probe.MixProject do
              use Mix.Project

              def project, do: [app: :probe, version: version(), deps: deps()]

              defp version, do: (\(version))
              defp deps, do: [\(more)]
            end
            """)
        return folder
    }

    private func version(
        _ expression: String, more: String = "", variables: [String: String] = [:], machine: [String: String] = [:],
        confinement: Confinement = .sandbox, opened: [String] = [],
        runner: any CommandRunner = SubprocessCommandRunner(), prepare: (FilePath) throws -> Void = { _ in }
    ) async throws -> String? {
        try await withTemporaryFolder { folder in
            let project = try project(folder.appending("work/app"), version: expression, more: more)
            try prepare(folder)
            let inspector = try Inspecting.inspector(
                cache: folder.appending("cache"), runner: runner, variables: variables,
                machine: ["HOME": folder.appending("home").string].merging(machine) { $1 }, confinement: confinement,
                opened: opened.map { folder.appending($0) })
            return try await inspector.inspectInTurn(project).version
        }
    }

    @Test("it sees an empty home folder, not the user's, and nothing else of the machine")
    func files() async throws {
        let seen = try await version(
            """
            for(
              path <- [System.user_home!(), "../../home", "../../cache", "..", "/root", "/home", "/work"],
              do: length(case(File.ls(path), do: ({:ok, names} -> names; _ -> [])))
            ) |> inspect(charlists: :as_lists)
            """
        ) { try $0.appending("home/.ssh/id_ed25519").write("private") }
        // Above the project there is the project alone.
        #expect(seen == "[0, 0, 0, 1, 0, 0, 0]")
    }

    @Test("it sees the variables of the build, and nothing else of the user's environment")
    func environment() async throws {
        let names = ["AWS_SECRET_ACCESS_KEY", "DEPLOY_TOKEN", "SSH_AUTH_SOCK", "GIT_SHA", "API_KEY", "USER"]
        let seen = try await version(
            "Enum.map_join([\(names.map { "\"\($0)\"" }.joined(separator: ", "))], \" \", &System.get_env(&1, \"-\"))",
            variables: ["GIT_SHA": "abc1234", "API_KEY": "hunter2hunter2"],
            machine: [
                "AWS_SECRET_ACCESS_KEY": "a", "DEPLOY_TOKEN": "b", "SSH_AUTH_SOCK": "/tmp/agent", "USER": "somebody",
            ])
        #expect(seen == "- - - abc1234 - -")
    }

    @Test("these variables are all that it sees")
    func wholeEnvironment() async throws {
        let seen = try await version(
            "System.get_env() |> Map.keys() |> Enum.sort() |> Enum.join(\" \")", variables: ["GIT_SHA": "abc1234"])
        let own = Set(try #require(seen).split(separator: " ").map(String.init))
        let expected: Set = [
            "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_SHA",
            "HOME", "LANG", "MIX_ENV", "PATH", "ERL_CRASH_DUMP_SECONDS", "TAR_OPTIONS",
        ]
        // Those that erl, and bubblewrap for the folder, set themselves.
        #expect(own.subtracting(["BINDIR", "EMU", "PROGNAME", "ROOTDIR", "PWD"]) == expected)
    }

    @Test("files that no build gets are empty to it", arguments: ["\"1\"", "(File.write!(\"x\", \"\"); \"1\")"])
    func keptFiles(first: String) async throws {
        let read =
            "(\(first); inspect(for f <- [\".env\", \"config/tls.pem\"], do: (case File.read(f) do {:ok, t} -> t; _ -> \"\" end)))"
        let seen = try await version(read) {
            for name in [".env", "config/tls.pem"] { try $0.appending("work/app/\(name)").write("SECRET=1") }
        }
        #expect(seen == "[\"\", \"\"]")
    }

    @Test("it reaches no server, not even on the loopback")
    func network() async throws {
        let (socket, port) = try TCPSocket.listen()
        defer { close(socket) }
        let seen = try await version(
            ":gen_tcp.connect({127, 0, 0, 1}, \(port), [], 2000) |> elem(0) |> to_string()")
        #expect(seen == "error")
    }

    @Test("what it starts in the background ends with it")
    func daemons() async throws {
        let seconds = "7\(getpid())"
        let seen = try await version(
            "(System.cmd(\"sh\", [\"-c\", \"setsid sleep \(seconds) >/dev/null 2>&1 &\"]); \"started\")")
        #expect(seen == "started")
        let found = try await run(try findTool("pgrep"), ["-fx", "sleep \(seconds)"])
        #expect(found.output == "")
    }

    @Test(
        "it cannot write to the project; one that must writes to a copy, and is read all the same",
        arguments: ["File.write!(\"generated\", \"1.2.3\")", ":ok = File.write(\"generated\", \"1.2.3\")"])
    func writes(write: String) async throws {
        try await withTemporaryFolder { folder in
            let project = try project(
                folder.appending("app"), version: write + "; elem(System.cmd(Path.expand(\"version.sh\"), []), 0)")
            try project.appending("version.sh").write("#!/bin/sh\ncat generated\n", mode: 0o755)
            try project.appending("lib/probe.ex").write("defmodule Probe, do: def(x, do: System.fetch_env!(\"X\"))")
            let before = try project.tree()
            let found = try await Inspecting.inspect(project)
            #expect(found.version == "1.2.3")
            #expect(found.variables.map(\.name) == ["X"])
            #expect(try project.tree() == before)
        }
    }

    @Test("a link in the place of a folder that is left out of copies shows nothing of where it leads")
    func linkedFolder() async throws {
        // The error has it evaluated on a copy, which can be written to.
        let seen = try await version(
            """
            (case File.ls("doc") do
              {:ok, names} -> inspect(names)
              _ -> if(File.write("x", "") == :ok, do: "hidden", else: raise("permission denied"))
            end)
            """
        ) { folder in
            try folder.appending("private/id").write("private")
            for name in ["doc", "deps"] {
                symlink(folder.appending("private").string, folder.appending("work/app/\(name)").string)
            }
        }
        #expect(seen == "hidden")
    }

    @Test("a pipe among the settings is not waited for", .timeLimit(.minutes(1)))
    func pipe() async throws {
        let seen = try await version("\"1.0.0\"") {
            try $0.appending("work/app/config/config.exs").write("import Config\n")
            mkfifo($0.appending("work/app/config/a.exs").string, 0o600)
        }
        #expect(seen == "1.0.0")
    }

    @Test("the project is seen at its own path, so that places are right")
    func place() async throws {
        try await withTemporaryFolder { folder in
            let project = try project(folder.appending("app"), version: "File.cwd!()")
            #expect(try await Inspecting.inspect(project).version == project.string)
        }
    }

    // MARK: - What belongs to the project

    private func git(_ folder: FilePath, _ words: String...) async throws {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "protocol.file.allow=always"]
        _ = try await run(try findTool("git"), identity + ["-C", folder.string] + words).succeeded()
    }

    private let described = "elem(System.cmd(\"git\", [\"describe\", \"--tags\"], stderr_to_stdout: true), 0)"

    @Test("git answers in a folder of the repository, in a worktree and in a submodule")
    func repositories() async throws {
        try await withTemporaryFolder { folder in
            let main = folder.appending("main")
            let inner = try project(main.appending("services/app"), version: described)
            try await git(folder, "init", "-q", "main")
            try await git(main, "add", ".")
            try await git(main, "commit", "-q", "-m", "first")
            try await git(main, "tag", "v1.0.0")
            try await git(main, "worktree", "add", "-q", "../tree")
            try await git(folder, "init", "-q", "outer")
            try await git(folder.appending("outer"), "submodule", "--quiet", "add", "../main", "sub")
            try await git(folder.appending("outer/sub"), "fetch", "-q", "--tags")
            for place in [inner, folder.appending("tree/services/app"), folder.appending("outer/sub/services/app")] {
                let seen = try await Inspecting.inspect(place).version
                #expect(seen == "v1.0.0\n", "\(place)")
            }
        }
    }

    @Test("a new commit is seen in a folder of the repository, --dirty is about its files, and what git said is kept")
    func newCommit() async throws {
        try await withTemporaryFolder { folder in
            let main = folder.appending("main")
            let ask = described.replacing("\"--tags\"", with: "\"--tags\", \"--dirty\"")
            let inner = try project(main.appending("services/app"), version: ask)
            try main.appending("README").write("one")
            try await git(folder, "init", "-q", "main")
            try await git(main, "add", ".")
            for (tag, readme, expected) in [
                ("v1.0.0", "one", "v1.0.0"), ("v1.0.1", "one", "v1.0.1"), ("v1.0.2", "two", "v1.0.2-dirty"),
            ] {
                try await git(main, "commit", "-q", "--allow-empty", "-m", "next")
                try await git(main, "tag", tag)
                try main.appending("README").write(readme)
                for _ in 1...2 {
                    let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
                    #expect(try await inspector.inspectInTurn(inner).version == expected + "\n")
                }
            }
        }
    }

    @Test("a token in the configuration of a repository is not seen, and a fetch is refused with its place")
    func token() async throws {
        try await withTemporaryFolder { folder in
            let read = """
                (System.cmd("git", ["fetch"], stderr_to_stdout: true);
                texts = for place <- [".git", "../.git", "vendor/x/.git"], path <- Path.wildcard(place <> "/**", match_dot: true), File.regular?(path), do: File.read!(path);
                {url, _} = System.cmd("git", ["config", "--get", "remote.origin.url"]);
                {all, _} = System.cmd("git", ["config", "--list"], stderr_to_stdout: true);
                inspect([String.contains?(Enum.join(texts) <> url <> all, "s3cr3t"), texts, url]))
                """
            let inner = try project(folder.appending("main/app"), version: read)
            for place in ["main", "main/app", "main/app/vendor/x"] {
                let repository = folder.pushing(FilePath(place))
                try repository.makeFolder()
                try await git(repository, "init", "-q", "-b", "trunk", ".")
                try await git(repository, "remote", "add", "origin", "https://s3cr3t@example.org/x.git")
            }
            let found = try await Inspecting.inspect(inner)
            #expect(
                found.version == #"[false, ["ref: refs/heads/trunk\n"], "https://example.org/x.git\n"]"#,
                "\(found.version ?? "")")
            let warning = found.findings.first { $0.text.hasPrefix("git fetch was refused") }
            #expect(warning?.file == "mix.exs" && warning?.line == 6, "\(String(describing: warning))")
        }
    }

    @Test("a .git that names somebody else's repository opens nothing", arguments: ["", "/worktrees/x", "link"])
    func stolenRepository(form: String) async throws {
        let seen = try await version(
            "inspect(case(File.ls(\"../../private/.git\"), do: ({:ok, _} -> :seen; _ -> :hidden)))"
        ) { folder in
            let secret = folder.appending("private/.git")
            for name in ["HEAD", "config", "objects/x", "refs/x"] { try secret.appending(name).write("ref: x") }
            let own = folder.appending("work/app/.git")
            switch form {
            case "link": symlink(secret.string, own.string)
            case "": try own.write("gitdir: \(secret)\n")
            default:
                // A worktree's folder of the attacker's own that calls the other repository the common one.
                let fake = folder.appending("work/app/fake")
                try fake.appending("HEAD").write("ref: x")
                try fake.appending("gitdir").write(own.string)
                try fake.appending("commondir").write(secret.string)
                try own.write("gitdir: \(fake)\n")
            }
        }
        #expect(seen == ":hidden")
    }

    @Test("a project in a folder called worktrees cannot name what is above that its repository")
    func forgedWorktree() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("private/id").write("private")
            let project = try project(
                folder.appending("worktrees/app"),
                version: "inspect(case(File.ls(\"../../private\"), do: ({:ok, _} -> :seen; _ -> :hidden)))")
            try project.appending(".git").write("gitdir: meta\n")
            try project.appending("meta/HEAD").write("ref: x")
            try project.appending("meta/gitdir").write("../.git")
            for common in ["../../..", "../.."] {
                try project.appending("meta/commondir").write(common)
                #expect(try await Inspecting.inspect(project).version == ":hidden", "\(common)")
            }
            // The project itself as the worktree's folder: only what is no repository above gives it away.
            try project.appending(".git").write("gitdir: .\n")
            for (name, text) in [("HEAD", "ref: x"), ("gitdir", ".git"), ("commondir", "../..")] {
                try project.appending(name).write(text)
            }
            #expect(try await Inspecting.inspect(project).version == ":hidden")
        }
    }

    @Test("what belongs to the project, and the toolchain, can be read only")
    func readOnly() async throws {
        let paths = [
            "../shared/new", "../.git/new", "/new", "new", "/usr/lib/new", "/mixpack/helper/new",
            "/mixpack/inspection/new",
        ]
        let attempts =
            "Enum.map_join([\(paths.map { "\"\($0)\"" }.joined(separator: ", "))], \" \", &inspect(File.write(&1, \"\")))"
        let seen = try await version(attempts, more: "{:shared, path: \"../shared\"}") { folder in
            try folder.appending("work/shared/mix.exs").write("")
            for name in ["HEAD", "config", "objects/x", "refs/x"] {
                try folder.appending("work/.git/\(name)").write("ref: refs/heads/x")
            }
        }
        #expect(seen == [String](repeating: "{:error, :erofs}", count: paths.count).joined(separator: " "))
    }

    @Test("path dependencies that are projects are seen, and so is a child's umbrella; other folders are not")
    func neighbours() async throws {
        let read =
            "Enum.map_join([\"../shared/VERSION\", \"../secrets/VERSION\"], \" \", &inspect(elem(File.read(&1), 0)))"
        let seen = try await version(read, more: "{:shared, path: \"../shared\"}, {:secrets, path: \"../secrets\"}") {
            for name in ["shared/mix.exs", "shared/VERSION", "secrets/VERSION"] {
                try $0.appending("work/\(name)").write("1")
            }
        }
        #expect(seen == ":ok :error")
        try await withTemporaryFolder { folder in
            try folder.appending("mix.exs").write(
                "defmodule U.MixProject do\n use Mix.Project\n def project, do: [apps_path: \"apps\"]\nend\n")
            try folder.appending("VERSION").write("3.2.1")
            let child = try project(folder.appending("apps/child"), version: "File.read!(\"../../VERSION\")")
            #expect(try await Inspecting.inspect(child).version == "3.2.1")
        }
    }

    @Test("the user's home folder is never shown for a dependency's or a repository's sake")
    func homeAsNeighbour() async throws {
        try await withTemporaryFolder { home in
            try home.appending("mix.exs").write("")
            try home.appending(".git/HEAD").write("ref: x")
            try home.appending(".ssh/id").write("private")
            let project = try project(
                home.appending("code/app"),
                version: "inspect(for path <- [\"../..\", \"../../.ssh\", \"../../.git\"], do: elem(File.ls(path), 0))",
                more: "{:home, path: \"../..\"}")
            let link = home.appending("linked-home")
            symlink(home.string, link.string)
            for name in [home, link] {
                let inspector = try Inspecting.inspector(
                    cache: home.appending("cache-\(name.lastComponent?.string ?? "")"),
                    machine: ["HOME": name.string])
                let seen = try await inspector.inspectInTurn(project).version
                #expect(seen == "[:ok, :error, :error]")
            }
        }
    }

    @Test("a folder that the user opened is seen")
    func opened() async throws {
        let seen = try await version("File.read!(\"../../elsewhere/VERSION\")", opened: ["elsewhere"]) {
            try $0.appending("elsewhere/VERSION").write("5.0.0")
        }
        #expect(seen == "5.0.0")
    }

    @Test("root reads a checkout that only another user may read")
    func otherOwner() async throws {
        try #require(geteuid() == 0, "the tests run as root")
        try await withTemporaryFolder { folder in
            let project = try project(
                folder.appending("home/app"), version: "String.trim(File.read!(\"VERSION\")) <> \" \" <> \(described)")
            try project.appending("VERSION").write("4.0.0")
            try project.appending("lib/probe.ex").write("defmodule Probe, do: def(x, do: System.fetch_env!(\"X\"))")
            try await git(project, "init", "-q")
            try await git(project, "commit", "-q", "--allow-empty", "-m", "first")
            try await git(project, "tag", "v4.0.0")
            _ = try await run("/bin/sh", ["-c", "chown -R 65534:65534 \"$1\"", "sh", project.string]).succeeded()
            for modes in ["a+rX", "go-rwx"] {
                _ = try await run("/bin/chmod", ["-R", modes, project.string]).succeeded()
                let inspector = try Inspecting.inspector(cache: folder.appending("cache-\(modes)"))
                let found = try await inspector.inspectInTurn(project)
                #expect(found.version?.hasPrefix("4.0.0") == true)
                #expect(found.variables.map(\.name) == ["X"])
                if modes == "a+rX" { #expect(found.version == "4.0.0 v4.0.0\n") }
            }
        }
    }

    // MARK: - Secrets

    private func secretive(_ need: String) -> String { "(\(need); \"1.0.0\")" }

    @Test(
        "a mix.exs that raises for a secret says which, where it is not given",
        arguments: [
            "System.fetch_env!(\"LICENSE_KEY\")", "System.get_env(\"LICENSE_KEY\") || raise(\"no licence\")",
            "(System.get_env(\"LICENSE_KEY\");\n raise(\"set LICENSE_KEY first\"))",
        ])
    func missingSecret(need: String) async throws {
        let error = try await #require(throws: Failure.self) { _ = try await version(secretive(need)) }
        #expect(error.message == "mix.exs needs the secret LICENSE_KEY, which you did not give")
        #expect(error.place?.file == "mix.exs")
        #expect(error.advice?.contains("--secret LICENSE_KEY") == true)
    }

    @Test("a word that looks like a secret's name is none where no script reads a variable of that name")
    func noSecret() async throws {
        let error = try await #require(throws: Failure.self) { _ = try await version("File.read!(\"PUBLIC_KEY\")") }
        #expect(error.message.contains("no such file"))
    }

    @Test("another variable that it raises for is named with the flag that gives it")
    func missingVariable() async throws {
        let error = try await #require(throws: Failure.self) {
            _ = try await version(secretive("System.fetch_env!(\"BUILD_NUMBER\")"))
        }
        #expect(error.message.contains("BUILD_NUMBER"))
        #expect(error.advice == "give it to the build: -e BUILD_NUMBER=VALUE")
    }

    @Test("a secret that is given is made up for a mix.exs that raises for it; that is said, and kept")
    func madeUpSecret() async throws {
        try await withTemporaryFolder { folder in
            let project = try project(
                folder.appending("app"), version: "System.fetch_env!(\"LICENSE_KEY\")")
            let runner = CountingRunner()
            for _ in 1...2 {
                let inspector = try Inspecting.inspector(
                    cache: folder.appending("cache"), runner: runner, secrets: ["LICENSE_KEY": "hunter2hunter2"])
                let found = try await inspector.inspectInTurn(project)
                #expect(found.version == MadeUpValue.value(for: "LICENSE_KEY"))
                let notes = found.findings.filter { $0.text.hasPrefix("mix.exs asks") }
                #expect(
                    notes.map(\.text) == [
                        "mix.exs asks for the secret LICENSE_KEY, so it was evaluated with a made-up value"
                    ])
            }
            #expect(runner.count == 2)
            #expect(try await filesHolding("hunter2", in: folder.appending("cache")) == [])
        }
    }

    @Test("a mistake that has nothing to do with a secret is told as it is, also where one is given")
    func otherMistake() async throws {
        try await withTemporaryFolder { folder in
            let project = try project(
                folder.appending("app"), version: "(System.get_env(\"LICENSE_KEY\"); raise(\"broken\"))")
            let inspector = try Inspecting.inspector(
                cache: folder.appending("cache"), secrets: ["LICENSE_KEY": "hunter2hunter2"])
            let error = try await #require(throws: Failure.self) { try await inspector.inspectInTurn(project) }
            #expect(error.message == "broken")
        }
    }

    // MARK: - Without a sandbox

    private let bare = SubprocessCommandRunner(probe: SandboxProbe(program: "/nowhere/bwrap"))

    @Test("without a sandbox it is not evaluated, unless the user trusts the project or a container holds it")
    func untrusted() async throws {
        let error = try await #require(throws: Failure.self) { _ = try await version("\"1.0.0\"", runner: bare) }
        #expect(error.code == .untrusted)
        #expect(error.message.hasPrefix("no sandbox ("))
        #expect(error.advice?.contains("--trust-project") == true)
        for confinement in [Confinement.trusted, .container] {
            let home = "inspect(File.ls!(System.user_home!()))"
            #expect(try await version(home, confinement: confinement, runner: bare) == "[]")
        }
    }

    @Test("nothing of the project has run before the answer to that")
    func nothingRan() async throws {
        try await withTemporaryFolder { folder in
            let project = try project(folder.appending("app"), version: "(File.write!(\"ran\", \"\"); \"1\")")
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: bare)
            let error = await #expect(throws: Failure.self) { try await inspector.inspectInTurn(project) }
            #expect(error?.message.hasPrefix("no sandbox (") == true)
            #expect(!project.appending("ran").isThere)
        }
    }

    @Test("what a killed inspection left behind goes with the next one, and what works now stays")
    func leftovers() async throws {
        try await withTemporaryFolder { folder in
            let cache = folder.appending("cache")
            try cache.appending("run-999999999-x/project/deep/file").write("")
            let living = try HeldFolder(in: cache, prefix: "run-")
            defer { living.remove() }
            let project = try project(folder.appending("app"), version: "\"1.0.0\"")
            _ = try await Inspecting.inspector(cache: cache).inspectInTurn(project)
            #expect(try cache.names().filter { $0.hasPrefix("run-") } == [living.path.lastComponent?.string])
        }
    }
}
