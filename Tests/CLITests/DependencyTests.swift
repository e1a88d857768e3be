import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// Dependencies from a mirror of Hex, as the whole program builds them.
@Suite(.serialized) struct DependencyTests {
    private static let mirror = Task {
        try await HexMirror(
            in: try makeTemporaryFolder().appending("hex"),
            packages: [
                .init("words", "0.1.0", files: package("words")),
                .init(
                    "greeter", "0.3.0", dependencies: [("words", "~> 0.1")],
                    files: package("greeter", deps: "{:words, \"~> 0.1\"}")),
            ])
    }

    private static func package(_ name: String, deps: String = "") -> [String: String] {
        let module = name.prefix(1).uppercased() + name.dropFirst()
        return [
            "mix.exs": """
            defmodule \(module).MixProject do
              use Mix.Project
              def project, do: [app: :\(name), version: "\(deps.isEmpty ? "0.1.0" : "0.3.0")", deps: [\(deps)]]
            end
            """,
            "lib/\(name).ex": "defmodule \(module) do\nend\n",
        ]
    }

    private func project(_ bench: Workbench, _ mirror: HexMirror) throws -> FilePath {
        let project = bench.folder.appending("shop")
        try project.appending("mix.exs").write(
            """
            defmodule Shop.MixProject do
              use Mix.Project
              def project, do: [app: :shop, version: "0.1.0", deps: [{:greeter, "~> 0.3"}]]
            end
            """)
        try project.appending("lib/shop.ex").write("defmodule Shop do\nend\n")
        try project.appending("mix.lock").write(mirror.lock("greeter", "words"))
        return project
    }

    @Test(
        "Syft finds every package of mix.lock and every Debian package with a record in the image",
        .enabled(if: ProcessInfo.processInfo.environment["MIXPACK_SOAK"] != nil, "make soak fetches Syft"))
    func syft() async throws {
        let mirror = try await Self.mirror.value
        let server = try FileServer(serving: mirror.folder)
        try await Workbench.run { bench in
            let layout = bench.folder.appending("layout")
            _ = try await bench.tryBuild(
                try project(bench, mirror), as: "shop", ["--output", "oci:\(layout):shop"],
                environment: ["HEX_MIRROR": server.url, "MIXPACK_BUILDS_URL": server.url, "HEX_OFFLINE": nil]
            ).succeeded()
            let found = try await run(
                try findTool("syft"),
                ["oci-dir:\(layout)", "-q", "--select-catalogers", "+sbom-cataloger", "-o", "json"],
                environment: ["HOME": bench.folder.string, "SYFT_CHECK_FOR_APP_UPDATE": "false"]
            ).succeeded()
            let artifacts = try JSONValue(parsing: found.output)["artifacts"]?.array ?? []
            let urls = Set(artifacts.compactMap { $0["purl"]?.string })
            for name in ["greeter@0.3.0", "words@0.1.0"] {
                #expect(urls.contains { $0.hasPrefix("pkg:hex/\(name)?checksum=sha256:") }, "\(urls)")
            }
            let bill = try await bench.mixpack.run(["inspect", "shop", "--sbom"]).succeeded()
            let components = try JSONValue(parsing: bill.output)["components"]?.array ?? []
            let debian = components.compactMap { $0["purl"]?.string }.filter { $0.hasPrefix("pkg:deb/") }
            #expect(debian.count > 10 && urls.isSuperset(of: debian), "\(debian) \(urls)")
        }
    }

    /// What these tests read of an event.
    private struct Event: Decodable {
        var event: String
        var name: String?
        var work: String?
        var seconds: Double?
    }

    @Test("plain lines and events say what is compiled, n of m, and how long it took; if all is kept, they do not")
    func steps() async throws {
        let mirror = try await Self.mirror.value
        let server = try FileServer(serving: mirror.folder)
        let places: [String: String?] = [
            "HEX_MIRROR": server.url, "MIXPACK_BUILDS_URL": server.url, "HEX_OFFLINE": nil,
        ]
        try await Workbench.run { bench in
            let project = try project(bench, mirror)
            let first = try await bench.tryBuild(project, ["--ui", "plain"], environment: places).succeeded().output
            let lines = first.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("compiled words (1 of 2) in ") }, "\(first)")
            #expect(lines.contains { $0.hasPrefix("compiled greeter (2 of 2) in ") })
            #expect(lines.count { $0.hasPrefix("2 dependencies compiled; the slowest: ") } == 1)

            try project.appending("lib/shop.ex").write("defmodule Shop do\n  def x, do: 1\nend\n")
            let second = try await bench.tryBuild(project, ["--ui", "plain"], environment: places).succeeded().output
            #expect(!second.split(separator: "\n").contains { $0.hasPrefix("compiled ") }, "\(second)")

            let quiet = try await bench.tryBuild(
                project, ["--ui", "quiet", "--clear-cache"], environment: places
            ).succeeded()
            #expect(!(quiet.output + quiet.errorOutput).contains("compiled"))

            let json = try await bench.tryBuild(project, ["--ui", "json", "--clear-cache"], environment: places)
                .succeeded().output
            let steps = try json.split(separator: "\n").map {
                try JSONDecoder().decode(Event.self, from: Data($0.utf8))
            }.filter { $0.event == "dependency" }
            #expect(steps.filter { $0.work == "compiling" }.map(\.name) == ["words", "words", "greeter", "greeter"])
            #expect(steps.filter { $0.work == "fetching" && $0.seconds != nil }.count == 2)
        }
    }
}
