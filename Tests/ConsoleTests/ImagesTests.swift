import Diagnostics
import OCIImage
import Synchronization
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import Lifecycle

@Suite("Images: keeping house from the console")
struct ImagesTests {
    private func session(
        _ keys: [String], builds: [[LifecycleEvent]] = [], world: World = World(),
        _ change: (inout ConsoleClients) -> Void
    ) async throws -> Scene.Session {
        var clients = world.clients()
        clients.images.holdings = { try ImagesScenes.holdings() }
        change(&clients)
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 120, height: 40))
        for key in keys { try await session.press(key) }
        return session
    }

    private func plan(after keys: [String]) async throws -> PrunePlan? {
        let plans = Mutex<[PrunePlan]>([])
        let session = try await session(["7"] + keys) { clients in
            clients.images.carryOut = { plan in
                plans.withLock { $0.append(plan) }
                return Pruning.Outcome(freed: plan.bytes, kept: [])
            }
        }
        _ = await session.state()
        return plans.withLock { $0.first }
    }

    @Test("nothing goes without a yes; with it, what was shown goes")
    func removal() async throws {
        #expect(try await plan(after: ["D"]) == nil)
        #expect(try await plan(after: ["D", "n"]) == nil)
        #expect(try await plan(after: ["D", "Enter"]) == nil)
        let image = try #require(try await plan(after: ["G", "D", "y"]))
        #expect(image.steps.map(\.name) == ["shop:1.0"])
        let cache = try #require(try await plan(after: ["Tab", "D", "y"]))
        #expect(cache.steps.map(\.name) == ["the cache of /home/ann/shop"])
        let prune = try #require(try await plan(after: ["p", "Enter", "y"]))
        #expect(
            prune.steps.map(\.name)
                == ["blobs", "the cache of /home/ann/work/an-older-project", "the previous image of shop:latest"])
        let sized = try #require(
            try await plan(after: ["p", "G", "Enter", "C-u"] + Scene.typing("1MB") + ["Enter", "y"]))
        #expect(sized.steps.count > prune.steps.count)
    }

    @Test("a name of another image is taken only after a yes")
    func tag() async throws {
        for (answer, expected) in [("n", [String]()), ("y", ["shop:1.0 true"])] {
            let tagged = Mutex<[String]>([])
            let keys = ["7", "Down", "Down", "a", "C-u"] + Scene.typing("shop:1.0") + ["Enter", answer]
            let session = try await session(keys) { clients in
                clients.images.tag = { _, name, replaces in
                    tagged.withLock { $0.append("\(name.familiarName) \(replaces)") }
                }
            }
            _ = await session.state()
            #expect(tagged.withLock { $0 } == expected)
        }
    }

    @Test("Enter opens the image on Image; P opens it and compares")
    func open() async throws {
        let opened = Mutex<[String]>([])
        for (keys, name) in [(["G", "Enter"], "shop:1.0"), (["P", "Enter"], "localhost:5000/team/worker:2025-01-31")] {
            let session = try await session(["7"] + keys) { clients in
                clients.image.open = { name in
                    opened.withLock { $0.append(name) }
                    return Fixtures.image()
                }
                clients.image.other = { _, comparand in
                    opened.withLock { $0.append("\(comparand)") }
                    return EarlierImage("another", comparand, contents: Fixtures.image())
                }
            }
            let state = try #require(await session.state())
            #expect(state.console.screen == .image)
            #expect(opened.withLock { $0.first } == name)
            #expect(state.console.image.previous?.comparand == (keys[0] == "P" ? .image("shop:latest") : nil))
            opened.withLock { $0 = [] }
        }
    }
}

@Suite("Image: what is done with a finished image")
struct SendingTests {
    /// What was sent after keys on the Image screen.
    private func sent(_ keys: [String], existing: String? = nil) async throws -> ([SendTarget], ConsoleState) {
        let sent = Mutex<[SendTarget]>([])
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        clients.image.engines = { ["Docker at /a"] }
        clients.image.existing = { _, _ in existing }
        clients.image.send = { _, target, progress in
            progress(1, 2)
            sent.withLock { $0.append(target) }
            return try Digest(of: [1])
        }
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 120, height: 40))
        for key in ["4", "b", "5"] { try await session.press(key) }
        for key in keys { try await session.press(key) }
        let state = try #require(await session.state()).console
        return (sent.withLock { $0 }, state)
    }

    @Test("an archive, an engine and a registry are chosen from one list")
    func targets() async throws {
        let (archive, _) = try await sent(["s", "Down", "Down", "Enter", "C-u"] + Scene.typing("out.tar") + ["Enter"])
        #expect(archive == [.place(.layoutArchive("out.tar"))])
        #expect(try await sent(["s", "Down", "Enter"]).0 == [.engine("Docker at /a")])
        let push = ["s", "Enter", "C-u"] + Scene.typing("docker://localhost:5000/a:1") + ["Enter"]
        let (pushed, state) = try await sent(push)
        #expect(pushed == [.place(.registry(try Reference("localhost:5000/a:1")))])
        #expect(state.image.pushed?.hasPrefix("localhost:5000/a@sha256:") == true)
        #expect(state.image.sending == nil)
    }

    @Test("what exists stays: an archive for good, other places until a yes")
    func existing() async throws {
        let toArchive = ["s", "Down", "Down", "Enter", "Enter"]
        let (archive, state) = try await sent(toArchive, existing: "image.tar already exists")
        #expect(archive.isEmpty && state.status?.isProblem == true)
        #expect(try await sent(["s", "Down", "Enter", "n"], existing: "another").0.isEmpty)
        #expect(try await sent(["s", "Down", "Enter", "y"], existing: "another").0 == [.engine("Docker at /a")])
    }
}
