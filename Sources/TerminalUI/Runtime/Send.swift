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
