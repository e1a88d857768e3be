import Glibc
import MixInspection
import SystemPackage
import TestSupport
import Testing

@Suite("A large umbrella")
struct LargeUmbrellaTests {
    private static func write(children: Int, to folder: FilePath) throws {
        try folder.appending("mix.exs").write(
            """
            defmodule Many.MixProject do
              use Mix.Project

              def project do
                [apps_path: "apps", version: "0.1.0", deps: []]
              end
            end

            """)
        for number in 0..<children {
            let needs = number > 0 ? "[{:part_\(number - 1), in_umbrella: true}]" : "[]"
            try folder.appending("apps/part_\(number)/mix.exs").write(
                """
                defmodule Part\(number).MixProject do
                  use Mix.Project
                  def project, do: [app: :part_\(number), version: "0.1.0", deps: \(needs), lockfile: "../../mix.lock"]
                  def application, do: [mod: {Part\(number), []}]
                end

                """)
        }
    }

    /// What the programs used that this process waited for.
    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    @Test("Fifty children are read in under two seconds, each once")
    func fifty() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("many")
            try Self.write(children: 50, to: project)
            // The helper is compiled once for all projects, and is not what is measured.
            _ = try await Inspecting.inspect(try sample("hello"))
            let runner = CountingRunner()
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: runner)
            let (start, before) = (ContinuousClock.now, Self.processorSeconds)
            let read = try await inspector.inspectInTurn(project)
            // On a machine that is busy with something else, what the VM itself used is the fairer measure.
            let seconds = min((ContinuousClock.now - start) / .seconds(1), Self.processorSeconds - before)
            #expect(read.children.count == 50)
            #expect(read.children.first { $0.name == "part_7" }?.umbrellaDependencies == ["part_6"])
            #expect(runner.count == 1)
            #expect(seconds < 2, "\(seconds) s")
        }
    }
}
