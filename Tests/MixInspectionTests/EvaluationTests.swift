import Commands
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("mix.exs evaluated in a bare VM")
struct EvaluationTests {
    @Test("hello: one release of the application's name, mix is asked for none by name")
    func hello() async throws {
        let project = try await Inspecting.inspect(sample("hello"))
        #expect(project.kind == .application)
        #expect(project.evidence == .evaluated)
        #expect(project.app == "hello")
        #expect(!project.hasFetchedDependencies)
        #expect(project.variables == [])
        #expect(project.findings == [])
        let chosen = try project.plan(toolchain: nil)
        #expect(chosen.name == "hello")
        #expect(chosen.mixArguments == [])
    }

    @Test("umbrella: both releases with version and applications, and each with the variables it reads")
    func umbrella() async throws {
        let project = try await Inspecting.inspect(sample("umbrella"))
        #expect(project.kind == .umbrella)
        #expect(project.releases.map(\.name) == ["web_rel", "worker_rel"])
        #expect(project.releases.map(\.version) == ["0.2.0", "0.2.0"])
        #expect(
            project.releases.map(\.applications) == [
                [.init(name: "web", mode: "permanent")], [.init(name: "worker", mode: "permanent")],
            ])
        #expect(project.children.map(\.hasApplicationCallback) == [true, true, true])
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: nil) }
        #expect(error.choices == ["web_rel", "worker_rel"])
        let web = try project.plan(requested: "web_rel", toolchain: nil)
        #expect(project.variables(of: web.release).map(\.name) == ["SECRET_KEY_BASE", "PORT"])
        #expect(project.children(of: web.release).map(\.name) == ["core", "web"])
        let worker = try project.plan(requested: "worker_rel", toolchain: nil)
        #expect(project.variables(of: worker.release) == [])
    }

    @Test("a fresh Phoenix umbrella stops with a snippet that names the web child")
    func freshUmbrella() async throws {
        let project = try await Inspecting.inspect(fixture("fresh_umbrella"))
        #expect(project.usesPhoenix)
        #expect(project.children.map(\.name) == ["shop", "shop_web"])
        #expect(project.children.map(\.usesPhoenix) == [false, true])
        #expect(project.children.map(\.hasAssets) == [false, true])
        #expect(project.assetsDeploy == ["apps/shop_web"])
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: nil) }
        #expect(error.code == .releasesNeeded)
        #expect(error.advice?.contains("applications: [shop_web: :permanent]") == true)
    }

    @Test("default_release is preselected; one that is missing is an error before anything is compiled")
    func defaults() async throws {
        let project = try await Inspecting.inspect(fixture("default_release"))
        #expect(try project.plan(toolchain: nil).name == "b")
        let missing = try await Inspecting.inspect(fixture("default_missing"))
        let error = try #require(throws: Failure.self) { try missing.plan(toolchain: nil) }
        #expect(error.code == .unknownRelease)
        #expect(error.choices == ["a", "b"])
    }

    @Test("an invalid name is reported at the plan")
    func invalidName() async throws {
        let project = try await Inspecting.inspect(fixture("invalid_name"))
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: nil) }
        #expect(error.code == .invalidReleaseName)
        #expect(error.message.contains("My-App"))
    }

    @Test("options of a release are read: cookie, archive, Erlang left out")
    func options() async throws {
        let release = try #require(try await Inspecting.inspect(fixture("only_release")).releases.first)
        #expect(release.name == "other_name")
        #expect(release.setsCookie)
        #expect(release.makesArchive)
        #expect(release.version == "0.1.0")
        let without = try await Inspecting.inspect(fixture("no_erts"))
        let error = try #require(throws: Failure.self) { try without.plan(toolchain: nil) }
        #expect(error.code == .cannotPlan)
    }

    @Test("what mix.exs computes comes out: a version from a file, releases in a loop, options from functions")
    func computed() async throws {
        let project = try await Inspecting.inspect(fixture("computed"))
        #expect(project.version == "4.5.6")
        #expect(project.releases.map(\.name) == ["one", "two"])
        #expect(project.releases.map(\.version) == ["1.2.3", "1.2.3"])
        #expect(project.releases[1].applications == [.init(name: "two", mode: "temporary")])
        #expect(project.unknowns == [])
        #expect(!project.hasFetchedDependencies)
    }

    @Test("a version may come from a child, and may have build metadata")
    func fromApp() async throws {
        let project = try await Inspecting.inspect(fixture("from_app"))
        #expect(project.releases.map(\.version) == ["3.1.4", "0.0.1+root"])
        #expect(try project.plan(requested: "all", toolchain: nil).name == "all")
        let error = try #require(throws: Failure.self) { try project.plan(requested: "bare", toolchain: nil) }
        #expect(error.code == .releasesNeeded)
    }

    @Test("noise on both streams does no harm")
    func noisy() async throws {
        #expect(try await Inspecting.inspect(fixture("noisy")).app == "noisy")
    }

    @Test(
        "what can be read without running it is what evaluation finds",
        arguments: ["hello", "umbrella", "phoenix_minimal"])
    func agreement(name: String) async throws {
        let evaluated = try await Inspecting.inspect(sample(name))
        var read = try MixInspector.staticLook(sample(name))
        #expect(read.releases == evaluated.releases)
        #expect(read.dependencies == evaluated.dependencies)
        #expect(read.children == evaluated.children)
        read.evidence = .evaluated
        read.variables = evaluated.variables
        read.findings = evaluated.findings
        let isSame = read == evaluated
        #expect(isSame)
    }

    @Test("a project is left as it was found")
    func untouched() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("hello")
            try sample("hello").copy(to: project)
            let before = try project.tree()
            _ = try await Inspecting.inspect(project)
            #expect(try project.tree() == before)
        }
    }

    @Test("mix.exs sees the variables it is given and none that steer Mix or Erlang")
    func environment() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("app/mix.exs").write(
                """
                defmodule Env.MixProject do
                  use Mix.Project

                  def project do
                    [app: :env, version: System.get_env("APP_VERSION", "none"), elixir: System.get_env("ERL_AFLAGS", "~> 1.0"),
                     default_release: String.to_atom(to_string(Mix.env()))]
                  end
                end
                """)
            let variables = [
                "APP_VERSION": "7.0.0", "ERL_AFLAGS": "-nosuch", "MIX_ENV": "dev", "MIX_EXS": "/nonexistent",
            ]
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), variables: variables)
            let project = try await inspector.inspectInTurn(folder.appending("app"))
            #expect(project.version == "7.0.0")
            #expect(project.elixirRequirement == "~> 1.0")
            #expect(project.defaultRelease == "dev")
        }
    }

    @Test("with MIX_ENV given, mix.exs and the configuration are read in that environment; else in prod")
    func mixEnvironment() async throws {
        try await withTemporaryFolder { folder in
            let app = folder.appending("app")
            try app.appending("mix.exs").write(
                """
                defmodule Env.MixProject do
                  use Mix.Project

                  def project do
                    [app: :env, version: "1.0.0-#{Mix.env()}", deps: [{:only_staging, "~> 1.0", only: :staging}]]
                  end
                end
                """)
            try app.appending("config/config.exs").write("import Config\nimport_config \"#{config_env()}.exs\"\n")
            for name in ["prod", "staging"] {
                try app.appending("config/\(name).exs").write(
                    "import Config\nconfig :env, key: System.fetch_env!(\"\(name.uppercased())_HOST\")\n")
            }
            for (name, variables) in [("prod", [:]), ("staging", ["MIX_ENV": "staging"])] {
                let inspector = try Inspecting.inspector(cache: folder.appending("cache"), variables: variables)
                let project = try await inspector.inspectInTurn(app)
                #expect(project.version == "1.0.0-\(name)")
                #expect(project.variables.map(\.name) == ["\(name.uppercased())_HOST"])
                #expect(project.dependencies.map(\.isForProduction) == [name == "staging"])
            }
        }
    }
}
