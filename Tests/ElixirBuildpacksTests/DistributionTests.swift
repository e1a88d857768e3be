import BuildpackAPI
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("Distribution profiles, open files and migrations")
struct DistributionTests {
    private static let ownership = ReleaseOwnership(cookie: false, keepsCookieFile: false, distribution: false)

    /// What mixpack's block makes of an environment, by the shell that releases have.
    private static func variables(
        _ profile: DistributionProfile, _ environment: [String: String] = [:], limit: String = "1024"
    ) async throws -> [String: String] {
        try await withTemporaryFolder { folder in
            let block = ReleaseScript(ownership: ownership, profile: profile).block
            try folder.appending("env.sh").write("ulimit() { echo \(limit); }\n\(block)\nenv\n")
            var given: [String: String?] = [
                "RELEASE_NAME": "shop", "RELEASE_COMMAND": "start", "RELEASE_TMP": folder.string, "ERL_AFLAGS": nil,
                "ELIXIR_ERL_OPTIONS": nil, "RELEASE_NODE": nil, "RELEASE_DISTRIBUTION": nil, "POD_IP": nil,
            ]
            environment.forEach { given[$0.key] = $0.value }
            let end = try await run("/bin/sh", [folder.appending("env.sh").string], environment: given).succeeded()
            let pairs = end.lines.compactMap { line in line.firstIndex(of: "=").map { (line, $0) } }
            return Dictionary(
                pairs.map { (String($0[..<$1]), String($0[$0.index(after: $1)...])) }, uniquingKeysWith: { $1 })
        }
    }

    @Test("Without distribution no node is named; what the user sets counts")
    func none() async throws {
        let alone = try await Self.variables(.none)
        #expect(alone["RELEASE_DISTRIBUTION"] == "none")
        #expect(alone["RELEASE_NODE"] == nil)
        #expect(alone["ELIXIR_ERL_OPTIONS"] == nil)
        #expect(try await Self.variables(.none, ["RELEASE_DISTRIBUTION": "name"])["RELEASE_DISTRIBUTION"] == "name")
    }

    @Test("On loopback the node is the container's own, and nobody else reaches its port")
    func loopback() async throws {
        let own = try await Self.variables(.loopback)
        #expect(own["RELEASE_NODE"] == "shop@127.0.0.1")
        #expect(own["ELIXIR_ERL_OPTIONS"]?.contains("inet_dist_use_interface {127,0,0,1}") == true)
    }

    @Test("In a cluster the node has the container's address, its port is fixed, and there is no epmd")
    func cluster() async throws {
        let pod = try await Self.variables(.cluster, ["POD_IP": "10.1.2.3"])
        #expect(pod["RELEASE_NODE"] == "shop@10.1.2.3")
        #expect(pod["ELIXIR_ERL_OPTIONS"]?.contains("-start_epmd false -erl_epmd_port 9100") == true)
        #expect(pod["ELIXIR_ERL_OPTIONS"]?.contains("inet_dist_use_interface") == false)
        #expect(try await Self.variables(.cluster)["RELEASE_NODE"]?.hasPrefix("shop@") == true)
        let named = try await Self.variables(.cluster, ["RELEASE_NODE": "a@b.example"])
        #expect(named["RELEASE_NODE"] == "a@b.example")
    }

    @Test(
        "Over IPv6 the node has an IPv6 address, on loopback too", arguments: ["ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS"])
    func ipv6(variable: String) async throws {
        let flags = [variable: "-proto_dist inet6_tcp"]
        let own = try await Self.variables(.loopback, flags)
        #expect(own["RELEASE_NODE"] == "shop@::1" && own["RELEASE_DISTRIBUTION"] == "name")
        #expect(own["ELIXIR_ERL_OPTIONS"]?.contains("inet_dist_use_interface {0,0,0,0,0,0,0,1}") == true)
        let cluster = try await Self.variables(.cluster, flags)["RELEASE_NODE"] ?? ""
        #expect(cluster.hasPrefix("shop@") && cluster.contains(":"), "\(cluster)")
        let pod = try await Self.variables(.cluster, flags.merging(["POD_IP": "fd00::7"]) { $1 })
        #expect(pod["RELEASE_NODE"] == "shop@fd00::7")
    }

    @Test(
        "Only a limit of open files that is none is made smaller for Erlang",
        arguments: [("1024", false), ("1048576", false), ("1073741816", true), ("unlimited", true)])
    func openFiles(limit: String, isLimited: Bool) async throws {
        let variables = try await Self.variables(.loopback, ["ERL_AFLAGS": "+A 4"], limit: limit)
        #expect(variables["ERL_AFLAGS"] == (isLimited ? "+Q 65536 +A 4" : "+A 4"))
    }

