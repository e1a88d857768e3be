import Commands
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection
@testable import Toolchains

@Suite("What an inspection keeps")
struct InspectionCacheTests {
    /// Inspects a copy of a sample, changes it, inspects again; how often the VM was started then.
    private func starts(afterChange change: (FilePath) throws -> Void) async throws -> Int {
        try await withTemporaryFolder { folder in
            let project = folder.appending("umbrella")
            try sample("umbrella").copy(to: project)
            let runner = CountingRunner()
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: runner)
            let first = try await inspector.inspectInTurn(project)
            try change(project)
            let second = try await inspector.inspectInTurn(project)
            #expect(first.releases.map(\.name) == second.releases.map(\.name))
            return runner.count - 1
        }
    }

    @Test("nothing is run when nothing changed")
    func unchanged() async throws {
        #expect(try await starts { _ in } == 0)
    }

    @Test("source without variables, tests and assets may change without a run")
    func source() async throws {
        let count = try await starts { project in
            try project.appending("apps/core/lib/core.ex").write("defmodule Core do\n  def visit, do: 1\nend\n")
            try project.appending("apps/core/test/new_test.exs").write("")
            try project.appending("apps/web/priv/data.txt").write("x")
            try project.appending("lib/new.ex").write("defmodule New, do: nil\n")
        }
        #expect(count == 0)
    }

    @Test("source that begins to call a function that reads variables is scanned again, other source is not")
    func readers() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("app")
            try project.appending("mix.exs").write(
                "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"0.1.0\"]\nend\n")
            try project.appending("lib/env.ex").write(
                "defmodule A.Env do\n  def get(name), do: System.get_env(name)\nend\n")
            try project.appending("lib/a.ex").write("defmodule A do\nend\n")
            let runner = CountingRunner()
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: runner)
            _ = try await inspector.inspectInTurn(project)
            let first = runner.count
            try project.appending("lib/a.ex").write("defmodule A do\n  def x, do: 1\nend\n")
            _ = try await inspector.inspectInTurn(project)
            #expect(runner.count == first)
            try project.appending("lib/a.ex").write("defmodule A do\n  def x, do: A.Env.get(\"NEW\")\nend\n")
            let found = try await inspector.inspectInTurn(project)
            #expect(found.variables.map(\.name) == ["NEW"])
        }
    }

    @Test(
        "a change of what mix.exs may rest on runs it again",
        arguments: ["mix.exs", "VERSION", "apps/web/mix.exs", "config/config.exs", "apps/new/mix.exs"])
    func settings(path: String) async throws {
        let count = try await starts { project in
            let file = project.appending(path)
            let text = file.isThere ? try file.readText() : ""
            let module = "defmodule New.MixProject do\n use Mix.Project\n def project, do: [app: :new]\nend\n"
            try file.write(path == "apps/new/mix.exs" ? module : text + "\n# changed\n")
        }
        #expect(count == 1)
    }

    @Test("a mix.exs that asks git for its version is run again after a commit")
    func commit() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("app")
            try project.appending("mix.exs").write(
                """
                defmodule Tagged.MixProject do
                  use Mix.Project

                  def project, do: [app: :tagged, version: version()]

                  defp version do
                    {text, 0} = System.cmd("git", ["describe", "--tags"])
                    String.trim(text)
                  end
                end
                """)
            let git = try findTool("git")
            func commit(_ version: String) async throws {
                let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-C", project.string]
                _ = try await run(git, identity + ["commit", "-q", "--allow-empty", "-m", version]).succeeded()
                _ = try await run(git, ["-C", project.string, "tag", version]).succeeded()
            }
            _ = try await run(git, ["init", "-q", project.string]).succeeded()
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
            for version in ["1.0.0", "1.1.0"] {
                try await commit(version)
                #expect(try await inspector.inspectInTurn(project).version == version)
            }
        }
    }

    /// Inspects one place of a project after the other, each with a cache of its own; how often the VM was started for each.
    private func startsElsewhere(
        _ files: [String: String], secrets: [String: String] = [:], change: (FilePath) throws -> Void = { _ in }
    ) async throws -> [Int] {
        try await withTemporaryFolder { folder in
            var found: [MixProject] = []
            var starts: [Int] = []
            for name in ["one", "elsewhere/two"] {
                let project = folder.appending(name)
                for (path, text) in files { try project.appending(path).write(text) }
                if name != "one" { try change(project) }
                let runner = CountingRunner()
                let cache = folder.appending("cache-\(starts.count)")
                let inspector = try Inspecting.inspector(
                    cache: cache, runner: runner, secrets: secrets, shared: folder.appending("answers"))
                found.append(try await inspector.inspectInTurn(project))
                starts.append(runner.count)
                // Again, with its own answers, which none of them are that have a secret in them.
                guard secrets.isEmpty else { continue }
                #expect(try await inspector.inspectInTurn(project) == found.last)
                #expect(runner.count == starts.last)
            }
            let answers = folder.appending("answers")
            let names = answers.isThere ? try answers.tree().filter { answers.appending($0).isFile } : []
            for name in names {
                let text = try answers.appending(name).readText()
                #expect(!text.contains(folder.string) && !text.contains("hunter2"), "\(text)")
            }
            #expect(found[0].variables.map(\.name) == found[1].variables.map(\.name))
            return starts
        }
    }

    private static let plain = [
        "mix.exs":
            "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"0.1.0\"]\nend\n",
        "lib/a.ex": "defmodule A do\n  def x, do: System.fetch_env!(\"PORT\")\nend\n",
        "lib/b.ex": "defmodule B do\nend\n",
    ]

    @Test("a project elsewhere has the answers of the first place, if mix.exs says only what stands in it")
    func elsewhere() async throws {
        #expect(try await startsElsewhere(Self.plain) == [1, 0])
        #expect(
            try await startsElsewhere(Self.plain) { project in
                try project.appending("lib/b.ex").write("defmodule B do\n  def changed, do: 1\nend\n")
                try project.appending("priv/x").write("x")
            } == [1, 0])
    }

    @Test(
        "what an answer rests on has to be the same",
        arguments: [
            ("mix.exs", "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a]\nend\n"),
            ("lib/a.ex", "defmodule A do\n  def x, do: System.fetch_env!(\"PORT\") <> \"0\"\nend\n"),
            ("lib/c.ex", "defmodule C do\n  def x, do: System.get_env(System.get_env(\"PORT\"))\nend\n"),
            ("config/runtime.exs", "import Config\nconfig :a, port: System.get_env(\"PORT\")\n"),
        ])
    func otherwise(path: String, text: String) async throws {
        let starts = try await startsElsewhere(Self.plain) { try $0.appending(path).write(text) }
        #expect(starts == [1, 1])
    }

    @Test(
        "what mix.exs asks the machine, what is meant to hold secrets, and what has a value of the user's is not shared",
        arguments: [
            (
                "mix.exs",
                "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: File.cwd!()]\nend\n"
            ),
            ("config/prod.secret.exs", "import Config\nconfig :a, key: \"hunter2\"\n"),
            ("lib/a.ex", "defmodule A do\n  def x, do: System.get_env(\"PORT\") || \"hunter2\"\nend\n"),
        ])
    func confidential(path: String, text: String) async throws {
        let files = Self.plain.merging([path: text]) { $1 }
        #expect(try await startsElsewhere(files, secrets: ["PASSWORD": "hunter2"]) == [1, 1])
    }

    @Test("a damaged shared answer is as good as none")
    func damagedShared() async throws {
        try await withTemporaryFolder { folder in
            let (project, answers) = (folder.appending("project"), folder.appending("answers"))
            for (path, text) in Self.plain { try project.appending(path).write(text) }
            var found: [MixProject] = []
            for number in 0..<2 {
                let runner = CountingRunner()
                let inspector = try Inspecting.inspector(
                    cache: folder.appending("cache-\(number)"), runner: runner, shared: answers)
                found.append(try await inspector.inspectInTurn(project))
                #expect(runner.count == 1)
                for name in try answers.tree() where name.hasSuffix(".json") { try answers.appending(name).write("{") }
            }
            #expect(found[0] == found[1])
        }
    }

    @Test("a variable counts where a script of the project names it, and only there")
    func variables() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("app")
            try project.appending("mix.exs").write(
                """
                defmodule Named.MixProject do
                  use Mix.Project

                  def project, do: [app: :named, version: System.get_env("APP_VERSION", "0.0.1")]
                end
                """)
            let runner = CountingRunner()
            func version(_ variables: [String: String]) async throws -> String? {
                let cache = folder.appending("cache")
                let inspector = try Inspecting.inspector(cache: cache, runner: runner, variables: variables)
                return try await inspector.inspectInTurn(project).version
            }
            #expect(try await version([:]) == "0.0.1")
            #expect(try await version(["DEBUG": "1"]) == "0.0.1")
            #expect(runner.count == 1)
            #expect(try await version(["DEBUG": "1", "APP_VERSION": "2.0.0"]) == "2.0.0")
            #expect(runner.count == 2)
        }
    }

    @Test("a new variable in the source is found")
    func newVariable() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("hello")
            try sample("hello").copy(to: project)
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
            #expect(try await inspector.inspectInTurn(project).variables == [])
            try project.appending("lib/more.ex")
                .write("defmodule More do\n  def x, do: System.fetch_env!(\"MORE\")\nend\n")
            #expect(try await inspector.inspectInTurn(project).variables.map(\.name) == ["MORE"])
        }
    }

    @Test("a damaged file of the cache is as good as none", arguments: ["", "{", "{\"key\":1}", "[]"])
    func damaged(text: String) async throws {
        try await withTemporaryFolder { folder in
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
            let first = try await inspector.inspectInTurn(sample("hello"))
            for name in ["evaluation.json", "scan.json"] { try folder.appending("cache/\(name)").write(text) }
            #expect(try await inspector.inspectInTurn(sample("hello")) == first)
        }
    }

    @Test("no value that may be secret is written, nor its digest taken for the key")
    func secrets() async throws {
        try await withTemporaryFolder { folder in
            let cache = folder.appending("cache")
            let runner = CountingRunner()
            for secret in ["hunter2hunter2", "another-secret"] {
                let inspector = try Inspecting.inspector(
                    cache: cache, runner: runner, variables: ["SECRET_KEY_BASE": secret])
                _ = try await inspector.inspectInTurn(sample("hello"))
                for name in ["evaluation.json", "scan.json"] {
                    #expect(try !cache.appending(name).readText().contains(secret))
                }
            }
            #expect(runner.count == 1)
        }
    }

    @Test(
        "mix.exs gets no secret to make anything of",
        arguments: ["hunter2hunter2", "hunter2/hunter2\"\\hunter2"])
    func secretInAnswer(secret: String) async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("app")
            try project.appending("mix.exs").write(
                """
                defmodule Named.MixProject do
                  use Mix.Project

                  def project, do: [app: :named, version: "1.0.0-" <> System.get_env("DEPLOY_TOKEN", "none")]
                end
                """)
            let cache = folder.appending("cache")
            let inspector = try Inspecting.inspector(cache: cache, variables: ["DEPLOY_TOKEN": secret])
            #expect(try await inspector.inspectInTurn(project).version == "1.0.0-none")
            #expect(try await filesHolding("hunter2", in: cache) == [])
        }
    }

    @Test("nothing but the results stays behind, and the helper is compiled once")
    func tidy() async throws {
        try await withTemporaryFolder { folder in
            let environment = ["PATH": ProgramLookup.systemPath]
            let cache = folder.appending("cache")
            let inspector = MixInspector(
                toolchain: try Toolchain.discover(environment: environment), runner: SubprocessCommandRunner(),
                cacheDirectory: cache, environment: environment)
            _ = try await inspector.inspectInTurn(sample("hello"))
            let names = try cache.names().sorted()
            #expect(names.count == 4)
            #expect(names.prefix(1) == ["evaluation.json"] && names.suffix(2) == ["scan-words.json", "scan.json"])
            #expect(names[1].hasPrefix("helper-"))
            _ = try await inspector.inspectInTurn(fixture("several"))
            #expect(try cache.names().sorted() == names)
        }
    }

    @Test(
        "an answer that has a secret's value in it is not kept, however JSON writes that",
        arguments: ["hunter2-hunter2", "say \"hi\" to\nall", "a/b/c/d/e", "pässwörd"])
    func secretAnswer(secret: String) throws {
        try withTemporaryFolder { folder in
            let cache = InspectionCache(folder: folder, secrets: [secret])
            cache.store(["version": "1-\(secret)-x"], "answer.json", key: "k")
            #expect(cache.load("answer.json", key: "k", as: [String: String].self) == nil)
            let names = try folder.names()
            #expect(names == [])
            cache.store(["version": "1"], "answer.json", key: "k")
            #expect(cache.load("answer.json", key: "k", as: [String: String].self) == ["version": "1"])
            #expect(cache.load("answer.json", key: "other", as: [String: String].self) == nil)
        }
    }
}
