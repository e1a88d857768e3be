import Console
import Diagnostics
import Lifecycle
import Reports
import Synchronization
import TerminalUI

/// Plays a recording on a screen in memory, and keeps what a terminal would get.
struct CastRun {
    let name: String
    let recording: Recording
    var speed = 1.0
    /// Theme, glyphs and the like.
    var settings = ConsoleSettings()
    /// Which colours may be used.
    var depth = ColorDepth.direct

    /// The size of the screen; a common one for pages with recordings.
    static let size = Size(width: 100, height: 30)
    private static let framesPerSecond = 30
    /// How long the last frame stays, in seconds.
    private static let rest = 2.0

    /// The recording as a cast.
    func cast() async throws -> Cast {
        // A clock of zero has not been looked at.
        let start = 1.0
        let clock = Mutex(start)
        let screen = MemoryTerminal(size: Self.size)
        let loop = ProgramLoop(try program { clock.withLock { $0 } }, terminal: screen, framesPerSecond: 1000)
        let running = Task { try await loop.run() }
        defer { running.cancel() }
        _ = await loop.waitUntilIdle()
        var cast = Cast(size: Self.size, title: "mixpack: \(name)")
        for time in times {
            // A little later: the replay adds up what has passed, and sums of fractions may fall short.
            clock.withLock { $0 = start + time + 1e-6 }
            loop.send(.lookAtClock)
            guard await loop.waitUntilIdle() != nil else { break }
            if let frame = screen.frame { cast.add(frame, at: time / speed, depth: depth) }
        }
        cast.stay(until: (times.last ?? 0) / speed + Self.rest)
        return cast
    }

    /// When the screen is looked at: after whatever happened, and each second, for the clock on the screen.
    ///
    /// What happens within one frame is seen at its end.
    private var times: [Double] {
        let length = recording.events.last?.time ?? 0
        let seconds = Array(stride(from: 0, to: length, by: 1))
        var times: [Int: Double] = [:]
        for time in recording.events.map(\.time) + seconds {
            let frame = Int(time / speed * Double(Self.framesPerSecond))
            times[frame] = max(time, times[frame] ?? 0)
        }
        return times.values.sorted()
    }

    private func program(clock: @escaping @Sendable () -> Double) throws -> ConsoleProgram {
        var clients = ConsoleClients()
        clients.build.clock = clock
        var settings = settings
        settings.bellAfter = nil
        return try ConsoleProgram(
            clients: clients, start: .replay(name: name, events: recording.events), settings: settings)
    }
}

/// A screen in memory, which keeps the frame that is shown.
private final class MemoryTerminal: Terminal {
    let size: Size
    private let shown = Mutex<Frame?>(nil)

    init(size: Size) { self.size = size }

    var frame: Frame? { shown.withLock { $0 } }

    func start(events: @escaping @Sendable (InputEvent) -> Void) throws(Failure) {}
    func draw(_ frame: Frame) { shown.withLock { $0 = frame } }
    func redraw() {}
    func suspend() async {}
    func resume() async {}
    func stop() {}
    func bell() {}
    func notify(_ text: String) {}
    func setClipboard(_ text: String) {}
    func restore() {}
}
