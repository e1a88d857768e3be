import BuildpackAPI
import Diagnostics
import Lifecycle

/// A phase in the rail: how it stands, how long it took, and what its buildpacks did.
package struct PhaseProgress: Sendable, Hashable {
    /// How a phase stands.
    package enum Status: Sendable, Hashable {
        case waiting
        case running(since: Double)
        case ended(PhaseOutcome, seconds: Double)
        /// It ended with a question, and begins again with the answer.
        case asked(seconds: Double)
    }

    /// A buildpack's part of a phase.
    package struct Buildpack: Sendable, Hashable {
        package var id: String
        /// Its version; empty where no event told it.
        package var version: String
        /// How it ended; `nil` while it works.
        package var outcome: BuildpackOutcome?
        /// Why it ended so.
        package var reason: String?
    }

    package var phase: Phase
    /// How it stands.
    package var status: Status = .waiting
    /// The buildpacks that took part so far.
    package var buildpacks: [Buildpack] = []

    /// Whether it is at work.
    package var isRunning: Bool { if case .running = status { true } else { false } }

    /// Its seconds so far, or in all; `nil` before it began.
    package func seconds(at now: Double) -> Double? {
        switch status {
        case .waiting: nil
        case .running(let since): max(0, now - since)
        case .ended(_, let seconds), .asked(let seconds): seconds
        }
    }
}

/// A command that a build ran.
package struct CommandProgress: Sendable, Hashable {
    /// Its id in the build.
    package var id: Int
    /// The buildpack that ran it.
    package var buildpack: String
    /// What was run, secrets masked.
    package var text: String
    /// When it began, in seconds since the build began.
    package var start: Double
    /// Its exit status; `nil` while it runs.
    package var status: Int32?
    /// How long it ran; `nil` while it runs.
    package var seconds: Double?
}

/// How far a step is.
package struct StepProgress: Sendable, Hashable {
    /// What is done, in a word or two.
    package var step: String
    /// How much of it is done, and how much there is, in the step's own unit; a total of 0 is unknown.
    package var done: Int, total: Int

    /// The done part of one; `nil` where the total is unknown.
    package var fraction: Double? { total > 0 ? min(1, max(0, Double(done) / Double(total))) : nil }
}

/// A dependency that is being fetched or compiled.
package struct DependencyProgress: Sendable, Hashable {
    package var step: DependencyStep
    /// When that began, in seconds since the build began.
    package var since: Double

    /// For example `compiling jason, 3 of 24`.
    package var text: String { "\(step.work.rawValue) \(step.name), \(step.number) of \(step.total)" }
}

/// A layer in the layers pane: what is known of it and what became of it.
package struct LayerProgress: Sendable, Hashable {
    /// The newest that is known of it.
    package var layer: LayerSummary
    /// The last change.
    package var change: LayerChange
    /// The size that it had when it was first heard of in this build, where it was restored.
    package var restoredSize: Int64?
    /// Whether the build ended while it was written.
    package var isUnfinished = false

    /// What became of it, in one word.
    package var word: String {
        switch change {
        case .created: "new"
        case .growing: isUnfinished ? "partial" : "writing"
        case .restored: "restored"
        case .reused: "reused"
        case .exported: "new"
        case .cached: "cached"
        }
    }

    /// The mark that stands before it: what the word says, for quick eyes.
    package var mark: String {
        switch change {
        case .created, .exported: "+"
        case .growing: ">"
        case .restored, .reused: "="
        case .cached: "~"
        }
    }
}

/// A problem in the problems pane: a diagnostic and where the log stood when it came.
package struct BuildProblem: Sendable, Hashable {
    /// What is wrong, where, and what to try.
    package var diagnostic: Diagnostic
    /// The number of the log line that tells of it.
    package var line: Int

    /// `file:line:column`, as far as they are known.
    package var place: String? {
        diagnostic.file.map { file in
            file + (diagnostic.line.map { ":\($0)" } ?? "")
                + (diagnostic.line != nil ? diagnostic.column.map { ":\($0)" } ?? "" : "")
        }
    }
}

/// How a build ended.
package enum BuildOutcome: Sendable, Hashable {
    case finished(BuildReport)
    case failed(BuildFailure)
    case cancelled
    /// The events stopped without a last one.
    case lost
}

extension BuildFailure {
    /// Whether an answer of the user settles it: it is a question then, and nothing has gone wrong.
    package var asks: Bool {
        needsTrust == true || pathsToOpen.map { $0.count <= 8 } == true || secret != nil || !choices.isEmpty
    }
}
