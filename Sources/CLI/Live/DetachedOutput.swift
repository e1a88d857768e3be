import Commands
import Console
import Glibc
import Lifecycle
import Reports
import SystemPackage

/// A build as plain lines on the normal screen, with a few keys: the console's other face.
///
/// Keys come one by one, and Ctrl-C and Ctrl-Z as keys, so that no signal ends mixpack while it is not the screen's.
struct DetachedOutput: Sendable {
    let running: RunningCommands

    /// Prints until the events end or the user wants the console back; `interrupt` is called for each Ctrl-C.
    func print(
        _ events: AsyncStream<LifecycleEvent>, _ interrupt: @escaping @Sendable () -> Void
    ) async -> PlainOutputEnd {
        let output = TextSink(FileDescriptor.standardOutput)
        output.write("detached: the build continues. Enter returns to the console, Ctrl-C cancels the build.\n")
        let modes = KeyModes()
        modes.enter()
        defer { modes.leave() }
        return await withTaskGroup(of: PlainOutputEnd?.self) { group in
            group.addTask {
                var reporter = PlainReporter(to: output)
                for await event in events { reporter.handle(event) }
                return Task.isCancelled ? nil : .ended
            }
            group.addTask { await keys(modes, interrupt, output) }
            var end = PlainOutputEnd.ended
            for await result in group {
                guard let result else { continue }
                end = result
                break
            }
            group.cancelAll()
            return end
        }
    }

    /// Reads keys until one of them brings the console back; `nil` when there is no need to any more.
    private func keys(
        _ modes: KeyModes, _ interrupt: @escaping @Sendable () -> Void, _ output: TextSink
    ) async -> PlainOutputEnd? {
        while !Task.isCancelled {
            for key in modes.pressed() {
                switch key {
                case 3:
                    output.write("cancelling…\n")
                    interrupt()
                case 26: stop(modes)
                case UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "d"): return .back
                default: break
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// Ctrl-Z: mixpack stands still with its build until `fg`.
    private func stop(_ modes: KeyModes) {
        running.pause()
        modes.leave()
        kill(0, SIGSTOP)
        modes.enter()
        running.resume()
    }
}

/// The terminal's settings while single keys are read: no echo, no line editing, no signals.
final class KeyModes: Sendable {
    private let saved: termios?

    /// Remembers the settings as they are.
    init() {
        var settings = termios()
        saved = tcgetattr(STDIN_FILENO, &settings) == 0 ? settings : nil
    }

    /// Has keys come one by one.
    func enter() {
        guard var settings = saved else { return }
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }

    /// Sets everything as it was.
    func leave() {
        guard var settings = saved else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }

    /// The bytes that were typed since; never waits.
    func pressed() -> [UInt8] {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
