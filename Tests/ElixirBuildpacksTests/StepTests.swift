import Diagnostics
import Digests
import Files
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Steps that fetch, and steps that build")
    struct StepTests {
        private static let network = FilePath("/proc/self/ns/net").linkTarget ?? "none"

        /// What a step writes down: whether it has the machine's network, and two secrets.
        private static func probe(_ name: String) -> String {
            """
            File.mkdir_p!("priv/static"); File.write!("priv/static/\(name)", inspect({File.read_link!("/proc/self/ns/net") == \
            System.fetch_env!("NET"), System.get_env("API_TOKEN"), System.get_env("NPM_TOKEN")}))
            """
        }

        private func files() -> [String: String] {
            var files = SmallApp.files(
                extra: ", aliases: [\"assets.setup\": [&setup/1], \"assets.deploy\": [&deploy/1]]",
                more: [
                    "config/config.exs": "import Config\nconfig :small, token: System.fetch_env!(\"API_TOKEN\")\n",
                    "lib/probe.ex": "defmodule Probe do\n  \(Self.probe("compile"))\nend\n",
                    "assets/package.json": """
                    {"scripts": {"preinstall": "mkdir -p ../priv/static; test $(readlink /proc/self/ns/net) = $NET; \
                    echo \\"$? $API_TOKEN $NPM_TOKEN\\" >../priv/static/npm"}, "dependencies": {"local": "file:./local"}}
                    """, "assets/local/package.json": "{\"name\": \"local\", \"version\": \"1.0.0\"}",
                ])
            let functions = """
                defp setup(_) do
                    \(Self.probe("setup"))
                  end
                  defp deploy(_) do
                    \(Self.probe("deploy"))
                  end
                  def unused, do: setup(nil)
                  def application
                """
            files["mix.exs"] = files["mix.exs"]?.replacing("def application", with: functions)
            return files
        }

        @Test("nothing of a project has the network and the build's secrets together")
        func apart() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["API_TOKEN": "of-the-build", "NET": Self.network]
                bench.secrets = ["API_TOKEN"]
                bench.fetchSecrets = ["NPM_TOKEN": "of-the-fetch"]
                try bench.write(files())
                _ = try await bench.build()
                let said = { (name: String) in
                    try bench.layers.appending("release/lib/small-0.1.0/priv/static").appending(name).readText()
                }
                #expect(try said("npm") == "0  of-the-fetch\n")
                let madeUp = String(repeating: "made-up-", count: 8)
                #expect(try said("setup") == "{true, \"\(madeUp)\", \"of-the-fetch\"}")
                for step in ["compile", "deploy"] {
                    #expect(try said(step) == "{false, \"of-the-build\", nil}")
                }
            }
        }

        /// Made once; tests only read it.
        private static let made = Task {
            try await HexMirror(
                in: try makeTemporaryFolder().appending("hex"),
                packages: [
                    .init("elixir_make", "0.1.0", files: package("elixir_make", "", "")),
                    .init(
                        "nif", "0.2.0", dependencies: [("elixir_make", "~> 0.1")],
                        files: package(
                            "nif", "{:elixir_make, \"~> 0.1\"}",
                            """
                            @seen {File.read_link!("/proc/self/ns/net") == "\(network)", "of-the-build" in Map.values(System.get_env())}
                              def seen, do: @seen
                            """)),
                ])
        }

        private static func package(_ name: String, _ deps: String, _ body: String) -> [String: String] {
            let module = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            return [
                "mix.exs": """
                defmodule \(module).MixProject do
                  use Mix.Project
                  def project, do: [app: :\(name), version: "0.\(name == "nif" ? 2 : 1).0", deps: [\(deps)]]
                end
                """,
                "lib/\(name).ex": "defmodule \(module) do\n  \(body)\nend\n",
            ]
        }

        @Test(
            "a dependency that may fetch is compiled first, with network and without secrets; the project is not",
            arguments: [true, false])
        func fetching(isShared: Bool) async throws {
            let server = try FileServer(serving: try await Self.made.value.folder)
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.settings = DownloadSettings(builds: server.url, hex: server.url)
                bench.dependencies = isShared ? folder.appending("store") : nil
                bench.variables = ["API_TOKEN": "of-the-build"]
                bench.secrets = ["API_TOKEN"]
                let own = """
                    defmodule Own do
                      @seen {File.read_link!("/proc/self/ns/net") == "\(Self.network)", System.get_env("API_TOKEN")}
                      def seen, do: @seen
                    end
                    """
                let lock = try await Self.made.value.lock("nif", "elixir_make")
                try bench.write(
                    SmallApp.files(deps: "[{:nif, \"~> 0.2\"}]", more: ["mix.lock": lock, "lib/own.ex": own]))
                _ = try await bench.build()
                let program = bench.layers.appending("release/bin/small")
                let seen = try await run(program, ["eval", "IO.write(inspect({Nif.seen(), Own.seen()}))"]).succeeded()
                #expect(seen.output == "{{true, false}, {false, \"of-the-build\"}}")
                #expect(
                    bench.reports.notices.contains {
                        $0.hasPrefix("compiled first, with network") && $0.hasSuffix(": nif (elixir_make)")
                    })
            }
        }
    }
}

@Suite("What shows that something fetches")
struct FetchingTests {
    @Test(
        "a line of project.toml fetches if all its commands do",
        arguments: [
            ("npm ci", true), ("cd assets && npm ci --no-audit", true), ("npm --prefix assets install", true),
            ("yarn", true), ("mix assets.setup", true), ("curl -fLo x https://example.org/x", true),
            ("npm run build", false), ("npm ci && npm run build", false), ("npm ci; node evil.js", false),
            ("npm ci $(node evil.js)", false), ("cd assets", false), ("mix compile", false), ("", false),
        ])
    func lines(line: String, fetches: Bool) {
        #expect(FetchingLine.fetches(line) == fetches)
    }

    @Test("a dependency may fetch if its mix.exs has a builder that does, or it has crates; a comment shows nothing")
    func dependencies() throws {
        try withTemporaryFolder { folder in
            try folder.appending("nif/mix.exs").write("[{:rustler_precompiled, \"~> 0.7\"}, {:rustler, \">= 0.0.0\"}]")
            try folder.appending("crate/native/x/Cargo.toml").write("")
            try folder.appending("plain/mix.exs").write("# {:elixir_make, \"~> 0.1\"}\n[{:jason, \"~> 1.0\"}]")
            let found = FetchingDependencies(folder: folder).found(among: ["plain", "nif", "crate", "missing"])
            #expect(found.map(\.name) == ["nif", "crate"])
            #expect(found.map(\.reason) == ["rustler_precompiled", "cargo"])
        }
    }
}
