import Dispatch
import Glibc
import Synchronization

/// Turns the signals that end a program into a cancelled build; a second one ends it at once.
final class CancelSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    private let first = SignalBox()
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen.
    init(cancel: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        let first = first
        for (number, source) in zip(Self.numbers, sources) {
            source.setEventHandler { first.take(number, cancel) }
            source.resume()
        }
    }

    /// The signal that was received first.
    var received: Int32? { first.number }

    /// Stops listening.
    func stop() {
        sources.forEach { $0.cancel() }
        Self.numbers.forEach { signal($0, SIG_DFL) }
    }

}

/// The signal that was received first.
private final class SignalBox: Sendable {
    private let received = Mutex<Int32?>(nil)

    var number: Int32? { received.withLock { $0 } }

    func take(_ number: Int32, _ cancel: () -> Void) {
        let isFirst = received.withLock { received in
            defer { received = received ?? number }
            return received == nil
        }
        guard isFirst else {
            signal(number, SIG_DFL)
            raise(number)
            return
        }
        cancel()
    }
}
