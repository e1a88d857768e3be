import Glibc
import Lifecycle
import TerminalUI

/// One line of the log, as the store keeps it.
package struct LogLine: Sendable {
    /// What wrote the line.
    package enum Kind: UInt8, Sendable, Hashable {
        /// A command's standard output.
        case output
        /// A command's standard error.
        case errorOutput
        /// The lifecycle or a buildpack, for the user to read.
        case notice
        /// A phase's heading.
        case phase
        /// A buildpack's heading.
        case buildpack
        /// A command's heading.
        case command
        /// A warning of the compiler, by its typed event.
        case warning
        /// An error, by its typed event.
        case error
    }

    /// The line's number, from 0, counted from the build's first line.
    package var number: Int
    /// What wrote it.
    package var kind: Kind
    /// Seconds since the build began.
    package var time: Double
    /// The bytes as they came, without the newline.
    package var bytes: ArraySlice<UInt8>
    /// Whether there are escape sequences or carriage returns among the bytes.
    package var hasEscapes: Bool

    /// The text without escape sequences, as a terminal would be left with it.
    package var text: String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard hasEscapes else { return text }
        var parser = OutputParser()
        return parser.parse(text).text
    }
}

extension LogLine.Kind {
    /// Whether a command wrote it, and nothing more is known of it.
    var isOutput: Bool { self == .output || self == .errorOutput }
    /// Whether it is the heading of a section.
    var isHeading: Bool { self == .phase || self == .command }
}

extension LogLine {
    /// Whether a text is in the line as a terminal shows it.
    func contains(_ text: String) -> Bool {
        if hasEscapes { return self.text.contains(text) }
        var text = text
        return text.withUTF8 { wanted in
            bytes.withUnsafeBytes { Self.isFound(UnsafeRawBufferPointer(wanted), in: $0) }
        }
    }

    private static func isFound(_ wanted: UnsafeRawBufferPointer, in line: UnsafeRawBufferPointer) -> Bool {
        guard let first = wanted.first, let start = wanted.baseAddress, let base = line.baseAddress else { return true }
        var offset = 0
        while offset + wanted.count <= line.count,
            let hit = memchr(base + offset, Int32(first), line.count - wanted.count - offset + 1)
        {
            if memcmp(hit, start, wanted.count) == 0 { return true }
            offset = UnsafeRawPointer(hit) - base + 1
        }
        return false
    }

    /// The line as it is drawn: its own colours over the role of what wrote it.
    var styled: StyledLine {
        let text = String(decoding: bytes, as: UTF8.self)
        var parser = OutputParser()
        return parser.parse(text, role: role)
    }

    private var role: Role {
        switch kind {
        case .output, .errorOutput: .log
        case .notice: .logSource
        case .buildpack: .logTime
        case .phase, .command: .logHeading
        case .warning: .logWarning
        case .error: .logError
        }
    }
}

/// Which lines of the log are shown.
enum LogLevel: String, Sendable, CaseIterable {
    case all
    /// What was written to standard error, notices, warnings and errors; headings stay.
    case notices
    /// Warnings and errors; headings stay.
    case problems

    func shows(_ kind: LogLine.Kind) -> Bool {
        switch kind {
        case .phase, .command, .warning, .error: true
        case .errorOutput, .notice: self != .problems
        case .output, .buildpack: self == .all
        }
    }
}

/// A stretch of the log that can be folded: a phase, or a command within one.
package struct LogSection: Sendable, Hashable {
    /// What the stretch belongs to.
    package enum Kind: Sendable, Hashable {
        case phase(Phase)
        case command(Int)

        var isPhase: Bool { if case .phase = self { true } else { false } }
    }

    /// What it belongs to.
    package var kind: Kind
    /// The number of its heading's line.
    package var heading: Int
    /// The number of the line after its last; `nil` while it goes on.
    package var end: Int?
    /// How long it took, in seconds, once it ended.
    package var seconds: Double?
    /// Whether it went wrong.
    package var hasFailed = false
}
