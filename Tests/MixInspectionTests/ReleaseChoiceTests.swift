import Diagnostics
import Testing

@testable import MixInspection

@Suite("Which release Mix makes")
struct ReleaseChoiceTests {
    private func project(
        _ names: [String], default name: String? = nil, app: String? = "app", kind: MixProject.Kind = .application,
        children: [ChildApp] = []
    ) -> MixProject {
        let releases = names.map {
            MixRelease(name: $0, applications: [.init(name: "web", mode: "permanent")], isDefined: true)
        }
        return MixProject(
            kind: kind, evidence: .evaluated, app: app, children: children,
            releases: releases.isEmpty && kind != .umbrella
                ? [MixRelease(name: app ?? "", version: "0.1.0", isDefined: false)] : releases,
            defaultRelease: name)
    }

    private func failure(_ project: MixProject, _ requested: String? = nil) throws -> Failure {
        try #require(throws: Failure.self) { try ReleaseChoice.resolve(project, requested: requested) }
    }

    @Test("a child's release is the only one that has it, or the default if that is one of several")
    func ofChild() throws {
        var project = MixProject(
            kind: .umbrella, evidence: .evaluated,
            children: [
                ChildApp(name: "web", path: "apps/web", umbrellaDependencies: ["core"]),
                ChildApp(name: "worker", path: "apps/worker", umbrellaDependencies: ["core"]),
                ChildApp(name: "core", path: "apps/core"), ChildApp(name: "spare", path: "apps/spare"),
            ])
        project.releases = ["web", "worker"].map { name in
            MixRelease(
                name: "\(name)_rel", applications: [MixRelease.Application(name: name, mode: "permanent")],
                isDefined: true)
        }
        #expect(project.preferredRelease(with: "web")?.name == "web_rel")
        #expect(project.releases(with: "core").map(\.name) == ["web_rel", "worker_rel"])
        #expect(project.preferredRelease(with: "core") == nil)
        project.defaultRelease = "worker_rel"
        #expect(project.preferredRelease(with: "core")?.name == "worker_rel")
        #expect(project.preferredRelease(with: "spare") == nil)
    }

    @Test(
        "a plain application without releases is released without a name, even when its own is given",
        arguments: [nil, "app"])
    func plain(requested: String?) throws {
        let chosen = try ReleaseChoice.resolve(project([]), requested: requested)
        #expect(chosen.name == "app")
        #expect(chosen.mixArguments == [])
        #expect(chosen.release.version == "0.1.0")
    }

    @Test("another name than the application's is unknown")
    func plainUnknown() throws {
        let error = try failure(project([]), "ap")
        #expect(error.code == .unknownRelease)
        #expect(error.choices == ["app"])
    }

    @Test("the only release is taken, whatever it is called and whatever default_release says")
    func only() throws {
        let chosen = try ReleaseChoice.resolve(project(["other"], default: "zz"))
        #expect(chosen == ChosenRelease(project(["other"]).releases[0], reason: .isOnly))
        #expect(chosen.mixArguments == ["other"])
    }

    @Test("of several, one must be named or be the default")
    func several() throws {
        let error = try failure(project(["a", "b"]))
        #expect(error.code == .ambiguousRelease)
        #expect(error.choices == ["a", "b"])
        #expect(error.message.contains("a, b"))
        #expect(try ReleaseChoice.resolve(project(["a", "b"]), requested: "b").reason == .requested)
        let chosen = try ReleaseChoice.resolve(project(["a", "b"], default: "b"))
        #expect(chosen.name == "b")
        #expect(chosen.reason == .isDefault)
    }

    @Test("a default that there is not names those there are")
    func missingDefault() throws {
        let error = try failure(project(["a", "b"], default: "zz"))
        #expect(error.code == .unknownRelease)
        #expect(error.choices == ["a", "b"])
    }

    @Test("a mistyped name finds the nearest")
    func nearest() throws {
        let error = try failure(project(["web_rel", "worker_rel"]), "web_rle")
        #expect(error.code == .unknownRelease)
        #expect(error.advice == "there are web_rel, worker_rel; did you mean web_rel?")
        #expect(try failure(project(["web_rel", "worker_rel"]), "q").advice == "there are web_rel, worker_rel")
    }

    @Test("a name that Mix refuses is refused here", arguments: ["My-App", "9lives", "_x", "", "café", "Web"])
    func invalid(name: String) throws {
        #expect(try failure(project([name])).code == .invalidReleaseName)
    }

    @Test("an umbrella without releases gets a snippet that names the web child")
    func umbrella() throws {
        let children = [
            ChildApp(name: "shop", path: "apps/shop", hasApplicationCallback: true),
            ChildApp(
                name: "shop_web", path: "apps/shop_web", usesPhoenix: true, hasApplicationCallback: true,
                umbrellaDependencies: ["shop"]),
        ]
        let error = try failure(project([], app: nil, kind: .umbrella, children: children))
        #expect(error.code == .releasesNeeded)
        #expect(
            error.advice == """
                let mixpack write it with --write-releases, or add to project in mix.exs:

                releases: [
                  shop_web: [
                    applications: [shop_web: :permanent]
                  ]
                ]
                """)
    }

    @Test("an umbrella's release without applications is refused when it is the one")
    func bareUmbrella() throws {
        var umbrella = project(["bare"], app: nil, kind: .umbrella)
        umbrella.releases[0].applications = []
        #expect(try failure(umbrella).code == .releasesNeeded)
    }

    @Test("a snippet without a web child names every child that starts something and that no other needs")
    func snippet() {
        let children = [
            ChildApp(name: "core", path: "apps/core", hasApplicationCallback: true),
            ChildApp(name: "mail", path: "apps/mail", hasApplicationCallback: true, umbrellaDependencies: ["core"]),
            ChildApp(name: "jobs", path: "apps/jobs", hasApplicationCallback: true, umbrellaDependencies: ["core"]),
            ChildApp(name: "tools", path: "apps/tools"),
        ]
        let snippet = ReleaseSnippet(project([], app: nil, kind: .umbrella, children: children))
        #expect(snippet.applications == ["mail", "jobs"])
    }
}
