import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("A look at mix.exs that runs nothing")
struct StaticLookTests {
    @Test("a plain application has one release, made up from its name")
    func hello() throws {
        let project = try MixInspector.staticLook(sample("hello"))
        #expect(project.kind == .application)
        #expect(project.evidence == .probable)
        #expect(project.app == "hello")
        #expect(project.version == "0.1.0")
        #expect(project.elixirRequirement == "~> 1.14")
        #expect(project.releases == [MixRelease(name: "hello", version: "0.1.0", isDefined: false)])
        #expect(project.findings == [])
        #expect(project.unknowns == [])
    }

    @Test("an umbrella has its children and the releases of a helper function")
    func umbrella() throws {
        let project = try MixInspector.staticLook(sample("umbrella"))
        #expect(project.kind == .umbrella)
        #expect(project.app == nil)
        #expect(project.children.map(\.name) == ["core", "web", "worker"])
        #expect(project.children.map(\.umbrellaDependencies) == [[], ["core"], ["core"]])
        #expect(project.releases.map(\.name) == ["web_rel", "worker_rel"])
        #expect(project.releases.map(\.version) == ["0.2.0", "0.2.0"])
        #expect(project.releases[0].applications == [MixRelease.Application(name: "web", mode: "permanent")])
        #expect(project.releases.map(\.runtimeConfigPath) == ["config/runtime.exs", nil])
    }

    @Test("literals are found through attributes, helper functions and joined lists, in the module that counts")
    func literals() throws {
        let project = try MixInspector.staticLook(fixture("literal"))
        #expect(project.app == "literal")
        #expect(project.version == "1.2.3")
        #expect(project.elixirRequirement == "~> 1.14")
        #expect(project.defaultRelease == "web")
        #expect(project.releases.map(\.name) == ["web", "worker"])
        #expect(project.releases[0].setsCookie)
        #expect(project.releases[0].runtimeConfigPath == nil)
        #expect(project.assetsDeploy == ["."])
        #expect(!project.usesPhoenix, "phoenix_pubsub is not Phoenix")
        #expect(project.unknowns == [])
    }

    @Test("dependencies tell where they come from and when they are needed")
    func dependencies() throws {
        let project = try MixInspector.staticLook(fixture("literal"))
        let byName = Dictionary(uniqueKeysWithValues: project.dependencies.map { ($0.name, $0) })
        #expect(byName["jason"] == MixDependency(name: "jason", source: .hex, requirement: "~> 1.2"))
        #expect(byName["ours"]?.repository == "hexpm:acme")
        #expect(byName["heroicons"]?.location == "https://github.com/tailwindlabs/heroicons.git")
        #expect(byName["tool"]?.isForProduction == false)
        #expect(byName["tool"]?.source == .git)
        #expect(byName["near"]?.source == .path)
        #expect(project.hasFetchedDependencies)
    }

    @Test("what is computed is unknown, not wrong")
    func computed() throws {
        let project = try MixInspector.staticLook(fixture("computed"))
        #expect(project.app == "computed")
        #expect(project.version == nil)
        #expect(project.releases == [])
        #expect(project.unknowns == ["version", "releases", "deps"])
    }

    @Test("Phoenix is known from the lock file, with its version")
    func phoenix() throws {
        for path in [fixture("phoenix_1_7"), try sample("phoenix_minimal")] {
            let project = try MixInspector.staticLook(path)
            #expect(project.usesPhoenix)
            #expect(project.phoenixVersion == "1.7.12")
            #expect(project.hasFetchedDependencies)
        }
    }

    @Test(
        "a folder without mix.exs is no mix project",
        arguments: ["rebar_only", "nothing_there", "fresh_umbrella/apps/notes.txt"])
    func notMix(name: String) {
        #expect { try MixInspector.staticLook(fixture(name)) } throws: { error in
            (error as? Failure)?.code == .notMixProject && (error as? Failure)?.code == .notMixProject
        }
    }

    @Test("a rebar3 project is called by its name")
    func rebar() {
        #expect { try MixInspector.staticLook(fixture("rebar_only")) } throws: { error in
            "\(error)".contains("its rebar.config makes it a rebar3 project")
        }
    }

    @Test("a script named mix.exs is no mix project")
    func script() {
        #expect { try MixInspector.staticLook(fixture("no_project")) } throws: { error in
            (error as? Failure)?.code == .notMixProject
        }
    }

    @Test("a child of an umbrella, opened by itself, points to the root")
    func child() throws {
        let project = try MixInspector.staticLook(sample("umbrella").appending("apps/web"))
        #expect(project.kind == .umbrellaChild)
        #expect(project.umbrellaRoot == "../..")
        #expect(project.findings.first?.severity == .error)
        #expect(project.findings.first?.advice?.hasPrefix("build the umbrella: --path ../..\n") == true)
        #expect(project.proposedContext == (try sample("umbrella")).string)
        let umbrella = ProjectSurroundings(context: try sample("umbrella").realPath)
        let alone = try MixInspector.staticLook(sample("umbrella").appending("apps/web"), umbrella)
        #expect(alone.kind == .application && alone.proposedContext == nil)
        #expect(!alone.findings.contains { $0.severity == .error })
    }

    @Test("a broken mix.exs still gives what can be read of it")
    func broken() throws {
        #expect(try MixInspector.staticLook(fixture("syntax_error")).app == "syntax_error")
    }
}
