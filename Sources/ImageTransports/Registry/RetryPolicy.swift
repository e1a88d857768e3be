import Diagnostics

/// When a request that failed is sent again.
package struct RetryPolicy: Sendable {
    /// How often a request is sent at most.
    package var attempts: Int
    /// The seconds before the second attempt; each further one waits twice as long.
    package var firstDelay: Double
    /// The most seconds to wait, also when the server asks for more.
    package var longestDelay: Double
    /// Seconds without a byte after which a connection is given up.
    package var stall: Int
    /// Waits so many seconds.
    package var wait: @Sendable (Double) async throws -> Void

    /// Creates a policy; by default five attempts, from 0.3 seconds up to a minute apart, and a minute without a byte.
    package init(
        attempts: Int = 5, firstDelay: Double = 0.3, longestDelay: Double = 60, stall: Int = 60,
        wait: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.stall = stall
        self.wait = wait
    }

    /// The seconds to wait after some attempts; at random by half more or less, so that clients do not come back together.
    ///
    /// What a server asks for in `Retry-After` is kept to, up to `longestDelay`.
    func delay(after attempt: Int, asked: Double? = nil) -> Double {
        let doubled = firstDelay * Double(1 << min(attempt - 1, 16))
        let delay = asked ?? doubled * Double.random(in: 0.5...1.5)
        return delay.isFinite ? min(max(delay, 0), longestDelay) : longestDelay
    }

    /// Waits after an attempt that failed.
    func pause(after attempt: Int, asked: Double?) async throws(Failure) {
        do { try await wait(delay(after: attempt, asked: asked)) } catch { throw Failure(.transport, "cancelled") }
    }

    /// Whether an answer of this status may be another the next time.
    static func isPassing(_ status: Int) -> Bool { [408, 429, 500, 502, 503, 504].contains(status) }
}
