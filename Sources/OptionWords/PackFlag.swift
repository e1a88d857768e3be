/// A flag of pack 0.40, and what it is in the same command of mixpack.
package struct PackFlag: Sendable, Hashable {
    /// The commands of pack that mixpack has, by their words.
    package enum Command: String, Sendable, CaseIterable {
        case build, rebase, inspect
        case sbomDownload = "sbom download"
        case buildpackPackage = "buildpack package"
        case builderCreate = "builder create"
        case builderInspect = "builder inspect"

        /// The words that name it on a command line.
        package var words: [String] { rawValue.split(separator: " ").map(String.init) }

        /// The one word that older versions of pack have for it, as the original's scripts do.
        package var olderWord: String? {
            switch self {
            case .buildpackPackage: "package-buildpack"
            case .builderCreate: "create-builder"
            case .builderInspect: "inspect-builder"
            case .inspect: "inspect-image"
            case .build, .rebase, .sbomDownload: nil
            }
        }
    }

    /// What follows the flag.
    package enum Value: Sendable, Hashable {
        /// Nothing, or `=true` and `=false`.
        case none
        case one
        /// One or more, with commas between them.
        case list
    }

    /// What becomes of it.
    package enum Meaning: Sendable, Hashable {
        /// An option of mixpack's does it; most have the same name.
        case works(as: String)
        /// It is taken, and does nothing: why, in one line.
        case needless(String)
        /// It is an error: what to do instead.
        case refused(String)
    }

    package let commands: [Command]
    /// The long name, without dashes.
    package let name: String
    package let short: Character?
    package let value: Value
    /// What it means; `byValue` comes first.
    package let meaning: Meaning
    /// What some of its values mean.
    package let byValue: [String: Meaning]
    /// What the table says besides.
    package let note: String

    init(
        _ commands: [Command], _ name: String, _ short: Character? = nil, _ value: Value = .one, _ meaning: Meaning,
        byValue: [String: Meaning] = [:], note: String = ""
    ) {
        self.commands = commands
        self.name = name
        self.short = short
        self.value = value
        self.meaning = meaning
        self.byValue = byValue
        self.note = note
    }

    /// What a value of it means.
    package func meaning(of value: String?) -> Meaning { value.flatMap { byValue[$0] } ?? meaning }

    /// The flag of a command by its long or short name, without dashes.
    package static func find(_ name: String, in command: Command) -> PackFlag? {
        all.first { flag in
            flag.commands.contains(command) && (flag.name == name || flag.short.map(String.init) == name)
        }
    }
}

extension PackFlag {
    /// The table of docs/pack.md.
    package static var table: String {
        let head = ["| pack | short | in | here |", "|---|---|---|---|"]
        let rows = all.map { flag in
            let commands = flag.commands.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            let short = flag.short.map { "`-\($0)`" } ?? ""
            return "| `--\(flag.name)` | \(short) | \(commands) | \(flag.text) |"
        }
        return (head + rows).joined(separator: "\n") + "\n"
    }

    private var text: String {
        let values = byValue.sorted { $0.key < $1.key }.map { "`\($0.key)`: \(Self.text($0.value, of: name))" }
        return ([Self.text(meaning, of: name)] + values + (note.isEmpty ? [] : [note])).joined(separator: "; ")
    }

    private static func text(_ meaning: Meaning, of name: String) -> String {
        switch meaning {
        case .works(let option) where option == name: "works"
        case .works(let option): "works as `--\(option)`"
        case .needless(let reason): "accepted, not needed: \(reason)"
        case .refused(let advice): "an error: \(advice)"
        }
    }
}
