import SystemPackage
import TestSupport
import Testing

/// Projects of every kind and with every fault, detected and planned by the whole program.
@Suite(.serialized) struct ProjectTests {
    @Test("a plain app without releases has one, named for the app (case 1)")
    func plainApp() async throws {
        try await Workbench.run { bench in
            let json = try await detect(try bench.mini(), bench)
            #expect(json["releases"]?.array?.compactMap { $0["name"]?.string } == ["mini"])
            #expect(json["kind"]?.string == "application")
        }
    }

    @Test("an umbrella with two releases lists both with their applications (case 2)")
    func umbrella() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let json = try await detect(project, bench, status: 22)
            let text = try await bench.mixpack.run(["detect", "--path", project.string]).output
            #expect(text.contains("  version   0.2.0\n"), "an umbrella is no app: \(text)")
            let releases = json["releases"]?.array ?? []
            #expect(releases.compactMap { $0["name"]?.string } == ["web_rel", "worker_rel"])
            #expect(releases.compactMap { $0["version"]?.string } == ["0.2.0", "0.2.0"])
            #expect(releases.first?["applications"]?.array?.contains { $0["name"]?.string == "web" } == true)
            let end = try await bench.tryBuild(project)
            #expect(end.status == 22, "\(end)")
            #expect(
                end.errorOutput.contains("none is chosen: web_rel, worker_rel\n  name one with --release"), "\(end)")
        }
    }

    @Test("an umbrella without releases stops before it builds, with a snippet to paste that names the child (case 6)")
    func umbrellaWithoutReleases() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let mixFile = project.appending("mix.exs")
            try mixFile.write(
                try mixFile.readText().replacing("      releases: releases()\n", with: "      version: \"0.1.0\"\n")
                    .replacing("  defp releases do", with: "  def unused do"))
            let end = try await bench.tryBuild(project)
            #expect(end.status == 22, "\(end)")
            let text = end.output + end.errorOutput
            #expect(text.contains("releases:"))
            #expect(text.contains("web: :permanent"))
        }
    }

    @Test("default_release is taken, and one that does not exist is an error that lists what does (case 5)")
    func defaultRelease() async throws {
        try await Workbench.run { bench in
            let good = try bench.mini("good") { $0.projectKeys = ", releases: [a: [], b: []], default_release: :b" }
            let image = try await bench.build(good)
            #expect(try await image.paths(in: try image.file(of: "release")).contains { $0.hasSuffix("/bin/b") })
            let bad = try bench.mini("bad") { $0.projectKeys = ", releases: [a: [], b: []], default_release: :zz" }
            let end = try await bench.tryBuild(bad)
            #expect(end.status == 22, "\(end)")
            #expect((end.output + end.errorOutput).contains("zz"))
        }
    }

    @Test("an invalid name of a release is an error of the plan (case 7)")
    func invalidName() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.mini { $0.projectKeys = ", releases: [\"My-App\": []]" })
            #expect(end.status == 22, "\(end)")
            #expect((end.output + end.errorOutput).contains("My-App"))
        }
    }

    @Test("noise on both streams of mix.exs does not disturb (case 8)")
    func noise() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.preamble = "IO.puts(\"{noise}\")\nIO.puts(:stderr, \"[more]\")\n"
                mini.projectKeys = ", releases: [a: [], b: []]"
            }
            let json = try await detect(project, bench, status: 22)
            #expect(json["releases"]?.array?.compactMap { $0["name"]?.string } == ["a", "b"])
        }
    }

    @Test("a syntax error in mix.exs is named by file and line, without a stack trace (case 9)")
    func syntaxError() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("mix.exs").write(
                "defmodule Mini.MixProject do\n  def project do\n    [app: :mini,\n  end\nend\n")
            let end = try await bench.tryBuild(project)
            let text = end.output + end.errorOutput
            #expect(end.status == 22, "\(end)")
            #expect(text.contains("mix.exs:4: "), "\(end)")
            #expect(!text.contains("(elixir 1."))
        }
    }

    @Test("a requirement that the installed Elixir does not meet is said before anything is compiled (case 10)")
    func versionConflict() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.mini { $0.elixir = "~> 9.17" })
            let text = end.output + end.errorOutput
            #expect(end.status == 22, "\(end)")
            #expect(text.contains("~> 9.17"))
            #expect(!text.contains("Compiling"))
        }
    }

    @Test("a Hex dependency without a network is one clear error, and no prompt (case 11)")
    func hexOutOfReach() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.mini { $0.dependencies = "[{:jason, \"~> 1.4\"}]" })
            let text = (end.output + end.errorOutput).lowercased()
            #expect(end.status == 51, "\(end)")
            #expect(text.contains("error: build: cannot reach hex: "), "\(end)")
            #expect(!text.contains("[yn]"))
        }
    }

    @Test("a git dependency by ssh that cannot be reached names its URL, and asks nothing (case 15)")
    func gitOutOfReach() async throws {
        try await Workbench.run { bench in
            let url = "ssh://git@127.0.0.1:9/none.git"
            let end = try await bench.tryBuild(try bench.mini { $0.dependencies = "[{:none, git: \"\(url)\"}]" })
            #expect(end.status != 0, "\(end)")
            #expect((end.output + end.errorOutput).contains(url))
        }
    }

    @Test("a compiler's error comes with file and line, the whole log is kept, and no image is made (case 16)")
    func compileError() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini {
                $0.files["lib/broken.ex"] = "defmodule Broken do\n  def a, do: nothing_here()\nend\n"
            }
            let end = try await bench.tryBuild(
                project, as: "broken", ["--output", "oci:\(bench.folder)/layout:broken"])
            let text = end.output + end.errorOutput
            #expect(end.status == 51, "\(end)")
            #expect(text.contains("lib/broken.ex:2"))
            let logs = try bench.mixpack.cache.tree().filter { $0.hasSuffix(".log") }
            let log = try bench.mixpack.cache.appending(try #require(logs.first)).readText()
            #expect(log.contains("nothing_here"))
            #expect(!bench.folder.appending("layout/index.json").isThere)
        }
    }

    @Test("a rebar3 dependency by path is built into the layer of dependencies (case 14)")
    func rebarDependency() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.dependencies = "[{:rebdep, path: \"rebdep\"}]"
                mini.files["rebdep/rebar.config"] = "{erl_opts, [debug_info]}.\n"
                mini.files["rebdep/src/rebdep.app.src"] = """
                    {application, rebdep, [{description, "d"}, {vsn, "0.3.0"}, {registered, []},
                     {applications, [kernel, stdlib]}, {env, []}, {modules, []}]}.

                    """
                mini.files["rebdep/src/rebdep.erl"] = "-module(rebdep).\n-export([f/0]).\nf() -> ok.\n"
            }
            let image = try await bench.build(project)
            #expect(
                try await image.paths(in: try image.file(of: "deps")).contains { $0.contains("/lib/rebdep-0.3.0/") })
        }
    }

    @Test("the Phoenix sample is known by its lock file, with the variables that it reads (case 18)")
    func phoenix() async throws {
        try await Workbench.run { bench in
            let json = try await detect(try bench.sample(.phoenix), bench)
            #expect(json["usesPhoenix"] == .bool(true))
            #expect(json["phoenixVersion"]?.string?.hasPrefix("1.7.") == true)
            let variables = json["variables"]?.array ?? []
            let secret = variables.first { $0["name"]?.string == "SECRET_KEY_BASE" }
            #expect(secret?["phase"]?.string == "run")
            #expect(secret?["need"]?.string == "required")
            #expect(variables.contains { $0["name"]?.string == "PORT" })
        }
    }

    @Test("a folder that is no mix project exits with 20 and says what it looked for")
    func noProject() async throws {
        try await Workbench.run { bench in
            let empty = bench.folder.appending("empty")
            try empty.makeFolder()
            let end = try await bench.tryBuild(empty)
            #expect(end.status == 20, "\(end)")
            #expect((end.output + end.errorOutput).contains("mix.exs"))
        }
    }

    /// What `mixpack detect --json` says of a project; one that cannot be planned yet is described all the same.
    private func detect(_ project: FilePath, _ bench: Workbench, status: Int32 = 0) async throws -> JSONValue {
        let end = try await bench.mixpack.run(["detect", "--path", project.string, "--json"])
        #expect(end.status == status, "\(end)")
        return try #require(try JSONValue(parsing: end.output)["project"], "\(end)")
    }
}
