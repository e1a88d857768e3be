import SystemPackage
import TestSupport
import Testing

/// Buildpacks in folders, of the shape of the originals and in another language, by the whole program.
@Suite(.serialized) struct OriginalBuildpacksTests {
    @Test("B13: buildpacks of API 0.2 in bash build hello, with the original's own command, and it runs")
    func hello() async throws {
        try await Workbench.run { bench in
            let originals = try OriginalBuildpacks(in: bench.folder.appending("originals"))
            let image = try await bench.build(try bench.sample(.hello), as: "hello", originals.arguments)
            #expect(try await image.problems() == [])
            #expect(image.process?["Entrypoint"]?.array?.compactMap(\.string) == ["/cnb/process/web"])
            let text = try await bench.answer(
                of: image, from: "\(Workbench.release)/bin/hello", "IO.puts(Hello.greeting())")
            #expect(!text.isEmpty)
            let paths = try await image.paths()
            #expect(!paths.contains { $0.contains("/layers/io.github.carlo-colombo.elixir-runtime") })
            let again = try await bench.build(bench.folder.appending("hello"), as: "hello", originals.arguments)
            #expect(again.diffIDs.count == image.diffIDs.count)
        }
    }

    @Test("B13: they build a release of the umbrella, named by RELEASE; DEBUG reaches their scripts")
    func umbrella() async throws {
        try await Workbench.run { bench in
            let originals = try OriginalBuildpacks(in: bench.folder.appending("originals"))
            let project = try bench.sample(.umbrella)
            let name = "worker_rel"
            let end = try await bench.tryBuild(
                project, as: "umbrella",
                originals.arguments + ["-e", "RELEASE=\(name)", "-e", "DEBUG=1", "--ui", "plain"]
                    + ["--output", "oci:\(bench.folder.appending("layout")):umbrella"])
            #expect(end.status == 0, "\(end)")
            #expect(end.output.contains("mix release \(name)"))
            let image = try ImageFacts(layout: bench.folder.appending("layout"), tag: "umbrella")
            let paths = try await image.paths()
            #expect(paths.contains { $0.hasSuffix("\(Workbench.release)/bin/\(name)".dropFirst()) })
            let text = try await bench.answer(
                of: image, from: "\(Workbench.release)/bin/\(name)", "IO.puts(Core.visits())")
            #expect(text.hasPrefix("0"))
        }
    }

    @Test("Buildpacks in another language stand before and after ours; no source reaches the image")
    func around() async throws {
        try await Workbench.run { bench in
            let before = bench.folder.appending("before")
            let after = bench.folder.appending("after")
            try write(
                before, id: "test/before",
                build: """
                    my ($layers) = @ARGV;
                    mkdir "$layers/agent"; open(F, ">", "$layers/agent/config"); print F "on\\n"; close F;
                    mkdir "$layers/agent/env.launch";
                    open(F, ">", "$layers/agent/env.launch/AGENT.default"); print F "from-perl"; close F;
                    open(F, ">", "$layers/agent.toml"); print F "[types]\\nlaunch = true\\n"; close F;
                    """)
            try write(
                after, id: "test/after",
                build: """
                    die "no mix.exs" unless -f "mix.exs";
                    open(F, ">", "$ARGV[0]/launch.toml");
                    print F "[[labels]]\\nkey = \\"after\\"\\nvalue = \\"yes\\"\\n"; close F;
                    """)
            let image = try await bench.build(
                try bench.sample(.hello), as: "hello",
                ["-b", before.string, "-b", "from=builder", "-b", after.string])
            #expect(image.labels["after"]?.string == "yes")
            #expect(try await !image.paths().contains { $0.hasSuffix("mix.exs") || $0.hasSuffix(".ex") })
            let text = try await bench.answer(
                of: image, from: "\(Workbench.release)/bin/hello", "IO.puts(System.get_env(\"AGENT\"))")
            #expect(text.hasPrefix("from-perl"))
        }
    }

    private func write(_ folder: FilePath, id: String, build: String) throws {
        try folder.appending("buildpack.toml").write(
            "api = \"0.12\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1.0.0\"\n[[targets]]\nos = \"linux\"\n")
        try folder.appending("bin/detect").write("#!/usr/bin/perl\nexit 0;\n", mode: 0o755)
        try folder.appending("bin/build").write("#!/usr/bin/perl\nuse strict;\n\(build)\n", mode: 0o755)
    }
}
