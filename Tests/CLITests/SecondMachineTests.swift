import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// What one machine pushes, as another one with an empty home finds it.
@Suite(.serialized) struct SecondMachineTests {
    private static func package(_ name: String, deps: String = "") -> [String: String] {
        let module = name.prefix(1).uppercased() + name.dropFirst()
        return [
            "mix.exs": """
            defmodule \(module).MixProject do
              use Mix.Project
              def project, do: [app: :\(name), version: "0.1.0", deps: [\(deps)]]
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
              def project, do: [app: :shop, version: "0.1.0", deps: [{:greeter, "~> 0.1"}]]
            end
            """)
        try project.appending("lib/shop.ex").write("defmodule Shop do\nend\n")
        try project.appending("mix.lock").write(mirror.lock("greeter", "words"))
        return project
    }

    @Test("it compiles no dependency again, sends nothing, rebases in the registry without a layer, and makes an index")
    func roundTrip() async throws {
        try await Workbench.run { bench in
            let mirror = try await HexMirror(
                in: bench.folder.appending("hex"),
                packages: [
                    .init("words", "0.1.0", files: Self.package("words")),
                    .init(
                        "greeter", "0.1.0", dependencies: [("words", "~> 0.1")],
                        files: Self.package("greeter", deps: "{:words, \"~> 0.1\"}")),
                ])
            let server = try FileServer(serving: mirror.folder)
            let places: [String: String?] = [
                "HEX_MIRROR": server.url, "MIXPACK_BUILDS_URL": server.url, "HEX_OFFLINE": nil,
            ]
            try await withRegistry { registry, _ in
                let image = "\(registry.host)/shop:1"
                let words = [
                    "build", image, "--path", try project(bench, mirror).string, "--publish", "--ui", "plain",
                    "--cache-image", "\(registry.host)/cache", "--publish-run-image", "\(registry.host)/run:1",
                ]
                let first = try await bench.mixpack.run(words, environment: places).succeeded().output
                #expect(first.contains("compiled words (1 of 2) in "), "\(first)")
                let pushed = try #require(try await digest(of: image))

                let other = try MixpackProgram(home: bench.folder.appending("other"))
                server.stop()
                let second = try await other.run(words).succeeded().output
                #expect(second.contains("10 entries taken from the cache docker://\(registry.host)/cache"), "\(second)")
                #expect(second.contains("2 packages fetched before"), "\(second)")
                #expect(!second.contains("deps.get") && !second.contains("Hex is not installed"), "\(second)")
                #expect(second.contains("the previous image is docker://\(image)"))
                #expect(second.contains("2 dependencies compiled before"))
                #expect(!second.contains("compiled words"))
                #expect(try await digest(of: image) == pushed)
                let helpers = try (
                    bench.mixpack.cache.appending("helpers").names(), other.cache.appending("helpers").names()
                )
                #expect(helpers.0 == helpers.1 && helpers.0.count == 3)

                try await archive(bench, other)
                try await rebase(bench, registry, pushed)
                try await index(bench, registry)
            }
        }
    }

    /// The same by a file; one that is cut is named, and brings nothing.
    private func archive(_ bench: Workbench, _ other: MixpackProgram) async throws {
        let file = bench.folder.appending("cache.tar")
        let written = try await other.run(["cache", "export", file.string]).succeeded().output
        #expect(written.contains("2 compiled dependencies"), "\(written)")
        let third = try MixpackProgram(home: bench.folder.appending("third"))
        let read = try await third.run(["cache", "import", file.string]).succeeded().output
        for words in ["2 compiled dependencies", "3 entries of fetched packages", "2 answers", "3 helpers"] {
            #expect(read.contains(words), "\(read)")
        }
        #expect(try await third.run(["cache", "import", file.string]).succeeded().output.contains("nothing new"))
        let cut = bench.folder.appending("cut.tar")
        _ = try await run("/bin/sh", ["-c", "head -c 3000 '\(file)' > '\(cut)'"]).succeeded()
        let end = try await third.run(["cache", "import", cut.string])
        #expect(end.status == 3 && end.errorOutput.contains("cannot read the cache oci-archive:\(cut)"), "\(end)")
    }

    private func rebase(_ bench: Workbench, _ registry: RegistryService, _ pushed: String) async throws {
        let empty = try MixpackProgram(home: bench.folder.appending("empty"))
        let place = "docker://\(registry.host)/shop:1"
        let same = try await empty.run(["rebase", place]).succeeded().output
        #expect(same.contains("was already on docker://\(registry.host)/run:1"), "\(same)")
        let layout = try await TinyImage.layout(in: bench.folder)
        _ = try await run(
            try findTool("skopeo"),
            ["copy", "--dest-tls-verify=false", "oci:\(layout):tiny", "docker://\(registry.host)/team/other:1"]
        ).succeeded()
        let base = "docker://\(registry.host)/team/other:1"
        let refused = try await empty.run(["rebase", place, "--run-image", base])
        #expect(refused.status == 72 && refused.errorOutput.contains("--force"), "\(refused)")
        let end = try await empty.run(["rebase", place, "--run-image", base, "--force"]).succeeded()
        #expect(end.output.contains("is now on \(base)"), "\(end)")
        let now = try #require(try await digest(of: "\(registry.host)/shop:1"))
        #expect(now != pushed && end.output.contains(now), "\(end)")
        // No layer came to this machine.
        let blobs = try await run("/bin/sh", ["-c", "find '\(bench.folder)/empty' -type f -size +8k"]).succeeded()
        #expect(blobs.output == "", "\(blobs)")
        let inspected = try await empty.run(["inspect", place]).succeeded().output
        #expect(inspected.contains("mixpack rebase \(place)\n"), "\(inspected)")
    }

    private func index(_ bench: Workbench, _ registry: RegistryService) async throws {
        let place = "docker://\(registry.host)/shop:1"
        let layout = bench.folder.appending("lay")
        _ = try await run(
            try findTool("umoci"), ["config", "--image", "\(layout):tiny", "--architecture", "s390x"]
        ).succeeded()
        let twice = try await bench.mixpack.run(["index", "\(registry.host)/all:1", place, place])
        #expect(twice.status == 3 && twice.errorOutput.contains("are both for linux/"), "\(twice)")
        let words = ["index", "\(registry.host)/all:1", place, "oci:\(layout):tiny"]
        let end = try await bench.mixpack.run(words).succeeded()
        #expect(end.output.contains("linux/s390x: sha256:"), "\(end)")
        let raw = try await run(
            try findTool("skopeo"),
            ["inspect", "--raw", "--tls-verify=false", "docker://\(registry.host)/all:1"]
        ).succeeded().output
        #expect(raw.contains("application/vnd.oci.image.index.v1+json") && raw.contains("\"s390x\""), "\(raw)")
        let listed = try await bench.mixpack.run(["inspect", "docker://\(registry.host)/all:1"]).succeeded().output
        #expect(listed.hasPrefix("index sha256:") && listed.contains(", 2 images; --platform shows"), "\(listed)")
        #expect(listed.contains("  linux/s390x"))
        let other = try await bench.mixpack.run(
            ["inspect", "docker://\(registry.host)/all:1", "--platform", "linux/s390x"]
        ).succeeded().output
        #expect(other.contains("linux/s390x"), "\(other)")
    }

    /// The digest that the registry has, as skopeo reads it.
    private func digest(of image: String) async throws -> String? {
        let end = try await run(
            try findTool("skopeo"), ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://\(image)"]
        ).succeeded()
        return end.output.split(separator: "\n").first.map(String.init)
    }
}
