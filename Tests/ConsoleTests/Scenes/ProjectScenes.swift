import Diagnostics
import SystemPackage
import TerminalUI

@testable import Console
@testable import MixInspection

/// The screens before a build: Project, Release, Secrets.
enum ProjectScenes {
    static let all = project + release + secrets + questions

    private static let project: [Scene] = [
        Scene(name: "project"),
        Scene(name: "project-reading", inspection: ProjectInspection(path: "/home/ann/shop")),
        Scene(name: "project-evaluating", inspection: evaluating),
        Scene(name: "project-application", inspection: Fixtures.inspection(Fixtures.application())),
        Scene(name: "project-none", inspection: nothing),
        Scene(name: "project-no-elixir", inspection: noElixir),
        Scene(name: "project-child", inspection: Fixtures.inspection(child, path: "/home/ann/shop/apps/web")),
        Scene(name: "project-finding", keys: ["Tab", "Tab", "Enter"]),
        Scene(name: "project-recent", keys: ["o"]).changing { clients in
            clients.project.recent = {
                [
                    RecentProject(path: "/home/ann/shop", image: "shop", age: "2 min ago"),
                    RecentProject(path: "/home/ann/blog", image: "blog", age: "3 days ago"),
                ]
            }
        },
        Scene(name: "project-trust", inspection: untrusted),
        Scene(name: "project-untrusted", inspection: untrusted, keys: ["n"]),
        Scene(name: "project-zoomed", keys: ["Tab", "z"]),
    ]

    private static let release: [Scene] = [
        Scene(name: "release", keys: ["2"]),
        Scene(name: "release-one", inspection: Fixtures.inspection(Fixtures.application()), keys: ["2"]),
        Scene(name: "release-undecided", inspection: Fixtures.inspection(undecided), keys: ["2"]),
        Scene(name: "release-none", inspection: Fixtures.inspection(unreleased), keys: ["2"]),
        Scene(name: "release-unknown", inspection: ProjectInspection(path: "/home/ann/shop"), keys: ["2"]),
        Scene(name: "release-image-typing", keys: ["2", "Tab", "e"]),
        Scene(name: "release-image-invalid", keys: ["2", "Tab", "e", "C-u", "A", "Enter"]),
        Scene(name: "release-choices", choices: choices, keys: ["2"]),
    ]

    private static let secrets: [Scene] = [
        Scene(name: "secrets", keys: ["3"]),
        Scene(name: "secrets-condition", inspection: conditional, keys: ["3", "j", "j"]),
        Scene(name: "secrets-none", inspection: Fixtures.inspection(Fixtures.application()), keys: ["3"]),
        Scene(name: "secrets-unknown", inspection: broken, keys: ["3"]),
        Scene(name: "secrets-looking", inspection: ProjectInspection(path: "/home/ann/shop"), keys: ["3"]),
        Scene(name: "secrets-typing", keys: ["3", "e"] + Scene.typing("hunter2")),
        Scene(name: "secrets-set", keys: ["3", "e"] + Scene.typing("hunter2") + ["Enter", "j", "s"]),
        Scene(name: "secrets-short", keys: ["3", "j", "e"] + Scene.typing("hunter2") + ["Enter"]),
        Scene(name: "secrets-many", inspection: MainPathTests.manyVariables, keys: ["3"]).sized(
            Size(width: 80, height: 24), Size(width: 100, height: 30), Size(width: 200, height: 60)),
        Scene(
            name: "secrets-search", inspection: MainPathTests.manyVariables,
            keys: ["3", "/"] + Scene.typing("_7[0-9]_")),
        Scene(name: "secrets-import", keys: ["3", "j", "i"]),
        Scene(name: "secrets-add", keys: ["3", "a"] + Scene.typing("MIX_TARGET=host")),
        Scene(name: "secrets-problem", keys: ["3", "j", "s"]).changing { clients in
            clients.secrets.generate = { _ in throw Failure(.refused, "no random source", advice: "type the value") }
        },
    ]

