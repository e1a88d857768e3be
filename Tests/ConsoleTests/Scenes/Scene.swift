import Lifecycle
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

/// A state to look at: what the world is like, what the console opens on, and the keys that lead there.
struct Scene: Sendable, CustomTestStringConvertible {
    typealias Session = HeadlessSession<ConsoleProgram>

    static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)]

    var name: String
    var inspection = Fixtures.inspection()
    var choices: Choices?
    var builds: [[LifecycleEvent]] = []
    var start = ConsoleStart.project("/home/ann/shop")
    var keys: [String] = []
    /// Work that does not end on the way here: keys are not followed by a wait for it, but by one for this state.
    var awaits: (@Sendable (ConsoleProgram.State) -> Bool)?
    /// What a subscription brings about before the first key.
    var begins: (@Sendable (ConsoleProgram.State) -> Bool)?
    /// What a timer brings about after the keys: the clock runs on until then.
    var concludes: (@Sendable (ConsoleProgram.State) -> Bool)?
    /// How many seconds pass after the keys, for a replay.
    var seconds = 0.0
    var settings = ConsoleSettings()
    var sizes = Scene.sizes
    /// What is other in this world.
    var change: @Sendable (inout ConsoleClients) -> Void = { _ in }

    var testDescription: String { name }

    /// The console in this state, on a screen of a size.
    func session(_ size: Size) async throws -> Session {
        let world = World(builds: builds)
        var clients = world.clients(inspection, choices: choices)
        change(&clients)
        let program = try ConsoleProgram(clients: clients, start: start, settings: settings)
        let session = await HeadlessSession(program, size: size)
        if let begins { await session.wait(until: begins) }
        if let awaits {
            for key in keys { for chord in try KeySequence(key).chords { session.terminal.send(.key(chord)) } }
            await session.wait(until: awaits)
            return session
        }
        for key in keys {
            try await session.press(key)
            if key == "b", let script = builds.first {
                await session.wait { $0.console.build.events == script.count }
            }
        }
        if seconds > 0 {
            world.record.withLock { $0.time += seconds }
            await session.send(ConsoleProgram.Message(content: .build(.wake)))
        }
        if let concludes {
            // A timer that is not set yet misses one step, and not all of them.
            while let state = await session.state(), !concludes(state) {
                session.clock.advance(by: .milliseconds(100))
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        _ = await session.state()
        return session
    }
}

extension Scene {
    /// A build of a script, started by key.
    static func build(_ name: String, _ events: [LifecycleEvent], _ keys: String...) -> Scene {
        Scene(name: name, builds: [events], keys: ["4", "b"] + keys)
    }

    /// The same scene in another world.
    func changing(_ change: @escaping @Sendable (inout ConsoleClients) -> Void) -> Scene {
        var scene = self
        scene.change = change
        return scene
    }

    /// The same scene on screens of other sizes.
    func sized(_ sizes: Size...) -> Scene {
        var scene = self
        scene.sizes = sizes
        return scene
    }

    /// The keys that type a text.
    static func typing(_ text: String) -> [String] { text.map { $0 == " " ? "Space" : String($0) } }
}
