import BuildpackAPI
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Whether the container will serve")
    struct ServerTests {
        private static let endpoint = "config :small, Small.Endpoint, http: [port: 4000]"

        private static let switched =
            "if System.get_env(\"PHX_SERVER\"), do: config(:small, Small.Endpoint, server: true)"

        private static let phoenix = [
            "vendor/phoenix/mix.exs": """
            defmodule Phoenix.MixProject do
              use Mix.Project
              def project, do: [app: :phoenix, version: "1.7.12"]
            end
            """,
            "vendor/phoenix/lib/phoenix.ex": "defmodule Phoenix do\nend\n",
        ]

        /// A project with Phoenix, which stands in the sandbox as an empty dependency.
        private static func build(runtime: String, _ bench: Workbench) async throws -> BuildResult {
            try bench.write(phoenix)
            try bench.write(
                SmallApp.files(
                    deps: "[{:phoenix, path: \"vendor/phoenix\"}]",
                    more: ["config/runtime.exs": "import Config\n\(runtime)\n"]))
            return try await bench.build()
        }

        @Test("bin/server starts it where the project has one")
        func script() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let server = bench.project.appending("rel/overlays/bin/server")
                try server.write("#!/bin/sh\nPHX_SERVER=true exec ./small start\n", mode: 0o755)
                let result = try await Self.build(runtime: Self.switched, bench)
                let web = try #require(result.processes.first { $0.type == "web" })
                #expect(web.command.last?.hasSuffix("/release/bin/server") == true)
                #expect(web.arguments == [])
                #expect(!bench.reports.diagnostics.contains { $0.text.contains("server") })
            }
        }

        @Test("what the image sets gives way to the container's own variables, and a trial gets no secret of the build")
        func settings() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["API_TOKEN": "hunter2-hunter2", "REGION": "eu"]
                bench.secrets = ["API_TOKEN"]
                try bench.write(SmallApp.files())
                let result = try await bench.build()
                let rules = result.layers.flatMap(\.environment)
                #expect(rules.contains { $0.name == "LANG" && $0.scope == .launch })
                #expect(rules.allSatisfy { $0.action == .default })
                let start = try #require(result.trials.last)
                #expect(start.environment["REGION"] == "eu")
                #expect(!start.environment.values.contains { $0.contains("hunter2") })
            }
        }

        @Test("PHX_SERVER is set where the configuration reads it")
        func variable() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let result = try await Self.build(runtime: Self.switched, bench)
                #expect(result.imageEnvironment["PHX_SERVER"] == "true")
                #expect(result.imageEnvironment["PORT"] == "4000")
                #expect(result.imageEnvironment["ERL_CRASH_DUMP_SECONDS"] == "0")
                #expect(!bench.reports.diagnostics.contains { $0.text.contains("server") })
            }
        }

        @Test(
            "Where nothing starts the server, a warning names the variable that does",
            arguments: [(endpoint, true), ("config :small, Small.Endpoint, server: true", false)])
        func silent(runtime: String, isTold: Bool) async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                _ = try await Self.build(runtime: runtime, bench)
                let told = bench.reports.diagnostics.filter { $0.text.contains("Phoenix server") }
                #expect(told.map(\.severity) == (isTold ? [.warning] : []))
                #expect(told.allSatisfy { $0.advice?.contains("serve_endpoints true") == true })
            }
        }

        @Test(
            "Of an umbrella's releases, only one with Phoenix in it is warned of",
            arguments: [("site", true), ("tool", false)])
        func umbrella(release: String, isTold: Bool) async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["RELEASE": release]
                try bench.write(Self.phoenix)
                for (name, dependencies) in [
                    ("site", "[{:phoenix, path: \"../../vendor/phoenix\"}]"), ("tool", "[]"),
                ] {
                    for (path, text) in SmallApp.files(name: name, deps: dependencies) {
                        try bench.project.appending("apps/\(name)/\(path)").write(text)
                    }
                }
                try bench.project.appending("mix.exs").write(
                    """
                    defmodule Both.MixProject do
                      use Mix.Project

                      def project do
                        [
                          apps_path: "apps", version: "0.1.0", deps: [],
                          releases: [site: [applications: [site: :permanent]], tool: [applications: [tool: :permanent]]]
                        ]
                      end
                    end
                    """)
                let result = try await bench.build()
                #expect(bench.reports.diagnostics.contains { $0.text.contains("Phoenix server") } == isTold)
                #expect((result.imageEnvironment["PORT"] != nil) == isTold)
            }
        }
    }
}
