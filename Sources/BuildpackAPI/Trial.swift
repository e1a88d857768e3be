/// A way to try the finished application on the run image, before the image gets its name.
package struct Trial: Sendable, Hashable {
    /// When it is run, and what its failure means.
    package enum Occasion: String, Sendable, Hashable {
        /// Whenever something changed that it depends on: takes a moment; a failure ends the build, unless it may only
        /// come from what a container has and a trial lacks, such as the network.
        case always
        /// When the user asks for it: starts the application; a failure ends the build.
        case asked
    }

    /// What is tried, in a word or two, such as `version`.
    package var name: String
    package var occasion: Occasion
    /// The program, by its path in the image, with its arguments; it ends by itself, with status 0 where all is well.
    package var command: [String]
    /// Variables besides those of the image's configuration.
    package var environment: [String: String]
    /// What comes in front of the values of variables where an emulator runs the program.
    package var emulation: [String: String]
    package var madeUp: [String]
    package var seconds: Int
    /// Paths below the buildpack's layers folder: only their files and the run image decide what comes of it.
    package var files: [String]

    package init(
        _ name: String, _ occasion: Occasion, command: [String], environment: [String: String] = [:],
        emulation: [String: String] = [:], madeUp: [String] = [], seconds: Int = 10, files: [String] = []
    ) {
        self.name = name
        self.occasion = occasion
        self.command = command
        self.environment = environment
        self.emulation = emulation
        self.madeUp = madeUp
        self.seconds = seconds
        self.files = files
    }
}

/// How a trial ended that did not go well.
package struct TrialFailure: Sendable, Hashable {
    package var trial: Trial
    /// The exit status; 128 and the signal's number for one ended by a signal; `nil` where it was still running.
    package var status: Int32?
    /// The last of what it printed.
    package var output: String

    package init(trial: Trial, status: Int32?, output: String) {
        self.trial = trial
        self.status = status
        self.output = output
    }
}
