import Diagnostics

/// What a platform wants to see of a program's log.
package struct LogOptions: Sendable, Hashable {
    package enum Level: String, Sendable, CaseIterable {
        case debug, info, warn, error

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// Whether lines of another level are shown.
        package func shows(_ other: Level) -> Bool { other.rank >= rank }
    }

    package var level: Level
    package var hasColor: Bool

    init(_ words: PlatformWords) throws(Failure) {
        let text = words.text("log-level") ?? "info"
        guard let level = Level(rawValue: text.lowercased()) else {
            throw Failure(
                .usage, "no log level \(text)",
                advice: "use one of \(Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.level = level
        hasColor = try !words.truth("no-color")
    }
}
