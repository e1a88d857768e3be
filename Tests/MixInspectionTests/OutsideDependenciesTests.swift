import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("Dependencies by path outside of the project")
struct OutsideDependenciesTests {
    private func mixFile(_ app: String, _ deps: [String: String]) -> String {
        let list = deps.sorted { $0.key < $1.key }.map { "{:\($0.key), path: \"\($0.value)\"}" }
        return """
            defmodule \(app.capitalized).MixProject do
              use Mix.Project
              def project, do: [app: :\(app), version: "1.0.0", deps: [\(list.joined(separator: ", "))]]
              def application, do: [mod: {\(app.capitalized), []}]
            end

            """
    }

    /// A folder `src/mono` with services/web, which needs ../api and ../../shared; shared needs core.
    private func withPoncho(_ body: (_ root: FilePath, _ project: FilePath) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let root = try #require(folder.realPath)
            let mono = root.appending("src/mono")
            try mono.appending("services/web/mix.exs").write(
                mixFile("web", ["api": "../api", "shared": "../../shared", "own": "vendor/own"]))
            try mono.appending("services/api/mix.exs").write(mixFile("api", [:]))
            try mono.appending("shared/mix.exs").write(mixFile("shared", ["core": "../core"]))
            try mono.appending("core/mix.exs").write(mixFile("core", [:]))
            try body(root, mono.appending("services/web"))
        }
    }

    @Test("all of them are errors that propose the nearest folder that has all, or the git repository")
    func proposal() throws {
        try withPoncho { root, project in
            let home = ProjectSurroundings(home: root.appending("home"))
            let found = try MixInspector.staticLook(project, home)
            let errors = found.findings.filter { $0.severity == .error }
            #expect(
                errors.map { "\($0.place.map { "\($0)" } ?? ""): \($0.text)" } == [
                    "mix.exs: dependency api is outside the project, in ../api",
                    "../../shared/mix.exs: dependency core is outside the project, in ../../core",
                    "mix.exs: dependency shared is outside the project, in ../../shared",
                ])
            let mono = root.appending("src/mono")
            #expect(found.proposedContext == mono.string)
            #expect(found.outsideNames == ["api", "core", "shared"])
            #expect(errors.allSatisfy { $0.advice == "copy the folder that has both: --context \(mono)" })
            let source = root.appending("src")
            try source.appending(".git/HEAD").write("ref: refs/heads/main\n")
            #expect(try MixInspector.staticLook(project, home).proposedContext == source.string)
        }
    }

    @Test("in the context that the user names they are part of the build; one that is too small is no help")
    func context() throws {
        try withPoncho { root, project in
            let mono = root.appending("src/mono")
            let whole = try MixInspector.staticLook(project, ProjectSurroundings(context: mono, home: "/home/ann"))
            #expect(whole.findings.allSatisfy { $0.severity != .error } && whole.proposedContext == nil)
            let half = ProjectSurroundings(context: mono.appending("services"), home: "/home/ann")
            let found = try MixInspector.staticLook(project, half)
            #expect(found.outsideNames == ["core", "shared"] && found.proposedContext == mono.string)
            #expect(found.findings.contains { $0.text.contains("is outside the context") })
        }
    }

    @Test("a folder with the home folder in it is not proposed")
    func home() throws {
        try withPoncho { root, project in
            for home in [root.appending("src/mono"), root.appending("src/mono/me")] {
                let found = try MixInspector.staticLook(project, ProjectSurroundings(home: home))
                #expect(found.proposedContext == nil)
                #expect(found.findings.contains { $0.advice?.contains("--context DIR") == true })
            }
        }
    }

    @Test("mix.exs sees the context when it is evaluated, and is evaluated again when a file there changes")
    func evaluation() async throws {
        try await withTemporaryFolder { folder in
            let root = try #require(folder.realPath).appending("mono")
            let project = root.appending("web")
            try project.appending("mix.exs").write(
                """
                defmodule Web.MixProject do
                  use Mix.Project
                  def project, do: [app: :web, version: String.trim(File.read!("../VERSION"))]
                  def application, do: [mod: {Web, []}]
                end

                """)
            try root.appending("VERSION").write("1.2.3\n")
            let cache = folder.appending("cache")
            #expect(
                try await Inspecting.inspector(cache: cache, context: root).inspectInTurn(project).version == "1.2.3")
            try root.appending("VERSION").write("2.0.0\n")
            #expect(
                try await Inspecting.inspector(cache: cache, context: root).inspectInTurn(project).version == "2.0.0")
            await #expect(throws: Failure.self) {
                try await Inspecting.inspector(cache: folder.appending("other")).inspectInTurn(project)
            }
        }
    }

    @Test("a child of an umbrella that is built alone has the umbrella's configuration, and what that reads")
    func childsConfiguration() async throws {
        try await withTemporaryFolder { folder in
            let root = try #require(folder.realPath).appending("mono")
            try sample("umbrella").copy(to: root)
            let cache = folder.appending("cache")
            let worker = root.appending("apps/worker")
            let alone = try await Inspecting.inspector(cache: cache, context: root).inspectInTurn(worker)
            let release = try #require(alone.releases.first)
            #expect(release.runtimeConfigPath == "../../config/runtime.exs")
            let found = alone.variables(of: release)
            #expect(found.contains { $0.name == "SECRET_KEY_BASE" && $0.need == .required && $0.phase == .run })
            #expect(Set(found.map(\.file)) == ["../../config/runtime.exs"])
            // A change there is seen.
            try root.appending("config/runtime.exs").write("import Config\nSystem.fetch_env!(\"CHANGED\")\n")
            let changed = try await Inspecting.inspector(cache: cache, context: root).inspectInTurn(worker)
            #expect(changed.variables(of: release).map(\.name) == ["CHANGED"])
        }
    }
}
