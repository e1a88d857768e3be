import BuildpackAPI
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage
import TerminalUI
import Testing

@testable import Console

@Suite("Every screen in its main states", .timeLimit(.minutes(2)))
struct ScreenTests {
    /// A state to look at: what the world is like, what the console opens on, and the keys that lead there.
    struct Scene: Sendable, CustomTestStringConvertible {
        var name: String
        var inspection = Fixtures.inspection()
        var builds: [[LifecycleEvent]] = []
        var start = ConsoleStart.project("/home/ann/shop")
        var keys: [String] = []
        var testDescription: String { name }
    }

    static let request: BuildRequest? = (try? Reference("shop")).map {
        BuildRequest(image: $0, project: "/home/ann/shop")
    }

    static func build(_ events: [LifecycleEvent], _ name: String, _ keys: String...) -> Scene {
        Scene(name: name, builds: [events], keys: ["4", "b"] + keys)
    }

    static let ambiguous = LifecycleEvent(
        at: 0.4,
        .failed(
            BuildFailure(
                phase: .detect, exitCode: 22, message: "there are 2 releases and no default_release",
                choices: ["web_rel", "worker_rel"], choiceVariable: "RELEASE")))

    static var unreleased: MixProject {
        var project = Fixtures.umbrella()
        project.releases = []
        project.defaultRelease = nil
        project.findings = [Finding(.error, "an umbrella without releases cannot be built", file: "mix.exs", line: 1)]
        return project
    }

    static let scenes: [Scene] = [
        Scene(name: "project"),
        Scene(name: "project-reading", inspection: ProjectInspection(path: "/home/ann/shop")),
        Scene(
            name: "project-none",
            inspection: ProjectInspection(
                path: "/home/ann", stage: .settled,
                problems: [
                    Finding(.error, "not a mix project: there is no mix.exs here", advice: "o opens another folder")
                ])),
        Scene(name: "project-finding", keys: ["Tab", "Tab", "Enter"]),
        Scene(name: "release", keys: ["2"]),
        Scene(name: "release-none", inspection: Fixtures.inspection(unreleased), keys: ["2"]),
        Scene(name: "release-image-invalid", keys: ["2", "Tab", "Enter", "C-u", "A", "Enter"]),
        Scene(name: "secrets", keys: ["3"]),
        Scene(name: "secrets-typing", keys: ["3", "Enter", "h", "u", "n", "t", "e", "r", "2"]),
        Scene(name: "secrets-set", keys: ["3", "Enter", "h", "u", "n", "t", "e", "r", "2", "Enter", "j", "s"]),
        Scene(name: "build-idle", keys: ["4"]),
        build(Fixtures.running(), "build-running"),
        build(Fixtures.running(), "build-running-layers", "S-Tab", "S-Tab"),
        build(Fixtures.running(), "build-cancel-asked", "C-c"),
        build(Fixtures.finished(), "build-finished"),
        build(Fixtures.failed(), "build-failed"),
        build(Fixtures.failed(), "build-failed-at-error", "e"),
        build(Fixtures.failed(), "build-problems", "Tab"),
        build([ambiguous], "build-asks-for-release"),
        build(Fixtures.finished(), "build-folded", "-"),
        build(Fixtures.finished(), "build-filtered", "&", "c", "o", "m", "p", "Enter"),
        build(Fixtures.finished(), "build-search-invalid", "/", "("),
        build(Fixtures.finished(), "build-times-wrapped", "t", "w", "g"),
        build(Fixtures.finished(), "image", "5"),
        build(Fixtures.finished(), "image-files", "5", "j", "j", "j", "Enter"),
        build(Fixtures.finished(), "image-files-aggregate", "5", "j", "j", "j", "Enter", "c", "=", "p"),
        build(Fixtures.finished(), "image-files-filtered", "5", "j", "j", "j", "Enter", "&", "s", "y", "s", "Enter"),
        build(
            Fixtures.finished(), "image-file-view", "5", "j", "j", "j", "Enter", "&", "e", "n", "v", ".", "s", "Enter",
            "G", "v"),
        build(Fixtures.finished(), "image-waste", "5", "Enter", "W"),
        build(Fixtures.finished(), "image-configuration", "5", "i", "i"),
        build(Fixtures.failed(), "image-after-failure", "5"),
        Scene(name: "help", keys: ["?"]),
        Scene(name: "help-filtered", keys: ["4", "?", "f", "o", "l", "l", "o", "w"]),
        Scene(name: "palette", keys: [":"]),
        Scene(name: "theme", keys: ["T"]),
    ]

    @Test(
        "looks as it did", arguments: scenes,
        [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)])
    func looks(scene: Scene, size: Size) async throws {
        let world = World(builds: scene.builds)
        let program = try ConsoleProgram(environment: world.environment(scene.inspection), start: scene.start)
        let session = await HeadlessSession(program, size: size)
        for key in scene.keys {
            try await session.press(key)
            if key == "b", let script = scene.builds.first {
                let count = script.count
                await session.wait { $0.console.build.events == count }
            }
        }
        _ = await session.state()
        let roles = size.width == 80 ? "\n" + session.roleText : ""
        try expectSnapshot(session.text + roles, "\(scene.name)-\(size)")
    }
}
