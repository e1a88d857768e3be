import Diagnostics
import SystemPackage
import TerminalUI

/// The console: seven screens from a mix project to an image, its container and its keeping, for any terminal and any world.
///
/// Hand it to a `ProgramLoop` with a terminal. All that it asks of the world it asks of its clients.
package struct ConsoleProgram: Program {
    /// All that the console knows; only the console looks into it.
    package struct State: Sendable {
        var console: ConsoleState

        /// How the build ended that was last under way; `nil` without one.
        ///
        /// The summary on leaving tells it.
        package var outcome: BuildOutcome? { console.build.build.outcome }
        /// The container that still runs.
        package var container: ContainerStatus? { console.run.running }
        /// The database beside it, if it was running when the console looked last.
        package var database: DatabaseStatus? { console.run.database.status.flatMap { $0.isRunning ? $0 : nil } }
        /// Whether a build was under way when the console was left.
        package var wasBuilding: Bool { console.build.life.isAtWork }
        /// Whether the user went on with plain output, which has told how the build ended.
        package var hasDetached: Bool { console.build.hasDetached }
    }

    /// What happened; but for one of them, only the console makes them.
    package struct Message: Sendable {
        let content: ConsoleMessage

        /// Has a replay go on to the time that the clock of `BuildClient` shows.
        package static let lookAtClock = Message(content: .build(.wake))
    }

    let clients: ConsoleClients
    let opening: ConsoleStart
    let settings: ConsoleSettings
    let keys: KeyTable

    /// Creates a console.
    /// - Throws: `Failure` of code `usage` when the settings name an action or a key that does not exist.
    package init(
        clients: ConsoleClients, start: ConsoleStart, settings: ConsoleSettings = ConsoleSettings()
    ) throws(Failure) {
        self.clients = clients
        opening = start
        self.settings = settings
        keys = try KeyTable(settings: settings.keys)
    }

    private var updater: ConsoleUpdate { ConsoleUpdate(clients, bellAfter: settings.bellAfter) }

    /// See `Program.start()`.
    package func start() -> (State, Effect<Message>) {
        var state = State(console: ConsoleState(settings: settings, keys: keys, path: FilePath(".")))
        let effect = updater.open(opening, &state.console)
        return (state, effect.map { Message(content: $0) })
    }

    /// See `Program.message(for:)`.
    package func message(for event: InputEvent) -> Message? {
        switch event {
        case .hangup, .terminate: nil
        case .key, .paste, .mouse, .resize, .focus, .resume: Message(content: .input(event))
        }
    }

    /// See `Program.update(_:_:)`.
    package func update(_ state: inout State, _ message: Message) -> Effect<Message> {
        let effect = updater.update(&state.console, message.content)
        return effect.map { Message(content: $0) }
    }

    /// See `Program.view(_:size:)`.
    package func view(_ state: State, size: Size) -> Frame {
        let view = ConsoleView(state.console, size: size)
        let isTyping = state.console.overlay?.takesText == true
        return Frame(
            state.console.usesASCII ? view.canvas.ascii : view.canvas, theme: state.console.currentTheme,
            cursor: view.cursor,
            title: "mixpack: \(state.console.windowTitle)", wantsPaste: isTyping, wantsMouse: state.console.usesMouse)
    }
}
