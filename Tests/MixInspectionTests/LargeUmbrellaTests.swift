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

    @Test("Fifty children are read by one VM")
    func fifty() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("many")
            try Self.write(children: 50, to: project)
            let runner = CountingRunner()
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: runner)
            let read = try await inspector.inspectInTurn(project)
            #expect(read.children.count == 50)
            #expect(read.children.first { $0.name == "part_7" }?.umbrellaDependencies == ["part_6"])
            #expect(runner.count == 1)
        }
    }
}
