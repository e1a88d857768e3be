import Diagnostics
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import MixInspection

@Suite("The database beside the container") struct DatabaseTests {
    private typealias Session = HeadlessSession<ConsoleProgram>

    /// The console on a project that reads DATABASE_URL, and an engine with one image of Postgres.
    private static func session(
        _ world: World, options: RunOptions = RunOptions(), _ change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> Session {
        var choices = Choices.none
        choices.run = options
        var clients = world.clients(Fixtures.inspection(Fixtures.withDatabase()), choices: choices)
        clients.run.database.look = { _ in DatabaseLook(images: ["docker.io/library/postgres:16"]) }
        clients.image.open = { _ in Fixtures.imageWithoutVariables() }
        change(&clients)
        return await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
    }

    /// Presses keys one after the other, so that what the engine says has come before the next.
    private static func press(_ session: Session, _ keys: String...) async throws {
        for key in ["6", "Tab", "G"] + keys { try await session.press(key) }
    }

    @Test("only a project that reads DATABASE_URL has the row")
    func row() throws {
        let run = RunState()
        #expect(RunRow.all(run, readsDatabase: true).last == .database)
        #expect(!RunRow.all(run, readsDatabase: false).contains(.database))
        var kept = RunState()
        kept.options.database = "postgres:16"
        #expect(RunRow.all(kept, readsDatabase: false).last == .database)
    }

    @Test(
        "the row says how the database is",
        arguments: [
            (Fixtures.database(), true, "● shop-0123-db, postgres:16"),
            (
                Fixtures.database { $0.isReady = nil }, true,
                "● shop-0123-db, postgres:16; not known whether it is ready"
            ),
            (Fixtures.database { $0.isReady = false }, true, "○ accepts no connections yet: shop-0123-db, postgres:16"),
            (Fixtures.database { $0.isRunning = false }, true, "- stopped, r starts it too: shop-0123-db, postgres:16"),
            (Fixtures.database(), false, "not used: shop-0123-db, postgres:16"),
            (nil, false, "none; the engine has no image of Postgres, e names one"),
        ])
    func states(status: DatabaseStatus?, isUsed: Bool, text: String) {
        var state = DatabaseState()
        #expect(state.row(isUsed: isUsed).text == "not known yet")
        state.look = DatabaseLook(status)
        #expect(state.row(isUsed: isUsed).text == text)
        state.failure = Failure(.refused, "no room")
        #expect(state.row(isUsed: isUsed).text == "✗ no room")
        state.work = "starting"
        #expect(state.row(isUsed: isUsed).text == "○ starting")
    }

    @Test("the row starts one, the choice is kept without a password, and the container gets it and asks for no URL")
    func starts() async throws {
        let world = World()
        let session = try await Self.session(world) { clients in
            clients.run.database.start = { request in
                #expect(request == DatabaseRequest(owner: "/home/ann/shop", app: "shop", image: request.image))
                return Fixtures.database { $0.image = request.image }
            }
        }
        try await Self.press(session, "e")
        #expect(session.text.contains("A database of which image?") && session.text.contains("postgres:16"))
        try await session.press("Enter")
        await session.wait { $0.console.run.database.status != nil }
        #expect(session.text.contains("● shop-0123-db, postgres:16"))
        #expect(world.look { $0.saved.last?.run.database } == "docker.io/library/postgres:16")
        try await session.press("r")
        await session.wait { $0.console.run.running != nil }
        let request = try #require(world.look { $0.containers.first })
        #expect(request.database?.image == "docker.io/library/postgres:16")
        #expect(request.variables["DATABASE_URL"] == nil)
    }

    @Test("without it the container asks for DATABASE_URL")
    func without() async throws {
        let session = try await Self.session(World())
        try await session.press("6")
        try await session.press("r")
        #expect(session.text.contains("Run needs DATABASE_URL"))
    }

    @Test("an image that the engine does not have is fetched only after a yes")
    func pulls() async throws {
        let world = World()
        let session = try await Self.session(world) { clients in
            clients.run.database.look = { _ in DatabaseLook() }
            clients.run.database.pull = { image in world.record.withLock { $0.texts["pulled"] = image } }
            clients.run.database.start = { request in Fixtures.database { $0.image = request.image } }
        }
        try await Self.press(session, "e", "Enter")
        #expect(session.text.contains("Fetch postgres:17?"))
        try await session.press("n")
        #expect(world.look { $0.texts["pulled"] } == nil)
        try await session.press("e", "Enter", "y")
        await session.wait { $0.console.run.options.database == "postgres:17" }
        #expect(world.look { $0.texts["pulled"] } == "postgres:17")
    }

    @Test("removing asks, and names the container and the volume; the container then gets no database")
    func removes() async throws {
        let world = World()
        var options = RunOptions()
        options.database = "postgres:16"
        let session = try await Self.session(world, options: options) { clients in
            clients.run.database.look = { _ in
                DatabaseLook(world.look { $0.texts["removed"] } == nil ? Fixtures.database() : nil)
            }
            clients.run.database.remove = { owner in world.record.withLock { $0.texts["removed"] = owner } }
        }
        try await Self.press(session, "e", "G", "Enter")
        let text = session.text
        #expect(text.contains("the container shop-0123-db") && text.contains("the volume shop-0123-db: all data"))
        try await session.press("n")
        #expect(world.look { $0.texts["removed"] } == nil)
        try await session.press("e", "G", "Enter", "y")
        await session.wait { $0.console.run.database.look == DatabaseLook() }
        #expect(world.look { $0.texts["removed"] } == "/home/ann/shop")
        #expect(await session.state()?.console.run.options.database == nil)
    }

    @Test("what the engine refuses is on the row, and another try is possible")
    func refused() async throws {
        let session = try await Self.session(World()) { clients in
            clients.run.database.start = { _ in throw Failure(.refused, "no room left") }
        }
        try await Self.press(session, "e", "Enter")
        #expect(session.text.contains("✗ no room left"))
        #expect(await session.state()?.console.run.options.database == nil)
        try await session.press("e")
        #expect(session.text.contains("A database of which image?"))
    }

    @Test("a start that fails leaves the container from before running, and says so")
    func putBack() async throws {
        let world = World()
        var clients = world.clients()
        clients.image.open = { _ in Fixtures.imageWithoutVariables() }
        clients.run.find = { _, _ in Fixtures.container() }
        clients.run.start = { _ in throw Failure(.refused, "a port is taken") }
        var inspection = Fixtures.inspection(Fixtures.application())
        inspection.project?.variables = []
        let session = await Session(
            try ConsoleProgram(
                clients: world.clients(inspection).with {
                    $0.run = clients.run; $0.image = clients.image
                }, start: .project("/home/ann/shop")))
        try await session.press("6")
        await session.wait { $0.console.run.running != nil }
        try await session.press("r")
        await session.wait { $0.console.run.running != nil }
        let state = await session.state()?.console
        #expect(state?.status?.text == "a port is taken: the container from before runs again on :4000")
        #expect(state?.status?.isProblem == true)
        #expect(session.text.contains("● up"))
    }

    @Test("o shows the engine's whole log in the pager")
    func pager() async throws {
        let world = World()
        var clients = world.clients()
        clients.run.find = { _, _ in Fixtures.container() }
        clients.run.logCommand = { InteractiveCommand(["docker", "logs", $0]) }
        let session = await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("6")
        await session.wait { $0.console.run.running != nil }
        try await session.press("o")
        await session.wait { _ in world.look { !$0.commands.isEmpty } }
        #expect(world.look { $0.commands.first?.words } == ["docker", "logs", Fixtures.container().id])
    }
}

extension ConsoleClients {
    fileprivate func with(_ change: (inout ConsoleClients) -> Void) -> ConsoleClients {
        var clients = self
        change(&clients)
        return clients
    }
}
