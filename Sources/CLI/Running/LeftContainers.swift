import Commands
import Console

/// What still runs when the console is left: where it answers, and how to reach and to stop it.
struct LeftContainers {
    let container: ContainerStatus?
    let database: DatabaseStatus?
    /// The words that commands for the engine begin with.
    let engine: [String]

    /// Some lines; empty if nothing runs.
    var text: String { (containerLines + databaseLines).joined(separator: "\n") }

    private var containerLines: [String] {
        guard let container else { return [] }
        return [
            "\(container.image) still runs" + (container.address.map { ": \($0)" } ?? ""),
            "  its log:    \(command("logs", "-f", container.shortID))",
            "  to stop it: \(command("stop", container.shortID))",
        ]
    }

    private var databaseLines: [String] {
        guard let database else { return [] }
        return [
            "the database \(database.name) still runs",
            "  to stop it: \(command("stop", database.name)); its data stays",
        ]
    }

    private func command(_ words: String...) -> String { (engine + words).map(ShellWord.quoted).joined(separator: " ") }
}
