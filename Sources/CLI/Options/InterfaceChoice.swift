import ArgumentParser

/// How a build shows itself.
enum InterfaceChoice: String, ExpressibleByArgument, CaseIterable {
    /// The console on a terminal outside CI, else plain lines.
    case auto
    /// The console.
    case tui
    /// One line an event.
    case plain
    /// One JSON event a line.
    case json
    /// Errors only.
    case quiet
}