    @Test("A profile that there is not is refused before anything is compiled")
    func unknown() async throws {
        #expect(try DistributionProfile([:]) == .loopback)
        #expect(try DistributionProfile(["BP_DISTRIBUTION": "cluster"]) == .cluster)
        try await withTemporaryFolder { folder in
            var bench = Workbench(folder)
            try bench.write(SmallApp.files())
            bench.variables = ["BP_DISTRIBUTION": "open"]
            let error = await #expect(throws: Failure.self) { try await bench.detect() }
            #expect(error?.message.contains("BP_DISTRIBUTION=open") == true)
            #expect(error?.advice?.contains("none, loopback, cluster") == true)
        }
    }

    @Test("A project with ecto_sql and a Release module gets the process migrate, and that runs its migrate")
    func releaseModule() async throws {
        try await withTemporaryFolder { folder in
            let bench = Workbench(folder)
            try bench.write(
                SmallApp.files(
                    deps: "[{:ecto_sql, path: \"vendor/ecto_sql\"}]",
                    more: [
                        "lib/small/release.ex": """
                        defmodule Small.Release do
                          def migrate do
                            IO.puts("migrations were run")
                          end
                        end
                        """,
                        "vendor/ecto_sql/mix.exs": """
                        defmodule EctoSQL.MixProject do
                          use Mix.Project
                          def project, do: [app: :ecto_sql, version: "3.0.0"]
                        end
                        """,
                        "vendor/ecto_sql/lib/ecto_sql.ex": "defmodule EctoSQL do\nend\n",
                    ]))
            let process = try #require(try await bench.build().processes.first { $0.type == "migrate" })
            #expect(process.arguments == ["eval", "Small.Release.migrate()"])
            #expect(!process.isDefault)
            let place = "/layers/io.github.carlo-colombo.mix-release"
            let program = try #require(process.command.first).replacing(place, with: bench.layers.string)
            let end = try await run(
                FilePath(program), process.arguments, environment: ["RELEASE_TMP": folder.string], within: .seconds(60))
            #expect(end.lines.contains("migrations were run"), "\(end)")
        }
    }

    @Test("Without ecto_sql, a Release module is the project's own affair")
    func otherReleaseModule() async throws {
        try await withTemporaryFolder { folder in
            let bench = Workbench(folder)
            let module = "defmodule Small.Release do\n  def migrate do\n    :ok\n  end\nend\n"
            try bench.write(SmallApp.files(more: ["lib/small/release.ex": module]))
            #expect(try await bench.build().processes.map(\.type) == ["web"])
        }
    }

    @Test(
        "A locked tzdata that updates its own files is told of, unless the configuration settles it",
        arguments: [("", true), ("config :tzdata, :autoupdate, :disabled", false)])
    func timeZones(configuration: String, isTold: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = Workbench(folder)
            try bench.write(
                SmallApp.files(
                    deps: "[{:tzdata, path: \"vendor/tzdata\"}]",
                    more: [
                        "config/runtime.exs": "import Config\n\(configuration)\n",
                        "mix.lock": #"%{"tzdata": {:hex, :tzdata, "1.1.1", "0", [:mix], [], "hexpm", "0"}}"# + "\n",
                        "vendor/tzdata/mix.exs": """
                        defmodule Tzdata.MixProject do
                          use Mix.Project
                          def project, do: [app: :tzdata, version: "1.1.1"]
                        end
                        """,
                        "vendor/tzdata/lib/tzdata.ex": "defmodule Tzdata do\nend\n",
                    ]))
            _ = try await bench.build()
            let notes = bench.reports.diagnostics.filter { $0.text.contains("tzdata") }
            #expect(notes.map(\.severity) == (isTold ? [.note] : []))
            #expect(notes.allSatisfy { $0.advice?.contains(":autoupdate, :disabled") == true })
        }
    }

    @Test("A release's own bin/migrate becomes the process migrate; in a cluster a cookie is asked for")
    func migrations() async throws {
        try await withTemporaryFolder { folder in
            var bench = Workbench(folder)
            try bench.write(SmallApp.files())
            let script = bench.project.appending("rel/overlays/bin/migrate")
            try script.write("#!/bin/sh\nexec ./small eval Small.Release.migrate\n", mode: 0o755)
            bench.variables = ["BP_DISTRIBUTION": "cluster"]
            let result = try await bench.build()
            #expect(result.processes.map(\.type) == ["web", "migrate"])
            #expect(result.processes.last?.command.last?.hasSuffix("/release/bin/migrate") == true)
            #expect(result.processes.filter(\.isDefault).map(\.type) == ["web"])
            #expect(result.requiredVariables == ["RELEASE_COOKIE"])
        }
    }
}
