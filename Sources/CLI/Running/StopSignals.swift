import Commands
import Dispatch
import Glibc

/// Ctrl-Z without a screen: the build's commands, which are in sessions of their own, stand still with mixpack.
final class StopSignals {
    private let source: any DispatchSourceSignal

    /// Begins to listen.
    init(running: RunningCommands) {
        signal(SIGTSTP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGTSTP, queue: DispatchQueue(label: "stop"))
        source.setEventHandler {
            running.pause()
            raise(SIGSTOP)
            running.resume()
        }
        source.resume()
    }

    /// Stops listening.
    func stop() {
        source.cancel()
        signal(SIGTSTP, SIG_DFL)
    }
}
