import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import MixInspection

@Suite("The whole way by keys alone", .timeLimit(.minutes(1)))
struct WalkTests {
    private typealias Session = HeadlessSession<ConsoleProgram>

    @Test("Enter accepts and goes on at every step, and the container runs")
    func walk() async throws {
        let world = World(builds: [Fixtures.finished()])
        let program = try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 80, height: 24))
        #expect(session.text.contains("umbrella of 3 applications, Phoenix 1.7.14"))
        try await session.press("Enter")
        #expect(session.text.contains("(x) web_rel 0.2.0  default"))
        try await session.press("j", "Space")
        #expect(session.text.contains("(x) worker_rel"))
        #expect(session.text.contains("[2 Release]"), "Space only chooses")
        try await session.press("Enter", "j", "s")
        #expect(session.text.contains("SECRET_KEY_BASE"))
        #expect(session.text.contains("••• (64 chars)"))
        try await session.press("Enter")
        await session.wait { $0.outcome != nil }
        #expect(session.text.contains("✓ shop:latest built in 6.7s"))
        let request = try #require(world.look { $0.requests.first })
        #expect(request.variables.isEmpty)
        #expect(request.release == "worker_rel")
        try await session.press("Enter", "r")
        await session.wait { $0.console.run.running != nil }
        let container = try #require(world.look { $0.containers.first })
        #expect(container.ports == ["4000:4000"])
        #expect(container.variables["SECRET_KEY_BASE"]?.count == 64)
        #expect(session.text.contains("[6 Run ●]") && session.text.contains("http://localhost:4000"))
    }

    /// Several releases and no default, and a configuration that reads two variables.
    private static var demanding: MixProject {
        var project = Fixtures.umbrella()
        project.defaultRelease = nil
        project.variables += [
            ProjectVariable(name: "API_TOKEN", phase: .build, need: .required, file: "config/config.exs", line: 3),
            ProjectVariable(name: "REGION", phase: .build, need: .required, file: "config/config.exs", line: 4),
        ]
        return project
    }

    /// A Phoenix application whose image has no name to propose.
    private static var phoenix: MixProject {
        var project = Fixtures.application()
        project.usesPhoenix = true
        project.phoenixVersion = "1.7.14"
        project.variables = [
            ProjectVariable(
                name: "SECRET_KEY_BASE", phase: .run, need: .required, file: "config/runtime.exs", line: 12)
        ]
        return project
    }

    private static func footer(_ session: Session) -> String {
        session.text.split(separator: "\n", omittingEmptySubsequences: false).last { $0.contains("?:help") }
            .map(String.init) ?? ""
    }

    @Test(
        "from Project to Image by Enter and typed values alone at 80x24, and back by q",
        arguments: [("demanding", ["Enter", "t0ken-value", "Enter", "eu", "Enter"]), ("phoenix", ["shop", "Enter"])])
    func byEnterAlone(name: String, answers: [String]) async throws {
        var inspection = Fixtures.inspection(name == "phoenix" ? Self.phoenix : Self.demanding)
        if name == "phoenix" { inspection.suggestedImage = "" }
        let world = World(builds: [Fixtures.finished()])
        let session = await Session(
            try ConsoleProgram(clients: world.clients(inspection), start: .project("/home/ann/shop")),
            size: Size(width: 80, height: 24))
        for (screen, next) in [("1 Project", "Release"), ("2 Release", "Secrets"), ("3 Secrets", "Build")] {
            #expect(session.text.contains("[\(screen)]"))
            #expect(Self.footer(session).hasSuffix("Enter:\(next) ▸"), "\(Self.footer(session))")
            try await session.press("Enter")
        }
        for answer in answers {
            #expect(world.look { $0.requests.isEmpty }, "all is asked for before a phase starts")
            if answer == "Enter" { try await session.press("Enter") } else { await session.type(answer) }
        }
        await session.wait { $0.outcome != nil }
        #expect(Self.footer(session).hasSuffix("Enter:Image ▸"), "\(Self.footer(session))")
        try await session.press("Enter")
        #expect(session.text.contains("[5 Image]"))
        #expect(Self.footer(session).hasSuffix("r:run ▸"), "\(Self.footer(session))")
        for screen in ["4 Build", "3 Secrets", "2 Release", "1 Project"] {
            try await session.press("q")
            #expect(session.text.contains("[\(screen)]"))
        }
        let request = try #require(world.look { $0.requests.first })
        if name == "phoenix" {
            #expect("\(request.image)" == "shop:latest")
        } else {
            #expect(request.release == "web_rel")
            #expect(request.variables.map(\.name).sorted() == ["API_TOKEN", "REGION"])
        }
    }

    @Test("b asks for what is missing before any phase starts, and without an answer builds nothing")
    func dropped() async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = await Session(
            try ConsoleProgram(
                clients: world.clients(Fixtures.inspection(Self.demanding)), start: .project("/home/ann/shop")))
        try await session.press("b")
        #expect(session.text.contains("Which release?"))
        try await session.press("Esc")
        #expect(session.text.contains("not built: no release is chosen"))
        try await session.press("b", "j", "Enter")
        #expect(session.text.contains("The build needs API_TOKEN"))
        #expect(session.text.contains("config/config.exs:3"))
        try await session.press("Esc")
        #expect(session.text.contains("not built: API_TOKEN is not set"))
        #expect(world.look { $0.requests.isEmpty })
    }

    @Test("a build that is asked for while the project is looked at waits for what it may have to ask")
    func waits() async throws {
        let world = World(builds: [Fixtures.finished()])
        var evaluating = Fixtures.inspection(Self.demanding)
        evaluating.stage = .evaluating
        evaluating.project?.evidence = .probable
        let session = await Session(
            try ConsoleProgram(clients: world.clients(evaluating), start: .project("/home/ann/shop")))
        try await session.press("b")
        #expect(session.text.contains("looking at the project first"))
        #expect(world.look { $0.requests.isEmpty })
        let settled = Fixtures.inspection(Self.demanding)
        await session.send(ConsoleProgram.Message(content: .project(.inspected(settled))))
        #expect(session.text.contains("Which release?"))
        #expect(world.look { $0.requests.isEmpty })
    }

    @Test("a child of an umbrella is offered its umbrella, and that is built with what the flags say")
    func child() async throws {
        var child = Fixtures.application()
        child.kind = .umbrellaChild
        child.umbrellaRoot = "../.."
        child.app = "worker"
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        clients.project.inspect = { [child] path, _ in
            AsyncStream {
                $0.yield(
                    path == "/home/ann/shop"
                        ? Fixtures.inspection() : Fixtures.inspection(child, path: "/home/ann/shop/apps/web"))
                $0.finish()
            }
        }
        var request = try BuildRequest(image: .init("named:1"), project: "/home/ann/shop/apps/web")
        request.tags = [try .init("named:2")]
        let session = await Session(try ConsoleProgram(clients: clients, start: .build(request)))
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Build the umbrella?"))
        #expect(session.text.contains("/home/ann/shop."))
        try await session.press("y")
        await session.wait { $0.outcome != nil }
        let built = try #require(world.look { $0.requests.first })
        #expect(built.project == "/home/ann/shop")
        #expect(built.release == "worker_rel")
        #expect("\(built.image)" == "named:1" && built.tags == request.tags)
        #expect(world.look { $0.requests.count } == 1)
    }

    @Test("a project with dependencies outside asks for the folder around it, looks again with it, and builds")
    func context() async throws {
        var poncho = Fixtures.application()
        poncho.proposedContext = "/home/ann/mono"
        poncho.outsideNames = ["shared"]
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        clients.project.inspect = { [poncho] _, context in
            AsyncStream {
                let project = context == "/home/ann/mono" ? Fixtures.application() : poncho
                $0.yield(Fixtures.inspection(project, path: "/home/ann/mono/services/web"))
                $0.finish()
            }
        }
        let request = try BuildRequest(image: .init("web:1"), project: "/home/ann/mono/services/web")
        let session = await Session(try ConsoleProgram(clients: clients, start: .build(request)))
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("shared is outside the project"))
        #expect(session.text.contains("/home/ann/mono"))
        try await session.press("y")
        await session.wait { $0.outcome != nil }
        let built = try #require(world.look { $0.requests.first })
        #expect(built.selection.context?.folder == "/home/ann/mono")
        #expect(built.selection.context?.path == "services/web")
        #expect(CommandLineText.text(for: built).contains("--context /home/ann/mono"))
        #expect(world.look { $0.saved.last?.context } == "/home/ann/mono")
    }

    @Test("a phase that ends with a question has not failed", arguments: [BuildScenes.ambiguous])
    func question(asked: LifecycleEvent) {
        var state = BuildState()
        for event in [
            LifecycleEvent(at: 0, .phaseStarted(.detect)),
            LifecycleEvent(at: 0.4, .phaseFinished(.detect, .failed, seconds: 0.4)), asked,
        ] { state.fold(event) }
        #expect(state.phases.first { $0.phase == .detect }?.status == .asked(seconds: 0.4))
        #expect(state.sections.allSatisfy { !$0.hasFailed })
    }

    @Test("the command line says what it lacks, or what has to be set")
    func commandLine() throws {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: "/home/ann/shop")
        state.receive(.project(.inspected(Fixtures.inspection(Self.demanding))))
        state.receive(.app(.show(.release)))
        let lacking = try state.release.commandLine.get().needs
        #expect(lacking.contains { $0.contains("--release NAME: web_rel, worker_rel") })
        #expect(lacking.contains { $0.contains("-e API_TOKEN=VALUE") && $0.contains("config/config.exs:3") })
        state.release.chosen = "web_rel"
        state.release.outputs = ["oci:out"]
        for name in ["API_TOKEN", "REGION"] {
            state.receive(.secrets(.typed(.init(name: name, phase: .build), SecretValue("some-value"))))
        }
        let command = try state.release.commandLine.get()
        #expect(command.needs == ["needs API_TOKEN in the environment"])
        #expect(command.text.contains("-e REGION=some-value"))
        #expect(command.text.contains("--output oci:out --output docker-daemon:shop:latest"))
    }
}
