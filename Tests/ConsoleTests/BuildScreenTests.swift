import BuildpackAPI
import Diagnostics
import Lifecycle
import Synchronization
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("The Build screen", .timeLimit(.minutes(1)))
struct BuildScreenTests {
    typealias Session = HeadlessSession<ConsoleProgram>

    static func session(_ world: World, settings: ConsoleSettings = ConsoleSettings(), keys: String...) async throws
        -> Session
    {
        let program = try ConsoleProgram(
            clients: world.clients(), start: .project("/home/ann/shop"), settings: settings)
        let session = await HeadlessSession(program)
        for key in keys { try await session.press(key) }
        return session
    }

    static func building(_ world: World, settings: ConsoleSettings = ConsoleSettings()) async throws -> Session {
        let count = Fixtures.running().count
        let session = try await session(world, settings: settings, keys: "4", "b")
        await session.wait { $0.console.build.events == count && $0.console.build.life.handle != nil }
        return session
    }

    @Test("Ctrl-C asks, twice cancels, and a third ends the commands at once")
    func interrupt() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        try await session.press("C-c")
        #expect(session.text.contains("Cancel the build?"))
        #expect(session.text.contains("It stops: mix do compile + release web_rel"))
        #expect(world.look { $0.cancels } == 0)
        try await session.press("C-c")
        await session.wait { $0.outcome == .cancelled }
        #expect(world.look { $0.cancels } == 1)
        #expect(session.text.contains("cancelled; the previous image is unchanged"))
    }

    @Test("a build whose release should have been tried, and was not, says so where it else says that it is built")
    func notTried() async throws {
        var report = Fixtures.report()
        report.notTried = Diagnostic(.error, "no sandbox: bubblewrap is not installed")
        let events = Fixtures.finished().dropLast() + [LifecycleEvent(at: 6.7, .finished(report))]
        let session = try await Self.session(World(builds: [Array(events)]), keys: "4", "b")
        await session.wait { $0.outcome != nil }
        #expect(session.text.contains("is built, but was not tried: no sandbox: bubblewrap"))
    }

    @Test("a third Ctrl-C while the build does not end kills")
    func kill() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        await session.send(ConsoleProgram.Message(content: .input(.key(.control("c")))))
        await session.send(ConsoleProgram.Message(content: .input(.key(.character("n")))))
        #expect(world.look { $0.cancels } == 0)
        var state = try Self.running()
        state.receive(.build(.interrupt))
        #expect(state.overlay != nil)
        state.receive(.build(.interrupt))
        #expect(state.build.life.isCancelling)
        #expect(state.overlay == nil)
        #expect(state.receive(.build(.interrupt)).operations.count == 1)
        #expect(state.status?.text == "ending the build's commands at once")
    }

    /// A console with a build at work, without a world.
    private static func running() throws -> ConsoleState {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: ".")
        for event in Fixtures.running() { state.build.fold(event) }
        state.build.life = .running(BuildHandle(events: AsyncStream { $0.finish() }, cancel: {}, kill: {}))
        return state
    }

    @Test("a build that is cancelled before its handle has come is cancelled when it comes")
    func cancelsEarly() throws {
        let cancels = Mutex(0)
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: ".")
        state.build.life = .starting
        state.receive(.build(.interrupt))
        state.receive(.build(.cancel))
        #expect(state.build.life.isCancelling)
        let handle = BuildHandle(
            events: AsyncStream { $0.finish() }, cancel: { cancels.withLock { $0 += 1 } }, kill: {})
        state.receive(.build(.started(generation: 0, handle)))
        #expect(cancels.withLock { $0 } == 1)
        #expect(state.build.life.isCancelling)
    }

    @Test("a second build does not start while one is starting, running or being cancelled")
    func oneAtATime() throws {
        let handle = BuildHandle(events: AsyncStream { $0.finish() }, cancel: {}, kill: {})
        for life in [BuildScreenState.Life.starting, .running(handle), .cancelling(nil)] {
            var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: ".")
            state.release.image = "shop"
            state.build.life = life
            #expect(state.receive(.perform(.app(.build))).operations.isEmpty)
            #expect(state.status?.text == "a build is already running")
        }
    }

    @Test("what is kept of a build stays for the next one, and nothing else")
    func keepsForNextBuild() throws {
        var before = try Self.running().build
        before.kept.watches = true
        before.kept.now = 7
        before.log.kept.wraps = true
        before.log.kept.searchHistory.add("warning")
        let next = BuildScreenState(after: before)
        #expect(next.kept.generation == before.kept.generation + 1)
        #expect(next.kept.watches && next.kept.now == 7)
        #expect(next.log.kept.wraps && next.log.kept.searchHistory.entries == ["warning"])
        #expect(next.events == 0 && next.build.start == nil && !next.life.isAtWork)
    }

    @Test("the second Ctrl-C counts only within two seconds")
    func lateInterrupt() throws {
        var state = try Self.running()
        state.build.kept.now = 10
        state.receive(.build(.interrupt))
        state.build.kept.now = 12.5
        state.receive(.build(.interrupt))
        #expect(!state.build.life.isCancelling)
        state.build.kept.now = 13
        state.receive(.build(.interrupt))
        #expect(state.build.life.isCancelling)
    }

    @Test("Ctrl-C without a build leaves with no fuss; q never ends a build unasked")
    func leaving() async throws {
        let idle = try await Self.session(World(), keys: "C-c")
        #expect(await idle.finished() != nil)
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        try await session.press("Q")
        #expect(session.text.contains("Leave and cancel the build?"))
        try await session.press("Enter")
        #expect(world.look { $0.cancels } == 0)
        #expect(await session.state() != nil)
    }

    @Test("only what is missing is asked for, and the build goes on with the answer")
    func asksForRelease() async throws {
        let world = World(builds: [[BuildScenes.ambiguous], Fixtures.finished()])
        let session = try await Self.session(world, keys: "4", "b")
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Which release?"))
        try await session.press("j", "Enter")
        await session.wait { if case .finished? = $0.outcome { true } else { false } }
        let values = world.look { $0.requests.map(\.release) }
        #expect(values == ["web_rel", "worker_rel"])
    }

    @Test("scrolling up stops following and counts what is new; the end takes it up again")
    func follows() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        try await session.press("k", "k")
        #expect(await session.state()?.console.build.log.follows == false)
        world.feed(LifecycleEvent(at: 3, .output(Output(text: "one\ntwo\nthree\n"))))
        await session.wait { $0.console.build.events == Fixtures.running().count + 1 }
        #expect(session.text.contains("↓ 3 new"))
        #expect(!session.text.contains("three"))
        try await session.press("G")
        #expect(session.text.contains("three"))
        #expect(await session.state()?.console.build.log.follows == true)
    }

    @Test("search goes through the matches and round; a bad pattern says why and keeps what was found")
    func searches() async throws {
        let session = try await Self.building(World(builds: [Fixtures.running()]))
        try await session.press("/")
        await session.type("compiling")
        try await session.press("Enter")
        #expect(session.text.contains("/compiling  1 of 2"))
        try await session.press("n")
        #expect(session.text.contains("/compiling  2 of 2"))
        try await session.press("n")
        #expect(session.text.contains("1 of 2  (started over)"))
        try await session.press("/")
        await session.type("(compil")
        #expect(session.text.contains("unmatched"))
        #expect(await session.state()?.console.build.log.search?.matches.isEmpty == false)
        try await session.press("Esc")
        #expect(await session.state()?.console.build.log.search == nil)
    }

    @Test("a filter shows matching lines only, new ones too, until Esc")
    func filters() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        try await session.press("&")
        await session.type("Compiling")
        try await session.press("Enter")
        world.feed(LifecycleEvent(at: 3, .output(Output(text: "Compiling 7 files (.erl)\nGenerated x\n"))))
        await session.wait { $0.console.build.events == Fixtures.running().count + 1 }
        #expect(session.text.contains("Compiling 7 files"))
        #expect(!session.text.contains("Generated"))
        try await session.press("Esc")
        #expect(session.text.contains("Generated x"))
    }

    @Test("a marked range is copied as plain text, and the way it took is told")
    func copies() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world)
        try await session.press("g", "v", "j", "y")
        #expect(world.look { $0.copied } == ["===> ANALYZING\n===> DETECTING\n"])
        #expect(session.text.contains("copied (through wl-copy)"))
    }

    @Test("without a clipboard program the terminal itself copies, up to a size")
    func copiesByTerminal() throws {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: ".")
        #expect(state.receive(.app(.copied("short", nil))).operations.count == 1)
        #expect(state.receive(.app(.copied(String(repeating: "x", count: 80_000), nil))).operations.isEmpty)
        #expect(state.status?.isProblem == true)
    }

    @Test("folding hides what is below a heading and tells how much; a jump unfolds")
    func folds() async throws {
        let world = World(builds: [Fixtures.failed()])
        let failed = try await Self.session(world, keys: "4", "b")
        await failed.wait { $0.outcome != nil }
        try await failed.press("0", "-")
        #expect(failed.text.contains("===> BUILDING  2.6s  failed  +"))
        #expect(!failed.text.contains("Compiling 42"))
        try await failed.press("e")
        #expect(failed.text.contains("page.ex:9:5: error: undefined function"))
    }

    @Test("events of a build that is no longer shown are dropped")
    func dropsOldEvents() async throws {
        let session = try await Self.building(World(builds: [Fixtures.running()]))
        let before = await session.state()?.console.build.events
        await session.send(
            ConsoleProgram.Message(content: .build(.event(generation: 0, LifecycleEvent(at: 9, .cancelled)))))
        #expect(await session.state()?.console.build.events == before)
        #expect(await session.state()?.outcome == nil)
    }

    @Test("a long build rings at its end, a short one does not", arguments: [(5.0, true), (60.0, false)])
    func bell(limit: Double, rings: Bool) async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = try await Self.session(world, settings: .with { $0.bellAfter = limit }, keys: "4", "b")
        await session.wait { $0.outcome != nil }
        _ = await session.state()
        #expect(session.terminal.calls.contains(.bell) == rings)
    }

    @Test("a long build that ends while another window has the focus is announced there")
    func announces() async throws {
        let world = World(builds: [Fixtures.running()])
        let session = try await Self.building(world, settings: .with { $0.bellAfter = 5 })
        session.terminal.send(.focus(false))
        world.feed(LifecycleEvent(at: 6.7, .finished(Fixtures.report())))
        await session.wait { $0.outcome != nil }
        _ = await session.state()
        #expect(session.terminal.calls.contains(.notify("mixpack: shop:latest is built after 6.7s")))
        #expect(!session.terminal.calls.contains(.bell))
    }

    @Test("watching builds again when a file is saved, after the build that is at work")
    func watches() async throws {
        let world = World(builds: [Fixtures.running(), Fixtures.finished()])
        let session = try await Self.building(world)
        try await session.press("a")
        await session.send(ConsoleProgram.Message(content: .build(.sourceChanged("lib/shop.ex"))))
        #expect(world.look { $0.requests.count } == 1)
        world.feed(LifecycleEvent(at: 9, .finished(Fixtures.report())))
        await session.wait { $0.console.build.kept.generation == 2 && $0.outcome != nil }
        #expect(world.look { $0.requests.count } == 2)
    }

    @Test(
        "a layer that only the image of another platform has is told apart from this machine's, with room and without")
    func platforms() {
        var screen = BuildScreenState()
        for platform in [nil, "linux/other"] {
            var layer = LayerSummary(buildpack: "a.b", name: "base-native", types: .launch, size: 1000)
            layer.platform = platform
            screen.build.fold(LifecycleEvent(at: 1, .layer(.exported, layer)))
        }
        for isCompact in [false, true] {
            let rows = BuildRows.layers(screen, isCompact: isCompact).map(\.text)
            let platform = isCompact ? "base-native other" : "linux/other"
            #expect(rows.count == 2 && !rows[0].contains("other") && rows[1].contains(platform), "\(rows)")
        }
        let detail = BuildRows.detail(of: screen.build.layers.last, width: 60).map(\.text)
        #expect(detail.contains { $0.hasPrefix("platform") && $0.hasSuffix("linux/other alone") }, "\(detail)")
    }

    @Test("a past build is shown with its log and layers, and its problems")
    func past() async throws {
        let world = World()
        var clients = world.clients()
        clients.build.past = { _ in
            [PastBuild(id: "7", image: "shop:latest", age: "2 h ago", ending: .failed, seconds: 3.2)]
        }
        clients.build.pastEvents = { _, _ in Fixtures.failed() }
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program)
        try await session.press("4", "H")
        #expect(session.text.contains("✗ 2 h ago  shop:latest"))
        try await session.press("Enter")
        #expect(session.text.contains("undefined function render/2"))
        #expect(session.text.contains("the build of 2 h ago; b builds again"))
    }

    @Test("detaching prints the build plainly and comes back, with the phase that is at work told first")
    func detaches() async throws {
        let world = World(builds: [Fixtures.running()])
        var clients = world.clients()
        clients.build.printPlainly = { events, _ in
            var first: LifecycleEvent.Kind?
            for await event in events {
                first = first ?? event.kind
                if event.isTerminal { break }
            }
            return first == .phaseStarted(.build) ? .back : .ended
        }
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program)
        try await session.press("4", "b")
        await session.wait { $0.console.build.events == Fixtures.running().count }
        session.terminal.send(.key(.character("d")))
        await session.wait { $0.console.build.kept.plainOutput != nil }
        world.feed(LifecycleEvent(at: 9, .finished(Fixtures.report())))
        await session.wait { $0.outcome != nil && $0.console.build.kept.plainOutput == nil }
        #expect(session.terminal.calls.contains(.suspend))
        #expect(session.terminal.calls.contains(.resume))
    }

    @Test("a build that ends while it is told plainly ends the console too, with its outcome")
    func endsDetached() async throws {
        let world = World(builds: [Fixtures.running()])
        var clients = world.clients()
        clients.build.printPlainly = { events, interrupt in
            for await event in events {
                if case .phaseStarted = event.kind { interrupt() }
            }
            return .ended
        }
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program)
        try await session.press("4", "b")
        await session.wait {
            $0.console.build.events == Fixtures.running().count && $0.console.build.life.handle != nil
        }
        session.terminal.send(.key(.character("d")))
        let state = try #require(await session.finished())
        #expect(state.hasDetached)
        #expect(state.outcome == .cancelled)
        #expect(world.look { $0.cancels } == 1)
    }

    @Test("Ctrl-C in plain output cancels first and kills then")
    func interruptsPlainly() {
        let calls = Mutex<[String]>([])
        let handle = BuildHandle(
            events: AsyncStream { $0.finish() }, cancel: { calls.withLock { $0.append("cancel") } },
            kill: { calls.withLock { $0.append("kill") } })
        let counter = InterruptCounter(handle)
        for _ in 0..<3 { counter.next() }
        #expect(calls.withLock { $0 } == ["cancel", "kill", "kill"])
    }
}
