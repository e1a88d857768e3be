import BuildpackAPI
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("A build asks git")
    struct GitBuildTests {
        private func git(_ folder: FilePath, _ words: String...) async throws -> String {
            let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "protocol.file.allow=always"]
            return try await run(try findTool("git"), identity + ["-C", folder.string] + words).succeeded().lines.last
                ?? ""
        }

        private func commit(_ folder: FilePath, tag: String? = nil) async throws {
            if !folder.appending(".git").isThere { _ = try await git(folder, "init", "-q", "-b", "main", ".") }
            _ = try await git(folder, "add", ".")
            _ = try await git(folder, "commit", "-q", "--allow-empty", "-m", "a commit")
            if let tag { _ = try await git(folder, "tag", tag) }
        }

        private static let describe =
            "\"git\" |> System.cmd(~w[describe --tags --dirty]) |> elem(0) |> String.trim() |> String.trim_leading(\"v\")"

        /// A project whose version, configuration and code ask git; the file reads what is checked out.
        private func files(version: String = describe) -> [String: String] {
            let own = SmallApp.files()
            let mix =
                own["mix.exs"]?.replacing("\"0.1.0\"", with: "version()")
                .replacing("  def application", with: "  defp version, do: \(version)\n  def application") ?? ""
            return own.merging([
                "mix.exs": mix,
                "config/config.exs": """
                import Config
                {sha, 0} = System.cmd("git", ["rev-parse", "HEAD"])
                config :small, sha: String.trim(sha)
                """,
                "lib/facts.ex": """
                defmodule Facts do
                  @subject elem(System.cmd("git", ["rev-list", "--count", "HEAD"]), 0)
                  @where (case System.cmd("git", ["rev-parse", "--show-prefix"]) do {prefix, 0} -> prefix end)
                  def count, do: String.trim(@subject)
                  def prefix, do: String.trim(@where)
                end
                """,
                "lib/other.ex": "defmodule Other do\n  def x, do: 1\nend\n",
            ]) { $1 }
        }

        private func evaluate(_ expression: String, _ bench: Workbench) async throws -> String {
            let script = "Application.load(:small); IO.puts(\(expression))"
            let environment = ["RELEASE_TMP": bench.folder.string, "RELEASE_DISTRIBUTION": "none"]
            let program = bench.layers.appending("release/bin/small")
            return try await run(program, ["eval", script], environment: environment).succeeded().lines.last ?? ""
        }

        private func version(_ bench: Workbench) -> String? {
            bench.layers.appending("release/releases/start_erl.data").text?.split(separator: " ").last
                .map { $0.filter { !$0.isWhitespace } }
        }

        @Test("version, configuration and code have the same commit, in a subfolder too; a new commit is built anew")
        func facts() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.dependencies = folder.appending("store")
                try bench.write(files())
                try folder.appending("cache").makeFolder()
                try await commit(bench.project, tag: "v1.2.3")
                guard case .pass(let plan) = try await bench.detect() else { throw TestSupportError("no plan") }
                #expect(plan.requires.first?.metadata["release"] == .string("small"))
                let result = try await bench.build()
                #expect(result.labels["io.mixpack.release-version"] == "1.2.3")
                #expect(version(bench) == "1.2.3")
                let head = try await git(bench.project, "rev-parse", "HEAD")
                #expect(try await evaluate("Application.fetch_env!(:small, :sha)", bench) == head)
                #expect(try await evaluate("Facts.count()", bench) == "1")

                let facts = try await dependencies(bench)
                #expect(try await dependencies(bench) == facts)
                let beam = bench.layers.appending("app/_build/prod/lib/small/ebin/Elixir.Other.beam")
                let stamp = FileStamp(of: beam)
                _ = try await bench.build()
                #expect(FileStamp(of: beam) == stamp)
                #expect(try await dependencies(bench) == facts)

                try await commit(bench.project, tag: "v1.3.0")
                #expect(try await dependencies(bench) != facts)
                _ = try await bench.build()
                #expect(version(bench) == "1.3.0")
                #expect(try await evaluate("Facts.count()", bench) == "2")
                let second = try await git(bench.project, "rev-parse", "HEAD")
                #expect(try await evaluate("Application.fetch_env!(:small, :sha)", bench) == second)
                #expect(FileStamp(of: beam) != stamp)

                // The checkout counts, not the copy.
                try bench.project.appending("README").write("new")
                _ = try await git(bench.project, "add", "README")
                _ = try await bench.build()
                #expect(version(bench) == "1.3.0-dirty")
            }
        }

        /// What tells one state of the machine and of the repository from another.
        private func dependencies(_ bench: Workbench) async throws -> [String: String]? {
            try await bench.buildpack.dependencies(
                DetectContext(
                    applicationDirectory: bench.project, platformVariables: bench.variables,
                    environment: bench.environment, cacheDirectory: bench.cache, reporter: .silent))
        }

        @Test("a project in a folder of a larger repository, in a worktree and as a submodule is built as it is there")
        func places() async throws {
            try await withTemporaryFolder { folder in
                let main = folder.appending("main")
                for (path, text) in files() { try main.appending("services/app/\(path)").write(text) }
                try main.appending("README").write("one")
                try await commit(main, tag: "v2.0.0")
                _ = try await git(main, "worktree", "add", "-q", "../tree")
                _ = try await git(folder, "init", "-q", "outer")
                _ = try await git(folder.appending("outer"), "submodule", "--quiet", "add", "../main", "sub")
                _ = try await git(folder.appending("outer/sub"), "fetch", "-q", "--tags")
                for place in ["main", "tree", "outer/sub"] {
                    let bench = Workbench(folder.appending("bench-\(place.filter { $0 != "/" })"))
                    try bench.folder.makeFolder()
                    try bench.project.makeLink(to: folder.pushing(FilePath(place)).appending("services/app").string)
                    _ = try await bench.build()
                    #expect(version(bench) == "2.0.0", "\(place)")
                    #expect(try await evaluate("Facts.prefix()", bench) == "services/app/", "\(place)")
                }
            }
        }

        @Test("code that reads .git/HEAD sees the commit, and nothing of git is in the release")
        func readsFiles() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "lib/facts.ex": """
                        defmodule Facts do
                          "ref: " <> ref = File.read!(".git/HEAD")
                          @sha String.trim(File.read!(Path.join(".git", String.trim(ref))))
                          @all Path.wildcard(".git/**", match_dot: true)
                          def sha, do: @sha
                          def all, do: Enum.join(@all, " ")
                        end
                        """
                    ]))
                try await commit(bench.project)
                _ = try await git(bench.project, "remote", "add", "origin", "https://s3cr3t-token@example.org/x.git")
                for _ in 1...2 {
                    _ = try await bench.build()
                    #expect(try await evaluate("Facts.sha()", bench) == git(bench.project, "rev-parse", "HEAD"))
                    try await commit(bench.project)
                }
                #expect(
                    try await evaluate("Facts.all()", bench)
                        == ".git/HEAD .git/refs .git/refs/heads .git/refs/heads/main")
                let own = bench.layers.appending("release")
                #expect(try own.tree().filter { $0.contains(".git") } == [])
                #expect(try await filesHolding("s3cr3t", in: folder.appending("cache")) == [])
            }
        }

        @Test("a refused call is a warning at its place, and a token in the configuration is not seen")
        func refused() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "lib/facts.ex": """
                        defmodule Facts do
                          @status elem(System.cmd("git", ["fetch", "origin"], stderr_to_stdout: true), 1)
                          @url elem(System.cmd("git", ["config", "--get", "remote.origin.url"]), 0)
                          def all, do: String.trim("#{@status} #{@url}")
                        end
                        """
                    ]))
                try await commit(bench.project)
                _ = try await git(bench.project, "remote", "add", "origin", "https://s3cr3t-token@example.org/x.git")
                _ = try await bench.build()
                #expect(try await evaluate("Facts.all()", bench) == "128 https://example.org/x.git")
                let found = bench.reports.diagnostics.filter { $0.text.contains("git fetch") }
                #expect(
                    found.map(\.text) == [
                        "git fetch origin was refused: git fetch is not one of the commands that only read"
                    ])
                #expect(found.first?.file == "lib/facts.ex" && found.first?.line == 2)
                #expect(!bench.reports.output.contains("s3cr3t"))
                #expect(try await filesHolding("s3cr3t", in: folder.appending("cache")) == [])
            }
        }

        @Test("a version that differs from the plan is an error, and a warning if mix.exs reads the clock")
        func differs() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let place = "(if File.cwd!() == \"/workspace\", do: \"2.0.0\", else: \"1.0.0\")"
                try bench.write(
                    files(version: place).filter { $0.key != "config/config.exs" && $0.key != "lib/facts.ex" })
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(
                    error?.message
                        == "mix.exs says version 1.0.0 when the build is planned, and 2.0.0 when it is built")
                #expect(error?.place?.file == "mix.exs" && error?.advice?.contains("-e") == true)
                let clock = "\"1.0.\" <> to_string(System.os_time(:millisecond))"
                try bench.write(files(version: clock).filter { $0.key == "mix.exs" })
                _ = try await bench.build()
                #expect(bench.reports.diagnostics.contains { $0.text.hasSuffix(": it reads the clock") })
            }
        }

        @Test("a project in no repository is told so by git, and mixpack does not answer from another")
        func noRepository() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "lib/facts.ex": """
                        defmodule Facts do
                          @said elem(System.cmd("git", ["describe"], stderr_to_stdout: true), 0)
                          def said, do: String.trim(@said)
                        end
                        """
                    ]))
                _ = try await bench.build()
                #expect(try await evaluate("Facts.said()", bench).hasPrefix("fatal: not a git repository"))
                let facts = try await dependencies(bench)
                try await commit(bench.project, tag: "v1.0.0")
                _ = try await git(bench.project, "tag", "-a", "-m", "x", "v1.0.1")
                #expect(try await dependencies(bench) != facts)
                _ = try await bench.build()
                #expect(try await evaluate("Facts.said()", bench) == "v1.0.1")
            }
        }
    }
}