    /// What a build asks for before it begins.
    private static let questions: [Scene] = [
        Scene(name: "build-needs-release", inspection: Fixtures.inspection(undecided), keys: ["b"]),
        Scene(name: "build-needs-variable", inspection: Fixtures.inspection(demanding), keys: ["b"]),
        Scene(
            name: "build-needs-umbrella", inspection: Fixtures.inspection(child, path: "/home/ann/shop/apps/web"),
            keys: ["b"]),
        Scene(name: "build-waits", inspection: evaluating, keys: ["b"]),
        Scene(name: "release-needs-variable", inspection: Fixtures.inspection(demanding), keys: ["2"]),
    ]

    /// A look at mix.exs that went no further than reading.
    private static func read(_ problem: Diagnostic) -> ProjectInspection {
        var project = Fixtures.application()
        project.evidence = .probable
        var inspection = Fixtures.inspection(project)
        inspection.problems = [problem]
        return inspection
    }

    private static let broken = read(
        Diagnostic(.error, "undefined function read_version/0", file: "mix.exs", line: 7))

    private static let conditional: ProjectInspection = {
        var project = Fixtures.umbrella()
        project.variables.append(
            ProjectVariable(
                name: "S3_BUCKET", phase: .run, need: .conditional, file: "config/runtime.exs", line: 31,
                condition: "if storage is \"s3\"", conditionLine: 30))
        return Fixtures.inspection(project)
    }()

    private static let untrusted: ProjectInspection = {
        var inspection = read(
            Diagnostic(
                .error,
                "there is no sandbox (bubblewrap is not installed), so mix.exs is not evaluated: it would run as you, with your files",
                advice:
                    "install it: sudo apt-get install -y bubblewrap\nor, if you trust the project: --trust-project"))
        inspection.needsTrust = true
        return inspection
    }()

    private static let choices = Choices(
        image: "registry.example.org/ann/shop:1.2", release: "worker_rel", runImage: "debian:12-slim",
        tags: ["shop:latest"], outputs: ["oci-archive:shop.tar"], usesEngine: false, buildVariables: [:],
        runVariables: ["PORT": "4100"], secretSources: ["SECRET_KEY_BASE": .command("pass show shop/key")])

    private static var evaluating: ProjectInspection {
        var inspection = Fixtures.inspection()
        inspection.stage = .evaluating
        inspection.project?.evidence = .probable
        inspection.project?.unknowns = ["deps"]
        inspection.buildpacks = []
        inspection.engine = nil
        return inspection
    }

    private static let nothing = ProjectInspection(
        path: "/home/ann", stage: .settled,
        problems: [Diagnostic(.error, "not a mix project: there is no mix.exs here", advice: "o opens another folder")])

    private static var noElixir: ProjectInspection {
        var inspection = Fixtures.inspection()
        inspection.versions = [
            .init(tool: "Elixir", found: nil, required: "~> 1.14", requiredBy: "mix.exs", isSatisfied: false)
        ]
        inspection.buildpacks = []
        inspection.engine = nil
        inspection.engineAdvice = "sudo apt-get install podman"
        inspection.problems = [
            Diagnostic(.error, "no Elixir on this machine", advice: "sudo apt-get install elixir erlang-dev")
        ]
        return inspection
    }

    private static var child: MixProject {
        var project = Fixtures.application()
        project.kind = .umbrellaChild
        project.umbrellaRoot = "/home/ann/shop"
        project.app = "web"
        return project
    }

    /// A configuration that reads a secret and another variable.
    private static var demanding: MixProject {
        var project = Fixtures.umbrella()
        project.variables += [
            ProjectVariable(name: "API_TOKEN", phase: .build, need: .required, file: "config/config.exs", line: 3),
            ProjectVariable(name: "REGION", phase: .build, need: .required, file: "config/config.exs", line: 4),
        ]
        return project
    }

    /// Several releases, and none that is the default.
    private static var undecided: MixProject {
        var project = Fixtures.umbrella()
        project.defaultRelease = nil
        return project
    }

    static var unreleased: MixProject {
        var project = Fixtures.umbrella()
        project.releases = []
        project.defaultRelease = nil
        project.findings = [
            Diagnostic(.error, "an umbrella without releases cannot be built", file: "mix.exs", line: 1)
        ]
        return project
    }
}
