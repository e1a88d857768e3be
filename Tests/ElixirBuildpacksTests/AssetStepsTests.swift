import Commands
import Diagnostics
import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Assets without an alias")
    struct AssetStepsTests {
        /// Stands in for Phoenix: a package of that name with a task of that name, which lists what it finds.
        private static let phoenix = [
            "phoenix/mix.exs":
                "defmodule P.MixProject do\n  use Mix.Project\n  def project, do: [app: :phoenix, version: \"1.6.0\"]\nend\n",
            "phoenix/lib/mix/tasks/phx.digest.ex": """
            defmodule Mix.Tasks.Phx.Digest do
              use Mix.Task
              def run(_) do
                Mix.Task.run("compile")
                files = Path.wildcard("priv/static/*")
                File.write!("priv/static/cache_manifest.json", inspect(files))
              end
            end
            """,
        ]

        private static let package = """
            {"scripts": {"deploy": "mkdir -p ../priv/static && cp node_modules/local/index.js ../priv/static/app.js"},
             "dependencies": {"local": "file:./local"}}
            """

        private func files(_ more: [String: String] = [:]) -> [String: String] {
            SmallApp.files(
                deps: "[{:phoenix, path: \"phoenix\"}]",
                more: Self.phoenix.merging([
                    "assets/package.json": Self.package,
                    "assets/local/package.json": "{\"name\": \"local\", \"version\": \"1.0.0\"}",
                    "assets/local/index.js": "from node", ".gitignore": "/_build/\n/priv/static/\n",
                ]) { $1 }
                .merging(more) { $1 })
        }

        private func built(_ bench: Workbench, _ name: String) throws -> String {
            try bench.layers.appending("release/lib/small-0.1.0/priv/static").appending(name).readText()
        }

        @Test("npm installs and runs the script, phx.digest comes last, and the log says why")
        func npm() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(files())
                _ = try await bench.build()
                #expect(try built(bench, "app.js") == "from node")
                #expect(try built(bench, "cache_manifest.json") == "[\"priv/static/app.js\"]")
                #expect(
                    bench.reports.commands.prefix(4) == [
                        "npm install --no-save --no-audit --no-fund", "mix compile", "npm run deploy", "mix phx.digest",
                    ])
                #expect(
                    bench.reports.notices.filter { $0.hasPrefix("assets:") } == [
                        "assets: npm run deploy in assets, because assets/package.json has the script deploy",
                        "assets: mix phx.digest, because a Phoenix project without the alias assets.deploy",
                    ])
                #expect(bench.reports.diagnostics.isEmpty, "\(bench.reports.diagnostics)")
            }
        }

        @Test("the manager of the lock file installs and runs, though it is in the user's home")
        func pnpm() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                let manager = folder.appending("home/bin/pnpm")
                try manager.write(
                    "#!/bin/sh\nmkdir -p ../priv/static && echo \"$@\" >>../priv/static/said\n", mode: 0o755)
                bench.environment["PATH"] = "\(manager.removingLastComponent()):\(bench.environment["PATH"] ?? "")"
                try bench.write(files(["assets/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"]))
                _ = try await bench.build()
                #expect(try built(bench, "said") == "install --frozen-lockfile\nrun deploy\n")
            }
        }

        @Test("a manager that is missing is named before anything is compiled, also without packages to install")
        func missing() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    files(["assets/package.json": "{\"scripts\": {\"build\": \"x\"}}", "assets/bun.lock": "{}"]))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message == "assets/package.json needs Node packages, but bun is not installed")
                #expect(error?.place?.file == "assets/package.json")
                #expect(bench.reports.commands.isEmpty)
            }
        }

        @Test("the commands of project.toml run in the project's folder, and one that fails ends the build")
        func commands() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let lines = "\"mkdir -p priv/static; echo $PWD >priv/static/place\", \"mix phx.digest\""
                try bench.write(files(["project.toml": "[mixpack.assets]\ncommands = [\(lines)]\n"]))
                _ = try await bench.build()
                #expect(try built(bench, "place") == "/workspace\n")
                #expect(try built(bench, "cache_manifest.json") == "[\"priv/static/place\"]")
                #expect(!bench.reports.commands.contains { $0.contains("npm") })
                try bench.write(["project.toml": "[mixpack.assets]\ncommands = [\"false; echo never\"]\n"])
                bench.reports.clear()
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message == "false; echo never failed with status 1")
                #expect(!bench.reports.output.contains("never"))
            }
        }

        @Test("assets that git ignores and nothing built are warned about, at the line of .gitignore")
        func ignored() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    files([
                        "assets/package.json": "{\"scripts\": {\"watch\": \"x\"}}", "priv/static/css/.keep/x": "",
                        ".gitignore": "/_build/\n/priv/static/assets/\n",
                    ]))
                _ = try await bench.build()
                let found = bench.reports.diagnostics.filter { $0 != .silentServer }
                #expect(
                    found.map(\.text) == [
                        "priv/static/assets is empty in the release, and git ignores it: nothing built the assets"
                    ])
                #expect(found.first?.place == Place(".gitignore", line: 2))
                #expect(found.first?.severity == .warning)
                bench.reports.clear()
                // An API has the same .gitignore and nothing to build.
                try bench.project.appending("assets").remove()
                _ = try await bench.build()
                #expect(bench.reports.diagnostics.filter { $0 != .silentServer } == [])
            }
        }

        @Test(
            "packages that cannot be fetched say which host does not answer, and what to try",
            arguments: [
                "npm error request to https://registry.npmjs.org/left-pad failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org",
                "error An unexpected error occurred: \"https://registry.npmjs.org/left-pad: getaddrinfo ENOTFOUND registry.npmjs.org\".",
                " WARN  GET https://registry.npmjs.org/left-pad error (ECONNREFUSED). Will retry in 10 seconds.",
            ])
        func offline(output: String) {
            let text = MixAdvice.unreachable("lines\n\(output)\nlines")
            #expect(text?.hasPrefix("cannot reach registry.npmjs.org from this machine") == true)
            #expect(text?.contains("registry=URL") == true)
            #expect(MixAdvice.unreachable("see https://registry.npmjs.org/x\nnpm error code 1") == nil)
        }
    }
}
