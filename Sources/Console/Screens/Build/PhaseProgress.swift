public import Lifecycle

/// A phase in the rail: how it stands, how long it took, and what its buildpacks did.
public struct PhaseProgress: Sendable, Hashable {
    /// How a phase stands.
    public enum Status: Sendable, Hashable {
        case waiting
        case running(since: Double)
        case ended(PhaseOutcome, seconds: Double)
    }

    /// A buildpack's part of a phase.
    public struct Buildpack: Sendable, Hashable {
        /// Its id.
        public var id: String
        /// Its version; empty where no event told it.
        public var version: String
        /// How it ended; `nil` while it works.
        public var outcome: BuildpackOutcome?
        /// Why it ended so.
        public var reason: String?
    }

    /// The phase.
    public var phase: Phase
    /// How it stands.
    public var status: Status = .waiting
    /// The buildpacks that took part so far.
    public var buildpacks: [Buildpack] = []

    /// Whether it is at work.
    public var isRunning: Bool { if case .running = status { true } else { false } }

    /// Its seconds so far, or in all; `nil` before it began.
    public func seconds(at now: Double) -> Double? {
        switch status {
        case .waiting: nil
        case .running(let since): max(0, now - since)
        case .ended(_, let seconds): seconds
        }
    }
}
