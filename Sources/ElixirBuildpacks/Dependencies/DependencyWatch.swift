import BuildpackAPI
import Files
import Glibc
import Synchronization
import SystemPackage
import Text

/// Reports which dependency mix fetches or compiles, and how long each took.
///
/// It looks at what mix leaves on disk: the folder of a dependency when it begins, and an empty file in it when it is done.
final class DependencyWatch: Sendable {
    private struct State {
        var begun: [String] = []
        var starts: [String: Double] = [:]
        var times: [String: Double] = [:]
        /// When the last one was done.
        var last: Double
    }

    private let names: [String]
    private let work: DependencyStep.Work
    private let folder: FilePath
    private let reporter: BuildpackReporter
    private let times: DependencyTimes?
    private let known: [String: Double]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - names: what mix will fetch or compile; what is done already does not count.
    ///   - folder: where mix makes a folder for each.
    ///   - times: how long each took the last time; it learns from this one.
    init(
        _ names: some Sequence<String>, _ work: DependencyStep.Work, in folder: FilePath, _ reporter: BuildpackReporter,
        times: DependencyTimes? = nil
    ) {
        self.names = names.filter { !folder.appending($0).appending(Self.mark(work)).exists }
        self.work = work
        self.folder = folder
        self.reporter = reporter
        self.times = times
        known = self.names.isEmpty ? [:] : times?.all() ?? [:]
        state = Mutex(State(last: Self.now))
    }

    /// Reports for as long as a command runs.
    func during<Result>(_ command: () async throws -> Result) async rethrows -> Result {
        guard !names.isEmpty else { return try await command() }
        let following = Task {
            while !Task.isCancelled {
                look()
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        defer {
            following.cancel()
            look()
            let taken = state.withLock { $0.times }
            times?.add(taken)
            summarize(taken)
        }
        return try await command()
    }

    /// The file by which mix marks what is done, of every version of Elixir.
    private static func mark(_ work: DependencyStep.Work) -> String {
        switch work {
        case .fetching: ".fetch"
        case .compiling: ".mix/compile.fetch"
        }
    }

    private func look() {
        state.withLock { state in
            for name in names where state.times[name] == nil && folder.appending(name).isFolder {
                look(at: name, &state)
            }
        }
    }

    private func look(at name: String, _ state: inout State) {
        let mark = FileStamp(of: folder.appending(name).appending(Self.mark(work)))
        if state.starts[name] == nil {
            state.begun.append(name)
            // What began and ended since the last look took the time since the one before was done.
            state.starts[name] = mark == nil ? Self.now : state.last
            reporter(.dependency(step(name, state)))
        }
        guard let mark, let start = state.starts[name] else { return }
        let end = Double(mark.changed) / 1_000_000_000
        state.times[name] = max(0, end - start)
        state.last = max(state.last, end)
        reporter(.dependency(step(name, state)))
    }

    private func step(_ name: String, _ state: State) -> DependencyStep {
        let number = (state.begun.firstIndex(of: name) ?? 0) + 1
        return DependencyStep(
            name, work, number: number, total: names.count, seconds: state.times[name], secondsLeft: left(state))
    }

    /// The seconds that are left by the times of before; `nil` where one is not known.
    private func left(_ state: State) -> Double? {
        guard !known.isEmpty else { return nil }
        var left = 0.0
        for name in names where state.times[name] == nil {
            guard let whole = known[name] else { return nil }
            left += max(0, whole - (state.starts[name].map { Self.now - $0 } ?? 0))
        }
        return left
    }

    /// One line for all of them, with the five that took longest.
    private func summarize(_ times: [String: Double]) {
        guard times.count > 1 else { return }
        let verb = work == .fetching ? "fetched" : "compiled"
        guard work == .compiling else { return reporter(.notice("\(times.count) dependencies \(verb)")) }
        let slowest = times.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        let words = slowest.map { "\($0.key) \(Amount.seconds($0.value))" }.joined(separator: ", ")
        reporter(.notice("\(times.count) dependencies \(verb); the slowest: \(words)"))
    }

    /// The time of files, in seconds.
    private static var now: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1_000_000_000
    }
}
