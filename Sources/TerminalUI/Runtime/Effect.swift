/// What is to happen in the world after an update.
///
/// A value: nothing happens until the loop carries it out.
package struct Effect<Message: Sendable>: Sendable {
    /// Work that may send messages, at any time and any number of them.
    package typealias Work = @Sendable (Send<Message>) async -> Void

    package enum Operation: Sendable {
        /// Work beside the loop. A subscription has no end of its own, and being idle does not wait for it.
        case run(id: EffectID?, isSubscription: Bool, Work)
        /// A message after a time.
        case after(Duration, id: EffectID?, Message)
        /// The end of the work under a name.
        case cancel(EffectID)
        /// The terminal given to other programs while the work goes on; then its message.
        case withTerminalSuspended(@Sendable () async -> Message?)
        /// The process stopped, as Ctrl-Z does everywhere; it goes on with `fg`.
        case stop
        case bell
        /// A message to a user who looks at another window.
        case notify(String)
        /// A text to the clipboard, by way of the terminal (OSC 52).
        case setClipboard(String)
        /// The whole screen drawn again.
        case redraw
        case quit
    }

    /// What to do, in this order.
    package let operations: [Operation]

    package init(_ operations: [Operation]) {
        self.operations = operations
    }

    package static var none: Effect { Effect([]) }

    /// Work that ends by itself and may send messages; ended early when `id` is cancelled or started again.
    package static func run(id: EffectID? = nil, _ work: @escaping Work) -> Effect {
        Effect([.run(id: id, isSubscription: false, work)])
    }

    /// Work without an end of its own: a clock, a stream of events to follow.
    package static func subscribe(id: EffectID, _ work: @escaping Work) -> Effect {
        Effect([.run(id: id, isSubscription: true, work)])
    }

    /// A message after a time by the loop's clock.
    package static func after(_ delay: Duration, id: EffectID? = nil, send message: Message) -> Effect {
        Effect([.after(delay, id: id, message)])
    }

    /// The end of the work under `id`, if any is under way.
    package static func cancel(_ id: EffectID) -> Effect { Effect([.cancel(id)]) }

    /// The terminal, as it was before the program, for as long as `work` goes on: an editor, a shell, plain output.
    package static func withTerminalSuspended(_ work: @escaping @Sendable () async -> Message?) -> Effect {
        Effect([.withTerminalSuspended(work)])
    }

    package static func setClipboard(_ text: String) -> Effect { Effect([.setClipboard(text)]) }
    package static var stop: Effect { Effect([.stop]) }
    package static var bell: Effect { Effect([.bell]) }
    package static func notify(_ text: String) -> Effect { Effect([.notify(text)]) }
    package static var redraw: Effect { Effect([.redraw]) }
    package static var quit: Effect { Effect([.quit]) }

    package static func batch(_ effects: Effect...) -> Effect { Effect(effects.flatMap(\.operations)) }

    package static func batch(_ effects: [Effect]) -> Effect { Effect(effects.flatMap(\.operations)) }

    /// The same with other messages: a screen's effects inside a program of several screens.
    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Message) -> Other) -> Effect<Other> {
        Effect<Other>(operations.map { $0.map(transform) })
    }
}

extension Effect.Operation {
    func map<Other: Sendable>(_ transform: @escaping @Sendable (Message) -> Other) -> Effect<Other>.Operation {
        switch self {
        case .run(let id, let isSubscription, let work):
            .run(id: id, isSubscription: isSubscription) { send in
                await work(Send({ send(transform($0)) }, withPace: { await send.withPace(transform($0)) }))
            }
        case .after(let delay, let id, let message): .after(delay, id: id, transform(message))
        case .cancel(let id): .cancel(id)
        case .withTerminalSuspended(let work): .withTerminalSuspended { await work().map(transform) }
        case .stop: .stop
        case .bell: .bell
        case .notify(let text): .notify(text)
        case .setClipboard(let text): .setClipboard(text)
        case .redraw: .redraw
        case .quit: .quit
        }
    }
}

/// The name of work under way, to cancel it by.
///
/// Starting work under a name cancels what runs under it.
package struct EffectID: Hashable, Sendable, ExpressibleByStringLiteral {
    private let name: String

    package init(stringLiteral value: String) {
        name = value
    }
}

/// Hands messages to the program from work under way, from any thread.
package struct Send<Message: Sendable>: Sendable {
    private let put: @Sendable (Message) -> Void
    private let putWithPace: @Sendable (Message) async -> Void

    /// Hands every message to `put`, or to `putWithPace` where the sender is ready to wait.
    package init(
        _ put: @escaping @Sendable (Message) -> Void, withPace putWithPace: @escaping @Sendable (Message) async -> Void
    ) {
        self.put = put
        self.putWithPace = putWithPace
    }

    /// Hands over one message and never waits; after the work was cancelled it is dropped.
    package func callAsFunction(_ message: Message) {
        put(message)
    }

    /// Hands over one message and waits while the program is far behind, so that a flood does not pile up in memory.
    package func withPace(_ message: Message) async {
        await putWithPace(message)
    }
}
