import SystemPackage
import TestSupport
import Testing

/// A marker in every place by which a build's secrets get into images: each is found, and only configuration goes on.
@Suite(.serialized) struct LeakTests {
    private static let value = "hunter2/hunter2+hunter2 hunter2"

    /// A project with the marker in one place.
    struct Plant: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String] = [:]
        var projectKeys = ""
        /// What the failure names; `nil` where the build goes on, with a warning and a label.
        var named: String?
    }

    static let plants: [Plant] = [
        Plant(
            testDescription: "config.exs, which lands in sys.config",
            files: ["config/config.exs": "import Config\nconfig :mini, token: System.get_env(\"API_TOKEN\")\n"]),
        Plant(
            testDescription: "compile_env, which lands in sys.config, in a beam and in the .app file",
            files: [
                "config/config.exs": "import Config\nconfig :mini, token: System.get_env(\"API_TOKEN\")\n",
                "lib/reads.ex":
                    "defmodule Reads do\n  @token Application.compile_env(:mini, :token)\n  def token, do: @token\nend\n",
            ]),
        Plant(
            testDescription: "a module attribute, which lands in the compressed literals of a beam",
            files: [
                "lib/keeps.ex": """
                defmodule Keeps do
                  @tokens {System.get_env("API_TOKEN"), "filler filler filler filler filler filler filler"}
                  def tokens, do: @tokens
                end
                """
            ], named: "lib/keeps.ex:2"),
        Plant(
            testDescription: "a file of priv, as it is", files: ["priv/token.txt": "first\n\(value)\n"],
            named: "priv/token.txt:2"),
        Plant(
            testDescription: "a file of priv, in base64",
            files: ["priv/auth.conf": "Basic dXNlcjpodW50ZXIyL2h1bnRlcjIraHVudGVyMiBodW50ZXIy\n"],
            named: "priv/auth.conf:1"),
        Plant(
            testDescription: "an overlay of the release, URL-encoded",
            files: ["rel/overlays/url": "http://a:hunter2%2Fhunter2%2Bhunter2%20hunter2@b/\n"],
            named: "rel/overlays/url:1"),
        Plant(
            testDescription: "env.sh, written by hand",
            files: ["rel/env.sh.eex": "#!/bin/sh\nexport TOKEN='\(value)'\n"], named: "rel/env.sh.eex:2"),
        Plant(
            testDescription: "the cookie of mix.exs",
            projectKeys: ", releases: [mini: [cookie: System.get_env(\"API_TOKEN\")]]"),
    ]

    @Test("A marker is found", arguments: Soak.all(plants, orFirst: 3))
    func found(_ plant: Plant) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files = plant.files
                mini.projectKeys = plant.projectKeys
            }
            let end = try await bench.tryBuild(
                project, as: "mini", ["--output", "oci:\(bench.folder)/layout:mini"],
                environment: ["API_TOKEN": Self.value])
            #expect(end.status == 0, "the build does not get it, so nothing is looked for: \(end)")
            let arguments = ["--output", "oci:\(bench.folder)/layout:mini", "-e", "API_TOKEN"]
            let given = try await bench.tryBuild(
                project, as: "other", arguments, environment: ["API_TOKEN": Self.value])
            #expect(!given.description.contains("hunter2"))
            guard let named = plant.named else {
                #expect(given.status == 0, "\(given)")
                #expect(given.output.contains("API_TOKEN is read while the release is built"))
                let labels = try ImageFacts(layout: bench.folder.appending("layout"), tag: "mini").labels
                #expect(labels["io.mixpack.compiled-secrets"]?.string == "API_TOKEN")
                let forbidden = try await bench.tryBuild(
                    project, as: "third", arguments + ["--forbid-secrets"], environment: ["API_TOKEN": Self.value])
                #expect(forbidden.status == 1)
                return
            }
            #expect(given.status == 1, "\(given)")
            #expect(given.description.contains(named), "\(given)")
            #expect(given.description.contains("--allow-secret API_TOKEN"))
            #expect(!bench.mixpack.images.appending("other").isThere)
            let allowed = try await bench.tryBuild(
                project, as: "other", arguments + ["--allow-secret", "API_TOKEN"],
                environment: ["API_TOKEN": Self.value])
            #expect(allowed.status == 0, "\(allowed)")
            #expect(allowed.output.contains("as you allowed"))
        }
    }

    @Test("mixpack and what it starts write no core dumps, and mix gets no secret as an argument")
    func processes() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] = """
                    import Config
                    IO.puts("limits: " <> File.read!("/proc/self/limits"))
                    for id <- File.ls!("/proc"), {:ok, words} <- [File.read("/proc/#{id}/cmdline")] do
                      IO.puts("argument: " <> String.replace(words, <<0>>, " "))
                    end
                    config :mini, looked: true
                    """
            }
            let end = try await bench.tryBuild(
                project, as: "mini", ["-e", "API_TOKEN"], environment: ["API_TOKEN": Self.value]
            ).succeeded()
            let limit = end.lines.first { $0.contains("Max core file size") }
            #expect(limit?.split(separator: " ").filter { $0 == "0" }.count == 2, "\(limit ?? end.output)")
            #expect(end.output.contains("argument: "))
            #expect(!end.output.contains("[API_TOKEN]"))
        }
    }
}
