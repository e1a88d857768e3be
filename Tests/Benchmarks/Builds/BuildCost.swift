import Glibc
import TestSupport

/// What a build took, in seconds.
struct BuildCost {
    /// From its start to its end.
    var wall: Double
    /// The processor time of its programs, those that they started included.
    var user: Double
    var system: Double
    /// How much of the processors other programs had meanwhile, from 0 to 1.
    var foreignShare: Double

    /// From this share on, a run says more about the machine than about the build.
    static let busyShare = 0.1

    var isBusy: Bool { foreignShare > Self.busyShare }

    /// Measures a build that is the only child of this process.
    static func measure(_ build: () async throws -> Double) async throws -> BuildCost {
        try Orphans.adopt()
        let machine = try ProcessorUse()
        let before = rusage.ofChildren
        let wall = try await build()
        let busy = try machine.busySeconds()
        try await Orphans.wait()
        let after = rusage.ofChildren
        let (user, system) = (after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime)
        return BuildCost(
            wall: wall, user: user, system: system,
            foreignShare: max(0, busy - user - system) / (wall * ProcessorUse.processors))
    }

    /// The cost in the middle by its wall time.
    static func median(_ costs: [BuildCost]) -> BuildCost? {
        costs.isEmpty ? nil : costs.sorted { $0.wall < $1.wall }[costs.count / 2]
    }

    /// As `1.29 s (user 1.10, system 0.35)`.
    var text: String { "\(wall.hundredths) s (user \(user.hundredths), system \(system.hundredths))" }
}

/// What all processors of the machine have done since a moment.
private struct ProcessorUse {
    static let processors = Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    private let start: Double

    init() throws { start = try Self.total() }

    /// The seconds in which they had something to do, added up.
    func busySeconds() throws -> Double { try Self.total() - start }

    /// Everything but waiting, in the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
    private static func total() throws -> Double {
        guard let line = try KernelFile("/proc/stat").lines.first else { throw TestSupportError("/proc/stat is empty") }
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8 else { throw TestSupportError("/proc/stat: \(line)") }
        return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// Processes whose parent ended without waiting for them.
///
/// bubblewrap does so with what runs in its sandbox, and the system adds up processor time only where someone waits.
private enum Orphans {
    /// Makes this process their new parent.
    static func adopt() throws {
        typealias Control = @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
        // PR_SET_CHILD_SUBREAPER; prctl has a variable number of arguments, which Swift does not import.
        guard let symbol = dlsym(nil, "prctl"), unsafeBitCast(symbol, to: Control.self)(36, 1, 0, 0, 0) == 0 else {
            throw TestSupportError("prctl: this process cannot adopt orphans")
        }
    }

    /// Waits for those that end within a second.
    static func wait() async throws {
        let end = ContinuousClock.now + .seconds(1)
        while .now < end {
            var status: Int32 = 0
            let ended = waitpid(-1, &status, WNOHANG)
            if ended < 0 { return }
            if ended == 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}

extension rusage {
    /// What the children of this process have used that have ended.
    fileprivate static var ofChildren: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return usage
    }
}

extension timeval {
    fileprivate static func - (left: timeval, right: timeval) -> Double {
        Double(left.tv_sec - right.tv_sec) + Double(left.tv_usec - right.tv_usec) / 1e6
    }
}
