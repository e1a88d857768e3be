import Commands
import Dispatch
import Glibc
import Lifecycle
import Synchronization

/// The signals of a build without a screen.
///
/// Those that end a program are requests to stop the build; the program ends by the one that ends it at once. At Ctrl-Z the
/// build's commands, which are in sessions of their own, stand still with mixpack.
final class BuildSignals {
    private static let endings = [SIGINT, SIGTERM, SIGHUP]

    private let received = ReceivedSignals()
    private var sources: [Int32: any DispatchSourceSignal] = [:]

    /// Begins to listen, for Ctrl-Z where there may be running commands.
    init(running: RunningCommands? = nil, cancel: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        let received = received
        for number in Self.endings { listen(to: number, on: queue) { received.take(number, cancel) } }
        guard let running else { return }
        listen(to: SIGTSTP, on: DispatchQueue(label: "stop")) {
            running.pause()
            raise(SIGSTOP)
            running.resume()
        }
    }

    private func listen(to number: Int32, on queue: DispatchQueue, _ handle: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: handle)
        source.resume()
        sources[number] = source
    }

    /// The signal that was received first of those that end a program.
    var first: Int32? { received.first }

    /// Stops listening.
    func stop() {
        for (number, source) in sources {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }
}

/// The signals that were received so far.
private final class ReceivedSignals: Sendable {
    private let state = Mutex<(first: Int32?, requests: StopRequests)>((nil, StopRequests()))

    var first: Int32? { state.withLock { $0.first } }

    func take(_ number: Int32, _ cancel: () -> Void) {
        let answer = state.withLock { state in
            state.first = state.first ?? number
            return state.requests.next()
        }
        switch answer {
        case .cancel: cancel()
        case .endAtOnce: ProgramExit.end(by: number)
        }
    }
}
