import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// The same input gives the same image; a small change, a small one.
@Suite(.serialized) struct DigestTests {
    @Test(
        "built twice, in two checkouts by two users, the digest is the same",
        arguments: Soak.all([SampleProject.umbrella, .hello], orFirst: 1))
    func twoCheckouts(_ sample: SampleProject) async throws {
        let arguments = sample == .umbrella ? ["--release", "web_rel"] : []
        let first = try await Workbench.run { bench in
            try await bench.build(try bench.sample(sample, as: "here"), arguments).digest
        }
        let second = try await Workbench.run { bench in
            try await bench.build(try bench.sample(sample, as: "quite/another place/there"), arguments).digest
        }
        #expect(first == second)
    }

    @Test("after no change, nothing is run and the digest is the same")
    func noChange() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let first = try await bench.build(project)
            let again = try await bench.tryBuild(project, ["--ui=json"])
            let events = try JSONValue.lines(of: try again.succeeded().output)
            #expect(!events.contains { $0["event"]?.string == "command-started" })
            #expect(events.last?["event"]?.string == "build-finished")
            #expect(events.last?["manifestDigest"]?.string == first.digest)
        }
    }

    @Test(
        "a one-line edit changes the application layer alone, and that is small",
        arguments: Soak.all([SampleProject.umbrella, .hello], orFirst: 1))
    func oneLine(_ sample: SampleProject) async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(sample)
            let arguments = sample == .umbrella ? ["--release", "web_rel"] : []
            let before = try await bench.build(project, arguments)
            try Self.edit(sample, in: project)
            let after = try await bench.build(project, arguments)
            let old = Set(before.diffIDs)
            let new = after.diffIDs.filter { !old.contains($0) }
            #expect(new == [try after.diffID(of: "release")])
            let size = try await run(
                "/bin/sh", ["-c", "gzip -c '\(try after.file(of: "release"))' | wc -c"]
            ).succeeded().lines
            #expect(try #require(size.first.flatMap { Int($0) }) < 60_000)
        }
    }

    @Test("an edit builds what a clean build builds")
    func incremental() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            _ = try await bench.build(project, ["--release", "web_rel"])
            try Self.edit(.umbrella, in: project)
            let edited = try await bench.build(project, ["--release", "web_rel"])
            let clean = try await bench.build(project, ["--release", "web_rel", "--clear-cache"])
            #expect(edited.digest == clean.digest)
        }
    }

    @Test("a removed module is gone from the image, and a restored source gives the first digest")
    func removedModule() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let before = try await bench.build(project)
            let extra = project.appending("lib/mini/extra.ex")
            try extra.write("defmodule Mini.Extra do\nend\n")
            let with = try await bench.build(project)
            #expect(
                try await with.paths(in: try with.file(of: "release")).contains {
                    $0.hasSuffix("Elixir.Mini.Extra.beam")
                })
            try extra.remove()
            let without = try await bench.build(project)
            #expect(without.digest == before.digest)
        }
    }

    @Test("both releases of an umbrella share the layer of Erlang and Elixir (case 4)")
    func sharedBase() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let web = try await bench.build(project, as: "web", ["--release", "web_rel"])
            let worker = try await bench.build(project, as: "worker", ["--release", "worker_rel"])
            #expect(try web.diffID(of: "base") == worker.diffID(of: "base"))
            let webPaths = try await web.paths(in: try web.file(of: "release"))
            #expect(webPaths.contains { $0.contains("/lib/web-0.2.0/") })
            #expect(webPaths.contains { $0.contains("/lib/core-0.2.0/") })
            #expect(!webPaths.contains { $0.contains("/lib/worker-") })
        }
    }

    @Test("a changed build-time variable leaves no old value behind")
    func changedVariable() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] =
                    "import Config\nconfig :mini, greeting: System.get_env(\"GREETING\")\n"
            }
            _ = try await bench.build(project, ["-e", "GREETING=first-value"])
            let image = try await bench.build(project, ["-e", "GREETING=second-value"])
            #expect(try await !Self.has("first-value", in: image))
            #expect(try await Self.has("second-value", in: image))
        }
    }

    /// Whether a release's files have a text, as it is or as the decimal bytes that sys.config writes.
    private static func has(_ text: String, in image: ImageFacts) async throws -> Bool {
        let decimal = text.utf8.map(String.init).joined(separator: ",")
        let script =
            "tar -xOf '\(try image.file(of: "release"))' | tr -d ' \\n' | grep -q -a -F -e '\(text)' -e '\(decimal)'"
        return try await run("/bin/sh", ["-c", script]).status == 0
    }

    /// Changes one line of the sample.
    private static func edit(_ sample: SampleProject, in project: FilePath) throws {
        let (file, old, new) =
            switch sample {
            case .umbrella: ("apps/web/lib/web/router.ex", "\"ok\\n\"", "\"fine\\n\"")
            default: ("lib/hello.ex", "\"Hello, ", "\"Good day, ")
            }
        let path = project.appending(file)
        let text = try path.readText()
        let edited = text.replacing(old, with: new)
        guard edited != text else { throw TestSupportError("no \(old) in \(path)") }
        try path.write(edited)
    }
}
