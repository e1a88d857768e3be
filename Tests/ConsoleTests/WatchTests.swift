import Diagnostics
import Lifecycle
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("Watching", .timeLimit(.minutes(1))) struct WatchTests {
    private typealias Session = HeadlessSession<ConsoleProgram>

    /// The console that watches, with a container that runs, on the Run screen.
    private static func session(
        _ world: World, width: Int = 160, _ change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> Session {
        var clients = world.clients()
        clients.run.find = { _, _ in Fixtures.container() }
        clients.secrets.variable = { _ in nil }
        change(&clients)
        let session = await Session(
            try ConsoleProgram(
                clients: clients, start: .project("/home/ann/shop"),
                settings: ConsoleSettings.with { $0.watches = true }), size: Size(width: width, height: 40))
        await session.wait { $0.console.run.running != nil }
        await session.send(
            ConsoleProgram.Message(
                content: .secrets(.givenToRun(name: "SECRET_KEY_BASE", SecretValue("a-secret-value")))))
        try await session.press("6")
        return session
    }

    private static func save(_ file: String, _ session: Session) async {
        await session.send(ConsoleProgram.Message(content: .build(.sourceChanged(file))))
    }

    private static func header(_ session: Session) -> String {
        session.text.split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test("a saved file is built and what runs is started again, without leaving the screen")
    func restarts() async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = try await Self.session(world)
        #expect(Self.header(session).contains("watching"))
        await Self.save("lib/shop/cart.ex", session)
        await session.wait { $0.console.build.kept.round?.restart == .restarted }
        #expect(world.look { $0.containers.map(\.image) } == ["shop:latest"])
        #expect(Self.header(session).contains("[6 Run ●]"))
        #expect(Self.header(session).contains("watching lib/shop/cart.ex → built 6.7s → restarted"))
        #expect(session.terminal.frame?.title == "mixpack: shop built 6.7s → restarted")
        #expect(!session.terminal.calls.contains(.bell))
    }

    @Test("a build that fails leaves the old container running, rings, and so does the next that succeeds")
    func failure() async throws {
        let world = World(builds: [Fixtures.failed(), Fixtures.finished()])
        let session = try await Self.session(world)
        await Self.save("lib/shop/cart.ex", session)
        await session.wait { $0.console.build.kept.round?.build == .failed }
        _ = await session.state()
        #expect(world.look { $0.containers.isEmpty })
        #expect(Self.header(session).contains("[6 Run ●]"))
        #expect(Self.header(session).contains("watching lib/shop/cart.ex → failed"))
        #expect(session.terminal.calls.filter { $0 == .bell }.count == 1)
        await Self.save("lib/shop/cart.ex", session)
        await session.wait { $0.console.build.kept.round?.restart == .restarted }
        #expect(session.terminal.calls.filter { $0 == .bell }.count == 2)
        #expect(world.look { $0.containers.count } == 1)
    }

    @Test("what is saved during a build is built after it, and only its image is started")
    func edits() async throws {
        let world = World(builds: [Fixtures.running(), Fixtures.finished()])
        let session = try await Self.session(world)
        await Self.save("lib/a.ex", session)
        await session.wait { $0.console.build.events == Fixtures.running().count }
        await Self.save("lib/b.ex", session)
        #expect(world.look { $0.requests.count } == 1)
        world.feed(LifecycleEvent(at: 9, .finished(Fixtures.report())))
        await session.wait { $0.console.build.kept.round?.restart == .restarted }
        #expect(world.look { $0.requests.count } == 2)
        #expect(world.look { $0.containers.count } == 1)
        #expect(Self.header(session).contains("lib/b.ex → built"))
    }

    @Test("a container that is not started is told of")
    func notStarted() async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = try await Self.session(world) { clients in
            clients.run.start = { _ in throw Failure(.refused, "a port of this machine is taken") }
        }
        await Self.save("lib/a.ex", session)
        await session.wait { $0.console.build.kept.round?.restart == .failed }
        #expect(Self.header(session).contains("→ not restarted"))
        #expect(session.terminal.calls.contains(.bell))
    }

    @Test("without a container nothing is started")
    func nothingRuns() async throws {
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        clients.run.find = { _, _ in nil }
        let session = await Session(
            try ConsoleProgram(
                clients: clients, start: .project("/home/ann/shop"),
                settings: ConsoleSettings.with { $0.watches = true }))
        await Self.save("lib/a.ex", session)
        await session.wait { $0.outcome != nil && $0.console.image.measure != nil }
        _ = await session.state()
        #expect(world.look { $0.containers.isEmpty })
        #expect(session.text.contains("[1 Project]"))
    }

    @Test(
        "in a narrow line the file gives way before what came of it",
        arguments: [
            (60, "watching lib/shop/cart.ex → built 0.9s → restarted"), (40, "cart.ex → built 0.9s → restarted"),
            (25, "→ built 0.9s → restarted"), (22, "built 0.9s → restarted"), (10, nil),
        ])
    func narrow(room: Int, text: String?) {
        let round = WatchRound(file: "lib/shop/cart.ex", build: .built(seconds: 0.9), restart: .restarted)
        #expect(WatchLine(round: round).line(in: room)?.text == text)
    }
}
