import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import MixInspection

@Suite("What people do most", .timeLimit(.minutes(1)))
struct MainPathTests {
    private typealias Session = HeadlessSession<ConsoleProgram>

    private static func session(
        _ world: World, _ inspection: ProjectInspection = Fixtures.inspection(),
        size: Size = Size(width: 80, height: 24),
        change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> Session {
        var clients = world.clients(inspection)
        change(&clients)
        return await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")), size: size)
    }

    private static func built(
        _ events: [LifecycleEvent], change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> (Session, World) {
        let world = World(builds: [events])
        let session = try await session(world, change: change)
        try await session.press("4", "b")
        await session.wait { $0.console.build.events == events.count }
        return (session, world)
    }

    // MARK: The log

    @Test("a search goes to its first match, however far it is", arguments: [100, 8_000, 30_000])
    func farMatch(lines: Int) async throws {
        let text = (0..<lines).map { "line \($0)\n" }.joined() + "the needle\n" + String(repeating: "more\n", count: 50)
        let (session, _) = try await Self.built(
            Fixtures.running() + [LifecycleEvent(at: 3, .output(Output(text: text)))])
        try await session.press("g", "/")
        await session.type("needle")
        try await session.press("Enter")
        #expect(session.text.contains("the needle"))
        #expect(session.text.contains("/needle  1 of 1"))
    }

    @Test("a search that finds nothing in a long log says so at its end")
    func farNothing() async throws {
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        let (session, _) = try await Self.built(
            Fixtures.running() + [LifecycleEvent(at: 3, .output(Output(text: text)))])
        try await session.press("g", "/")
        await session.type("needle")
        #expect(session.text.contains("nothing found"))
    }

    @Test("Enter on a pattern that is wrong runs nothing and says why", arguments: ["/", "&"])
    func badPattern(key: String) async throws {
        let (session, _) = try await Self.built(Fixtures.running())
        try await session.press(key)
        await session.type("(comp")
        try await session.press("Enter")
        #expect(session.text.contains("unmatched"))
        #expect(await session.state()?.console.overlay != nil)
        try await session.press("Esc")
        #expect(await session.state()?.console.overlay == nil)
    }

    @Test("a failure without a place has a row in Problems, and e goes to it; an earlier message does not hide it")
    func failureWithoutPlace() async throws {
        let failure = BuildFailure(
            phase: .detect, exitCode: 22, message: "mix.exs ended before it was read", advice: "look at mix.exs")
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.session(world)
        try await session.press("4", "b")
        await session.wait { $0.console.build.events == Fixtures.running().count }
        try await session.press("[")
        world.feed(LifecycleEvent(at: 3, .failed(failure)))
        await session.wait { $0.outcome != nil }
        #expect(session.text.contains("Why    mix.exs ended before it was read"))
        #expect(session.text.contains("Try    look at mix.exs"))
        try await session.press("e")
        #expect(session.text.contains("error 2 of 2"))
        #expect(await session.state()?.console.build.build.problems.count == 2)
    }

    @Test("what a cancel ended is marked as such, everywhere")
    func cancelled() {
        var state = BuildState()
        let ended = LifecycleEvent(at: 3, .commandEnded(id: 1, status: 143, seconds: 2))
        for event in Fixtures.running() + [ended, LifecycleEvent(at: 3, .cancelled)] { state.fold(event) }
        var screen = BuildScreenState()
        screen.build = state
        let rows = BuildRows.phases(screen).map(\.text)
        #expect(rows.contains { $0.hasPrefix("- build  cancelled") })
        #expect(rows.contains { $0.hasPrefix("  - mix-release") })
        #expect(state.sections.allSatisfy { !$0.hasFailed })
    }

    // MARK: The image

    @Test("a layer that is still written does not show the files of the one that was chosen before")
    func filesOfWrittenLayer() async throws {
        var growing = Fixtures.layer("release", [.launch], 12_000_000)
        growing.directory = nil
        let events = Fixtures.running().map { event in
            if case .layer(.growing, _) = event.kind {
                LifecycleEvent(at: event.time, .layer(.growing, growing))
            } else {
                event
            }
        }
        let (session, _) = try await Self.built(events) { clients in
            clients.image.files = { _, _, _ in Trees.tree(1, isMerged: false) }
        }
        try await session.press("S-Tab", "S-Tab", "Enter")
        #expect(session.text.contains("Files of deps"))
        #expect(session.text.contains("beam.smp") || session.text.contains("layers/"))
        try await session.press("S-Tab", "j")
        #expect(session.text.contains("Files of release"))
        #expect(session.text.contains("can be looked at once it is written"))
    }

    @Test("a layer that is in no image has nothing to be compared with")
    func comparesLayersOfImages() {
        let earlier = EarlierImage("the image of 1 h ago", contents: Fixtures.image())
        var contents = Fixtures.image()
        let cached = ImageContents.Layer(
            Fixtures.layer("cache", [.cache], 5_000), source: .folder("/cache/layers/cache"))
        contents.layers.append(cached)
        #expect(earlier.difference(of: cached, in: contents) == nil)
        let new = ImageContents.Layer(Fixtures.layer("extra", [.launch], 5_000), source: .image(index: 5))
        #expect(earlier.difference(of: new, in: contents) == "not there before")
    }

    // MARK: Files

    @Test("what is saved goes outside the project, or where the user says", arguments: ["s", "J", "x"])
    func saves(key: String) async throws {
        let (session, world) = try await Self.built(Fixtures.finished())
        await session.wait { $0.console.image.contents?.manifestDigest != nil }
        if key != "s" { try await session.press("5") }
        if key == "x" { try await session.press("j", "j", "j", "Enter", "=", "G") }
        try await session.press(key)
        #expect(session.text.contains("/state/saved/"))
        #expect(world.look { $0.texts.isEmpty })
        try await session.press("Enter")
        let first = try #require(world.look { $0.texts.keys.first })
        #expect(first.hasPrefix("/state/saved/"))
        #expect(session.text.contains("saved to \(first)"))
        try await session.press(key)
        try await session.press("C-u")
        await session.type("/tmp/mine")
        try await session.press("Enter")
        #expect(world.look { Set($0.texts.keys) } == [first, "/tmp/mine"])
    }

    // MARK: Lists

    static var manyVariables: ProjectInspection {
        var project = Fixtures.application()
        project.variables = (0..<196).map { number in
            ProjectVariable(
                name: "SERVICE_CONFIGURATION_OF_REGION_\(number)_ENDPOINT_URL", phase: .run,
                need: number == 150 ? .required : .default, defaultValue: "value-\(number)",
                file: "config/runtime.exs", line: number + 1)
        }
        return Fixtures.inspection(project)
    }

    @Test("every list is searched with /, n and N, and the typed word never acts as keys", arguments: ["/", "&"])
    func searchesList(key: String) async throws {
        let session = try await Self.session(World(), Self.manyVariables)
        try await session.press("3", key)
        await session.type("region_7[0-9]_")
        #expect(session.text.contains("REGION_70"))
        try await session.press("Enter")
        #expect(session.text.contains("1 of 10"))
        try await session.press("n")
        #expect(session.text.contains("2 of 10"))
        #expect(await session.state()?.console.secrets.selected?.name.contains("REGION_71") == true)
        try await session.press("N", "N")
        #expect(session.text.contains("10 of 10"))
        #expect(await session.state()?.console.screen == .secrets)
    }

    @Test("the values of long names stay in view, and both ends of a name", arguments: [80, 100, 120])
    func longNames(width: Int) async throws {
        let session = try await Self.session(
            World(), Self.manyVariables, size: Size(width: width, height: 30))
        try await session.press("3")
        let rows = session.text.split(separator: "\n").filter { $0.contains("default value-") }
        #expect(rows.count > 5)
        #expect(rows.allSatisfy { $0.contains("SERVICE") && $0.contains("…") && $0.contains("ENDPOINT_URL") })
    }
}
