import MixInspection
import SystemPackage
import TestSupport
import Testing

@Suite("Whether production has Phoenix")
struct ProductionPhoenixTests {
    private static let lock = """
        %{
          "phoenix": {:hex, :phoenix, "1.7.12", "aa", [:mix], [], "hexpm", "bb"},
          "phoenix_live_view": {:hex, :phoenix_live_view, "1.0.0", "aa", [:mix], [{:phoenix, "~> 1.7", [hex: :phoenix, repo: "hexpm", optional: false]}], "hexpm", "bb"},
          "sentry": {:hex, :sentry, "10.0.0", "aa", [:mix], [{:phoenix, "~> 1.6", [hex: :phoenix, repo: "hexpm", optional: true]}], "hexpm", "bb"},
        }
        """

    private func project(_ dependencies: String, lock: String? = lock) throws -> MixProject {
        try withTemporaryFolder { folder in
            if let lock { try folder.appending("mix.lock").write(lock) }
            try folder.appending("mix.exs").write(
                """
                defmodule A.MixProject do
                  use Mix.Project
                  def project, do: [app: :a, version: "0.1.0", deps: [\(dependencies)]]
                end
                """)
            return try MixInspector.staticLook(folder)
        }
    }

    @Test(
        "it has where mix.exs or a package of production asks for it",
        arguments: [
            "{:phoenix, \"~> 1.7\"}", "{:phoenix_live_view, \"~> 1.0\"}",
            "{:phoenix_live_view, \"~> 1.0\", only: [:prod, :test]}",
            // Of a git dependency nobody knows what it asks for.
            "{:ours, git: \"https://example.org/ours.git\"}",
        ])
    func has(dependencies: String) throws {
        let found = try project(dependencies)
        #expect(found.usesPhoenix)
        #expect(found.phoenixVersion == "1.7.12")
    }

    @Test(
        "it has not where only tests ask for it, or a package that can do without",
        arguments: [
            "{:phoenix, \"~> 1.7\", only: :test}", "{:phoenix_live_view, \"~> 1.0\", only: [:dev, :test]}",
            "{:sentry, \"~> 10.0\"}, {:phoenix_live_view, \"~> 1.0\", only: :test}",
        ])
    func hasNot(dependencies: String) throws {
        let found = try project(dependencies)
        #expect(!found.usesPhoenix)
        #expect(found.phoenixVersion == nil)
    }

    @Test("before there is a mix.lock, what mix.exs asks for stands for its version")
    func withoutLock() throws {
        let found = try project("{:phoenix, \"~> 1.8.1\"}", lock: nil)
        #expect(found.usesPhoenix && found.phoenixVersion == "~> 1.8.1")
    }
}
