import Glibc
import SystemPackage
import TestSupport

/// A machine with an empty home and the cache of another one, beside an edit on that one and a build without the cache.
///
/// The project has eight dependencies of sixty modules each, from a mirror of Hex on this machine, and a configuration.
struct SecondMachineBenchmark: Benchmark {
    static let name = "second"
    private static let rounds = 3
    private static let packages = (0..<8).map { "dep\($0)" }

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let mirror = try await HexMirror(in: folder.appending("hex"), packages: Self.packages.map(Self.package))
            let server = try FileServer(serving: mirror.folder)
            let project = try project(in: folder, mirror)
            let cache = folder.appending("cache")
            let build = Build(
                project: project, cache: "oci:\(cache):cache",
                places: ["HEX_MIRROR": server.url, "MIXPACK_BUILDS_URL": server.url, "HEX_OFFLINE": nil])
            let first = try MixpackProgram(home: folder.appending("first"))
            var costs: [String: [BuildCost]] = [:]
            costs["cold"] = [try await .measure { try await build.run(by: first) }]
            for round in 0..<Self.rounds {
                try project.appending("lib/shop.ex").write("defmodule Shop do\n  def edition, do: \(round)\nend\n")
                // Another machine's disk has not just removed thousands of files, as the first build of this one has.
                sync()
                costs["edit", default: []].append(try await .measure { try await build.run(by: first) })
                let other = try MixpackProgram(home: folder.appending("other-\(round)"))
                sync()
                costs["warm", default: []].append(try await .measure { try await build.run(by: other) })
            }
            tell(costs)
        }
    }

    private func tell(_ costs: [String: [BuildCost]]) {
        report("second machine: a project with eight dependencies, medians of \(Self.rounds)")
        for name in ["cold", "edit", "warm"] {
            let all = costs[name] ?? []
            guard let cost = BuildCost.median(all) else { continue }
            report("  \(name): \(cost.text)" + (all.contains(where: \.isBusy) ? "  BUSY" : ""))
        }
        guard let edit = BuildCost.median(costs["edit"] ?? []), let warm = BuildCost.median(costs["warm"] ?? []) else {
            return
        }
        let (wall, work) = (warm.wall / edit.wall, (warm.user + warm.system) / (edit.user + edit.system))
        let text = "an empty home with the cache \(wall.hundredths) × an edit (processors \(work.hundredths) ×)"
        report("  \(wall <= 2 ? "reached" : "MISSED "): \(text), to be at most 2")
    }

    private static func package(_ name: String) -> HexMirror.Package {
        let module = name.prefix(1).uppercased() + name.dropFirst()
        var files = [
            "mix.exs": """
            defmodule \(module).MixProject do
              use Mix.Project
              def project, do: [app: :\(name), version: "0.1.0"]
            end
            """
        ]
        for number in 0..<60 {
            let functions = (0..<20).map { "  def f\($0)(x), do: Enum.map(x, &(&1 + \($0)))\n" }.joined()
            files["lib/m\(number).ex"] = "defmodule \(module).M\(number) do\n\(functions)end\n"
        }
        return HexMirror.Package(name, "0.1.0", files: files)
    }

    private func project(in folder: FilePath, _ mirror: HexMirror) throws -> FilePath {
        let project = folder.appending("shop")
        let deps = Self.packages.map { "{:\($0), \"~> 0.1\"}" }.joined(separator: ", ")
        try project.appending("mix.exs").write(
            """
            defmodule Shop.MixProject do
              use Mix.Project
              def project, do: [app: :shop, version: "0.1.0", deps: [\(deps)]]
            end
            """)
        try project.appending("lib/shop.ex").write("defmodule Shop do\nend\n")
        try project.appending("config/config.exs").write(
            """
            import Config
            config :shop, greeting: "hello"
            config :dep0, paths: [Path.expand("../assets", __DIR__)]
            config :logger, :console, format: "$time $metadata[$level] $message\\n"
            import_config "#{config_env()}.exs"
            """)
        try project.appending("config/prod.exs").write("import Config\nconfig :logger, level: :info\n")
        try project.appending("mix.lock").write(
            "%{\n" + Self.packages.map { "  \"\($0)\": \(mirror.lockEntries[$0] ?? ""),\n" }.joined() + "}\n")
        return project
    }

    private struct Build {
        let project: FilePath
        let cache: String
        let places: [String: String?]

        /// Builds into the image store, and gives the seconds that it took.
        func run(by mixpack: MixpackProgram) async throws -> Double {
            try await mixpack.run(
                ["build", "shop", "--path", project.string, "--cache-image", cache, "--ui", "plain"],
                environment: places, within: .seconds(900)
            ).succeeded().seconds
        }
    }
}
