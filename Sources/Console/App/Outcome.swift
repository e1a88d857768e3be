import Diagnostics
import TerminalUI

/// What follows an update, in order: work in the world, and messages that are received before the next frame.
///
/// A screen changes only its own state. What it wants from the console and from other screens, it sends.
struct Outcome: Sendable {
    enum Step: Sendable {
        case effect(Effect<ConsoleMessage>)
        case message(ConsoleMessage)
    }

    let steps: [Step]

    static let none = Outcome(steps: [])

    static func batch(_ outcomes: Outcome...) -> Outcome { Outcome(steps: outcomes.flatMap(\.steps)) }

    static func effect(_ effect: Effect<ConsoleMessage>) -> Outcome { Outcome(steps: [.effect(effect)]) }

    static func send(_ messages: ConsoleMessage...) -> Outcome { Outcome(steps: messages.map { .message($0) }) }

    // MARK: What a screen asks of the console

    /// Shows a message in the status line.
    static func say(_ text: String) -> Outcome { .send(.app(.say(text))) }

    /// Shows what went wrong, in full if the status line is too short.
    static func problem(_ text: String) -> Outcome { .send(.app(.problem(text))) }

    static func open(_ overlay: Overlay) -> Outcome { .send(.app(.open(overlay))) }

    static func prompt(_ prompt: Prompt) -> Outcome { .open(.prompt(prompt)) }

    static func pick(
        _ title: String, lines: [String] = [], _ items: [Picker.Item], left: ConsoleMessage? = nil
    ) -> Outcome {
        .open(.picker(Picker(title: title, lines: lines, items: items, left: left)))
    }

    /// Asks a question that only `y` answers with yes.
    static func confirm(
        _ title: String, _ lines: [String], yes: ConsoleMessage, no: ConsoleMessage? = nil,
        interrupt: ConsoleMessage? = nil
    ) -> Outcome {
        .open(.confirmation(Confirmation(title: title, lines: lines, yes: yes, no: no, interrupt: interrupt)))
    }

    static func show(_ screen: Screen) -> Outcome { .send(.app(.show(screen))) }

    /// Gives the keys to a pane, and shows its screen.
    static func focus(_ pane: Pane, on screen: Screen) -> Outcome { .send(.app(.focus(pane, on: screen))) }

    static func copy(_ text: String) -> Outcome { .send(.app(.copy(text))) }

    /// Remembers the choices on Release and Secrets; never a secret.
    static var keepChoices: Outcome { .send(.app(.keepChoices)) }

    static var startBuild: Outcome { .send(.app(.startBuild(releases: []))) }

    // MARK: What a screen asks of the world

    /// Runs work beside the loop; starting other work with the same `id` ends it.
    static func run(id: EffectID? = nil, _ work: @escaping Effect<ConsoleMessage>.Work) -> Outcome {
        .effect(.run(id: id, work))
    }

    /// Asks for a value; a failure is shown as a problem unless `failed` makes another message of it.
    static func ask<Value: Sendable>(
        id: EffectID? = nil, _ work: @escaping @Sendable () async throws -> Value,
        failed: @escaping @Sendable (Failure) -> ConsoleMessage = { .app(.problem("\($0)")) },
        then message: @escaping @Sendable (Value) -> ConsoleMessage
    ) -> Outcome {
        .run(id: id) { send in
            do {
                send(message(try await work()))
            } catch {
                send(failed(Failure(error, or: .refused)))
            }
        }
    }

    /// Hands the terminal to a program, and says how `name` ended.
    static func onTerminal(
        _ name: String, _ command: @escaping @Sendable () async throws -> InteractiveCommand
    ) -> Outcome { .send(.app(.runOnTerminal(name, command))) }
}
