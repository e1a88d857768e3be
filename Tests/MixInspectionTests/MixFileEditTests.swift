import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("A releases: entry for mix.exs")
struct MixFileEditTests {
    private static let umbrella = MixProject(
        kind: .umbrella, evidence: .evaluated, app: nil,
        children: [
            ChildApp(name: "core", path: "apps/core"),
            ChildApp(
                name: "shop_web", path: "apps/shop_web", hasApplicationCallback: true, umbrellaDependencies: ["core"]),
        ])

    private static func edited(_ list: String, block: Bool = true) throws -> (diff: String, after: String) {
        try withTemporaryFolder { folder in
            let head = "defmodule Shop.MixProject do\n  use Mix.Project\n\n"
            let body = block ? "  def project do\n    \(list)\n  end\n" : "  def project, do: \(list)\n"
            try folder.appending("mix.exs").write(head + body + "\n  defp deps, do: []\nend\n", mode: 0o640)
            let edit = try MixFileEdit(addingReleaseTo: umbrella, in: folder)
            #expect(try folder.appending("mix.exs").readText() == head + body + "\n  defp deps, do: []\nend\n")
            try edit.write()
            return (edit.difference, try folder.appending("mix.exs").readText())
        }
    }

    @Test(
        "The entry goes to the end of the list, with its indentation, whatever ends the list",
        arguments: [
            "[\n      apps_path: \"apps\",\n      deps: deps()\n    ]",
            "[\n      apps_path: \"apps\",\n      deps: deps() # none, really\n    ]",
            "[\n      apps_path: \"apps\",\n      deps: deps(),\n    ]",
            "[\n      apps_path: \"apps\",\n      aliases: [setup: [\"cmd mix setup\"]]\n    ]",
        ])
    func several(list: String) throws {
        let (diff, after) = try Self.edited(list)
        #expect(
            after.contains("\n      releases: [\n        shop_web: [\n          applications: [shop_web: :permanent]\n")
        )
        #expect(diff.hasPrefix("--- mix.exs\n+++ mix.exs\n@@ -"))
        #expect(diff.contains("\n+      releases: ["))
        #expect(diff.split(separator: "\n").filter { $0.hasPrefix("-") }.count <= 2)
    }

    @Test("A list on one line stays on one line")
    func oneLine() throws {
        let (_, after) = try Self.edited("[apps_path: \"apps\", deps: []]", block: false)
        #expect(
            after.contains(
                "do: [apps_path: \"apps\", deps: [], releases: [shop_web: [applications: [shop_web: :permanent]]]]"))
    }

    @Test("Elixir reads what was written as it was meant")
    func evaluated() async throws {
        try await withTemporaryFolder { folder in
            try sample("umbrella").copy(to: folder.appending("shop"))
            let file = folder.appending("shop/mix.exs")
            try file.write(try file.readText().replacing(",\n      releases: releases()", with: ""))
            let before = try await Inspecting.inspect(folder.appending("shop"))
            #expect(before.releases.filter(\.isDefined).isEmpty)
            try MixFileEdit(addingReleaseTo: before, in: folder.appending("shop")).write()
            let after = try await Inspecting.inspect(folder.appending("shop"))
            #expect(after.releases.map(\.name) == ["web"])
            #expect(after.releases.first?.applications.map(\.name) == ["web"])
        }
    }

    @Test("What cannot be edited is refused with the entry to paste, and left as it is")
    func refused() throws {
        for list in ["Keyword.merge([apps_path: \"apps\"], extra())", "[apps_path: \"apps\", releases: []]", "base()"] {
            let error = #expect(throws: Failure.self) { try Self.edited(list) }
            #expect(error?.code == .cannotPlan)
            if !list.contains("releases") { #expect(error?.advice?.contains("shop_web: :permanent") == true) }
        }
        let missing = #expect(throws: Failure.self) {
            try MixFileEdit(addingReleaseTo: Self.umbrella, in: "/nonexistent")
        }
        #expect(missing?.message.contains("cannot read /nonexistent/mix.exs") == true, "\(missing?.message ?? "")")
    }

    @Test("A file that was changed after the change was shown is not written")
    func changedMeanwhile() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("mix.exs")
            try file.write("defmodule A do\n  use Mix.Project\n  def project, do: [apps_path: \"apps\"]\nend\n")
            let edit = try MixFileEdit(addingReleaseTo: Self.umbrella, in: folder)
            try file.write("defmodule A do\n  use Mix.Project\n  def project, do: [apps_path: \"other\"]\nend\n")
            let error = #expect(throws: Failure.self) { try edit.write() }
            #expect(error?.message.contains("mix.exs has changed in the meantime") == true, "\(error?.message ?? "")")
            #expect(try file.readText().contains("other"))
            #expect(try !file.readText().contains("releases"))
        }
    }
}
