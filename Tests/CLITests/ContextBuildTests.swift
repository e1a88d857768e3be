import SystemPackage
import TestSupport
import Testing

@Suite("A project in a larger folder")
struct ContextBuildTests {
    /// services/web, which needs ../../shared, which needs ../core.
    private func poncho(_ folder: FilePath) throws -> FilePath {
        func mixFile(_ app: String, _ deps: String, _ more: String = "") -> String {
            """
            defmodule \(app.capitalized).MixProject do
              use Mix.Project
              def project, do: [app: :\(app), version: "1.0.0", deps: [\(deps)]]
              \(more)
            end

            """
        }
        let web = folder.appending("services/web")
        try web.appending("mix.exs").write(
            mixFile(
                "web", "{:shared, path: \"../../shared\"}",
                "def application, do: [mod: {Web, []}, extra_applications: [:logger]]"))
        try web.appending("lib/web.ex").write(
            """
            defmodule Web do
              use Application
              def start(_, _), do: Supervisor.start_link([], strategy: :one_for_one, name: Shared.name())
            end

            """)
        try folder.appending("shared/mix.exs").write(mixFile("shared", "{:core, path: \"../core\"}"))
        try folder.appending("shared/lib/shared.ex").write("defmodule Shared do\n  def name, do: Core.name()\nend\n")
        try folder.appending("core/mix.exs").write(mixFile("core", ""))
        try folder.appending("core/lib/core.ex").write("defmodule Core do\n  def name, do: :web_in_core\nend\n")
        return web
    }

    @Test(
        "it is built with --context, which the error proposes; a change beside the project is built again, a mistake is named there"
    )
    func build() async throws {
        try await Workbench.run { bench in
            let mono = bench.folder.appending("mono")
            let web = try poncho(mono)
            let alone = try await bench.tryBuild(web, ["--ui", "plain"])
            #expect(alone.status == 22 && alone.errorOutput.contains("--context \(mono)"), "\(alone)")
            let image = try await bench.build(web, ["--context", mono.string])
            for app in ["web", "shared", "core"] {
                #expect(try await image.paths().contains { $0.contains("/lib/\(app)-1.0.0") }, "\(app)")
            }
            let shell = try await bench.mixpack.run([
                "shell", "--path", web.string, "--", "ls", "mix.exs", "../../core/mix.exs",
            ])
            #expect(shell.status == 0 && shell.output == "../../core/mix.exs\nmix.exs\n", "\(shell)")
            _ = try await bench.mixpack.run(["init", "--path", web.string, "--context", mono.string]).succeeded()
            try mono.appending("core/lib/core.ex").write("defmodule Core do\n  def name, do: missing(1)\nend\n")
            let broken = try await bench.tryBuild(web, ["--ui", "plain", "--context", mono.string])
            let told = broken.output + broken.errorOutput
            #expect(broken.status == 51 && told.contains("../../core/lib/core.ex:2"), "\(broken)")
        }
    }
}
