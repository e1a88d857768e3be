import Glibc
import SystemPackage
import TestSupport

/// Measures what the documents claim: every figure is made anew, in one run, beside the others that do the same work.
@main struct Benchmarks {
    static func main() async {
        do {
            try await withTemporaryFolder { @Sendable folder in
                let podman = await podmanContender(in: folder.appending("podman"))
                do {
                    try await measure(in: folder, podman: podman)
                } catch {
                    await podman?.end()
                    throw error
                }
                await podman?.end()
            }
        } catch {
            report("error: \(error)")
            exit(1)
        }
    }

    private static func measure(in folder: FilePath, podman: PodmanContender?) async throws {
        let mixpack = MixpackContender(
            mixpack: try MixpackProgram(home: folder), output: folder.appending("layout"))
        let contenders: [any Contender] = [mixpack, MixContender()] + (podman.map { [$0] } ?? [])
        var editions = 0
        for project in try projects(in: folder) {
            // The run image is made once a machine, so it is made before the clock runs.
            _ = try await mixpack.build(project)
            var figures = BuildFigures(project: project.name)
            for scenario in Scenario.allCases {
                for contender in contenders {
                    figures.times[scenario, default: [:]][contender.name] = try await contender.median(
                        scenario, of: project, editions: &editions)
                }
            }
            figures.lines.forEach(report)
            try await kill(mixpack, project, editions: &editions)
        }
    }

    private static func kill(
        _ mixpack: MixpackContender, _ project: BenchProject, editions: inout Int
    ) async throws {
        guard project.name == "hello" else { return }
        let problems = try await KillRounds(contender: mixpack, project: project).run(100, editions: &editions)
        report("\(project.name): 100 kills at random moments, \(problems.count) problems")
        problems.prefix(5).forEach { report("  \($0)") }
    }

    private static func podmanContender(in folder: FilePath) async -> PodmanContender? {
        do {
            try folder.makeFolder()
            return try await PodmanContender(in: folder)
        } catch {
            report("podman build is left out: \(error)")
            return nil
        }
    }

    private static func projects(in folder: FilePath) throws -> [BenchProject] {
        let hello = folder.appending("hello")
        try SampleProject.hello.copy(to: hello)
        let source = hello.appending("lib/hello.ex")
        let text = try source.readText()
        let many = folder.appending("many")
        let generated = GeneratedProject(modules: 300)
        try generated.write(to: many)
        return [
            BenchProject(name: "hello", folder: hello) { edition in
                try source.write(text + "\ndefmodule Hello.Edition do\n  def number, do: \(edition)\nend\n")
            },
            BenchProject(name: "many", folder: many) { try generated.edit(many, edition: $0) },
        ]
    }
}
