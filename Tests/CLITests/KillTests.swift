import Glibc
import SystemPackage
import TestSupport
import Testing

/// mixpack killed at any moment: what was there before is whole, and nothing of the build goes on.
@Suite(.serialized) struct KillTests {
    @Test("kills at random moments leave the image, the cache and no process behind")
    func kills() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let arguments = ["--release", "web_rel", "--output", "oci:\(bench.folder)/layout:web"]
            let first = try await bench.tryBuild(project, as: "web", arguments).succeeded()
            let image = try ImageFacts(layout: bench.folder.appending("layout"), tag: "web")
            let router = project.appending("apps/web/lib/web/router.ex")
            let source = try router.readText()
            let rounds = Soak.isOn ? 20 : 6
            for round in 0..<rounds {
                try router.write(source + "\n# round \(round)\ndefmodule Web.Round do\n  def n, do: \(round)\nend\n")
                // Evenly over the time that a build takes, with chance within each step.
                let moment = first.seconds * (Double(round) + .random(in: 0..<1)) / Double(rounds)
                let program = try bench.mixpack.start(["build", "web", "--path", project.string] + arguments)
                try await Task.sleep(for: .seconds(moment))
                program.send(SIGKILL)
                _ = try await program.end()
                try await Self.expectNothingRuns(of: bench, round: round)
                let now = try ImageFacts(layout: image.layout, tag: "web")
                #expect(try await now.problems() == [], "round \(round)")
            }
            try router.write(source)
            _ = try await bench.tryBuild(project, as: "web", arguments).succeeded()
            #expect(try ImageFacts(layout: image.layout, tag: "web").digest == image.digest)
        }
    }

    @Test("SIGTERM and SIGINT cancel a build with its commands, and say so by the exit", arguments: [SIGTERM, SIGINT])
    func signals(_ signal: Int32) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] =
                    "import Config\nFile.write!(\"started\", \"\")\nProcess.sleep(60_000)\n"
            }
            let program = try bench.mixpack.start(["build", "mini", "--path", project.string, "--ui=json"])
            try await eventually("the command's start: \(program.output)", within: .seconds(30)) {
                program.output.contains("command-started")
            }
            program.send(signal)
            let end = try await program.end(within: .seconds(20))
            #expect(end.signal == signal, "\(end)")
            #expect(end.output.contains("build-cancelled"))
            try await Self.expectNothingRuns(of: bench, round: 0)
        }
    }

    private static func expectNothingRuns(of bench: Workbench, round: Int) async throws {
        try await eventually("the build's processes to be gone (round \(round))", within: .seconds(10)) {
            try ProcessScan.processes(under: bench.folder).isEmpty
        }
    }
}
