import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// What mixpack prints and how it exits, asked as a script asks.
@Suite(.serialized) struct CommandLineTests {
    @Test(
        "wrong usage exits with 3 and says what to do",
        arguments: [
            (["build", "My Image"], "lower-case"), (["build", "x", "--ui=loud"], "ui"),
            (["build", "x", "--output", "nowhere:x"], "oci:DIR"),
            (["build", "x", "--path", "/no/such/folder"], "/no/such/folder"),
            (["biuld", "x"], "build"), (["build", "x", "--no-such-flag"], "no-such-flag"),
            (["hel"], "did you mean mixpack help?"), (["help", "biuld"], "did you mean mixpack help build?"),
            (["build", "x", "/one", "--path", "/other"], "two folders"),
            (["build", "/tmp"], "the folder comes second"),
            (["detect", "/one", "--path", "/other"], "two folders"),
            (["inspect", "no-such-image"], "no-such-image"),
        ])
    func usage(_ arguments: [String], _ word: String) async throws {
        try await Workbench.run { bench in
            let end = try await bench.mixpack.run(arguments)
            #expect(end.status == 3, "\(end)")
            #expect(end.errorOutput.contains(word), "\(end)")
            #expect(!end.output.contains("error"), "\(end)")
        }
    }

    @Test("--version and --help print to standard output and exit with 0", arguments: ["--version", "--help"])
    func information(_ flag: String) async throws {
        try await Workbench.run { bench in
            let end = try await bench.mixpack.run([flag])
            #expect(end.status == 0)
            #expect(!end.output.isEmpty)
            #expect(end.errorOutput.isEmpty)
        }
    }

    @Test("with CI set the console does not open: mixpack says so, and which build to run")
    func continuousIntegration() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello, as: "checkout")
            for (value, reason) in [("true", "CI is set"), (nil, "the console needs a terminal")] {
                let end = try await bench.mixpack.run([project.string], environment: ["CI": value])
                #expect(end.status == 3 && end.errorOutput.contains(reason), "\(end)")
                #expect(end.errorOutput.contains("mixpack build hello --path \(project)"), "\(end)")
            }
        }
    }

    @Test(
        "a build takes the folder as its second word; without a name the image has the project's, and mixpack says so")
    func unnamed() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello, as: "checkout")
            let end = try await bench.mixpack.run(["build"], workingDirectory: project).succeeded()
            #expect(end.lines.first == "no image name given, so the image is named after the project: hello", "\(end)")
            #expect(try await bench.mixpack.run(["inspect", "hello", "--ui=plain"]).status == 0)
            let named = try await bench.mixpack.run(["build", "other", project.string]).succeeded()
            #expect(!named.output.contains("no image name given"))
            #expect(try await bench.mixpack.run(["inspect", "other", "--ui=plain"]).status == 0)
            let found = try await bench.mixpack.run(["detect", project.string]).succeeded()
            #expect(found.output.contains("hello"), "\(found)")
        }
    }

    @Test("in a folder that is no project, a build without a name reads none of it")
    func wrongFolder() async throws {
        try await Workbench.run { bench in
            let place = bench.folder.appending("home")
            try place.makeFolder()
            // A build that read the folder would refuse the link.
            try FileManager.default.createSymbolicLink(
                atPath: place.appending("link").string, withDestinationPath: "/etc/passwd")
            let end = try await bench.mixpack.run(["build"], workingDirectory: place)
            #expect(end.status == 20 && end.errorOutput.contains("is not a mix project"), "\(end)")
            #expect(end.output.isEmpty && !bench.mixpack.cache.isThere, "\(end)")
        }
    }

    @Test("plain output is headed by phase, and ends with the image and how it is run")
    func plain() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.sample(.hello), as: "hello").succeeded()
            let headings = end.lines.filter { $0.hasPrefix("===> ") }
            #expect(headings == ["ANALYZING", "DETECTING", "RESTORING", "BUILDING", "EXPORTING"].map { "===> \($0)" })
            #expect(end.output.contains("sha256:"))
            #expect(end.output.contains("run -it --rm"))
        }
    }

    @Test("JSON output is one event a line with one last event, which is the build's end")
    func json() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.sample(.hello), as: "hello", ["--ui=json"]).succeeded()
            let names = try JSONValue.lines(of: end.output).compactMap { $0["event"]?.string }
            #expect(names.first == "build-started")
            #expect(names.filter { $0.hasPrefix("build-") && $0 != "build-started" } == ["build-finished"])
            #expect(names.last == "build-finished")
            #expect(names.filter { $0 == "phase-started" }.count == 5)
        }
    }

    @Test("mixpack shell runs where the project was built, with mix's variables, and gives the command's exit code")
    func shell() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            func shell(_ words: String...) async throws -> ProgramEnd {
                try await bench.mixpack.run(["shell", "--path", project.string, "--"] + words)
            }
            let early = try await shell("true")
            #expect(early.status == 3 && early.errorOutput.contains("build it first"), "\(early)")
            _ = try await bench.tryBuild(project, as: "hello").succeeded()
            let end = try await shell("sh", "-c", "pwd; ls; echo $MIX_ENV; exit 5")
            #expect(end.status == 5, "\(end)")
            #expect(end.lines.first?.hasSuffix("/app") == true && end.lines.last == "prod", "\(end)")
            #expect(end.lines.contains("_build") && end.lines.contains("mix.exs"), "\(end)")
            let mix = try await shell("mix", "run", "--no-compile", "--no-start", "-e", "IO.puts(Mix.env())")
            #expect(mix.status == 0 && mix.lines.last == "prod", "\(mix)")
        }
    }

    @Test("quiet output is empty when all is well")
    func quiet() async throws {
        try await Workbench.run { bench in
            let end = try await bench.tryBuild(try bench.sample(.hello), as: "hello", ["--ui=quiet"]).succeeded()
            #expect(end.output.isEmpty)
            #expect(end.errorOutput.isEmpty)
        }
    }

    @Test("a recording can be replayed, and holds the events that were printed")
    func recording() async throws {
        try await Workbench.run { bench in
            let file = bench.folder.appending("build.jsonl")
            let end = try await bench.tryBuild(
                try bench.sample(.hello), as: "hello", ["--ui=json", "--record", file.string]
            ).succeeded()
            let recorded = try file.readText().split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
            #expect(recorded == end.output)
        }
    }

    @Test("the commands of the original work with pack replaced by mixpack")
    func original() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let builder = "rg.nl-ams.scw.cloud/carlo-colombo/elixir-builder"
            let end = try await bench.mixpack.run(
                [
                    "build", "my-image", "--path", ".", "--builder", builder, "-e", "DEBUG=1", "-e", "RELEASE=hello",
                    "-e", "SECRET_KEY_BASE=c2VjcmV0c2VjcmV0",
                ], workingDirectory: project)
            #expect(end.status == 0, "\(end)")
            #expect(end.output.contains("[mix-release] $ "), "DEBUG prints commands")
            #expect(!(end.output + end.errorOutput).contains("c2VjcmV0c2VjcmV0"))
            let other = try await bench.tryBuild(project, as: "x", ["--builder", "Example.com/Other"])
            #expect(other.status == 3 && other.errorOutput.contains("--builder Example.com/Other"), "\(other)")
        }
    }
}
