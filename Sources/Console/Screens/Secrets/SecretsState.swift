import Lifecycle
import MixInspection
import TerminalUI

/// The Secrets screen: the variables that the project reads, and the values that the user gives them.
struct SecretsState: Sendable {
    /// What is known of the variables that the project reads.
    enum Knowledge: Sendable, Hashable {
        /// The project is still being looked at.
        case looking
        case known
        /// mix.exs was not evaluated, for this reason.
        case unknown(String)
    }

    private(set) var rows: [SecretRow] = []
    private(set) var knowledge = Knowledge.looking
    var cursor = ListState()
    /// What the command line gave to the build, by name: the container gets it too where it wants it.
    var given: [String: SecretValue] = [:]

    var selected: SecretRow? { rows.indices.contains(cursor.selection) ? rows[cursor.selection] : nil }
    /// The variables that the image needs and that nothing is known of.
    var missing: [SecretRow] { rows.filter(\.isMissing) }

    /// Takes in what a look at a project found.
    mutating func take(_ inspection: ProjectInspection, choices: Choices?) {
        knowledge = Knowledge(inspection)
        if let project = inspection.project { take(project.variables, choices: choices) }
    }

    /// Takes in what a project reads; values that are there stay.
    private mutating func take(_ variables: [ProjectVariable], choices: Choices?) {
        let kept = rows
        var grouped: [SecretRow.Identity: [ProjectVariable]] = [:]
        for variable in variables where !variable.isDynamic {
            grouped[SecretRow.Identity(name: variable.name, phase: variable.phase), default: []].append(variable)
        }
        rows = grouped.map { identity, uses in
            var row =
                kept.first { $0.identity == identity }
                ?? SecretRow(
                    identity: identity, uses: uses, isSecret: PlatformVariable.isSecretName(identity.name))
            if row.value == nil, let value = given[identity.name] {
                row.value = value
                row.origin = .flag
            }
            row.uses = uses.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
            return row
        }
        rows += kept.filter { $0.uses.isEmpty && grouped[$0.identity] == nil }
        sort()
        if let choices { restore(choices) }
    }

    /// Build before run; required before optional; by name.
    private mutating func sort() {
        func key(_ row: SecretRow) -> (Int, Int, String) {
            let need: Int =
                switch row.need {
                case .required: 0
                case .default: 1
                case .flag: 2
                case .optional: 3
                }
            return (row.identity.phase == .build ? 0 : 1, need, row.name)
        }
        rows.sort { key($0) < key($1) }
    }

    private mutating func restore(_ choices: Choices) {
        for (phase, values) in [(ProjectVariable.Phase.build, choices.buildVariables), (.run, choices.runVariables)] {
            for (name, value) in values.sorted(by: { $0.key < $1.key })
            where name != ReleaseState.distributionVariable {
                let identity = SecretRow.Identity(name: name, phase: phase)
                if rows.first(where: { $0.identity == identity })?.value == nil {
                    set(SecretValue(value), for: identity, origin: .kept)
                }
            }
        }
        for (name, command) in choices.secretCommands {
            for index in rows.indices where rows[index].name == name && rows[index].value == nil {
                rows[index].origin = .command(command)
                rows[index].isSecret = true
            }
        }
    }

    /// Gives a variable a value; one that is not in the list is added to it.
    mutating func set(_ value: SecretValue, for identity: SecretRow.Identity, origin: SecretRow.Origin) {
        if !rows.contains(where: { $0.identity == identity }) {
            rows.append(SecretRow(identity: identity, uses: [], isSecret: PlatformVariable.isSecretName(identity.name)))
            sort()
        }
        update(identity) {
            $0.value = value
            $0.origin = origin
            $0.problem = nil
            if origin.isSecret { $0.isSecret = true }
        }
    }

    /// Forgets a value; a row that the user added goes away.
    mutating func clear(_ identity: SecretRow.Identity) {
        update(identity) {
            $0.value = nil
            $0.origin = nil
            $0.problem = nil
            $0.isSecret = PlatformVariable.isSecretName(identity.name)
        }
        rows.removeAll { $0.identity == identity && $0.uses.isEmpty }
    }

    mutating func update(_ identity: SecretRow.Identity, _ body: (inout SecretRow) -> Void) {
        guard let index = rows.firstIndex(where: { $0.identity == identity }) else { return }
        body(&rows[index])
    }

    /// The variables that a build is given: the ones read while building that have a value.
    var buildVariables: [PlatformVariable] {
        values(of: .build).map { row, value in
            PlatformVariable(name: row.name, value: value.withValue { $0 }, isSecret: row.isSecret)
        }
    }

    /// The secrets of the container, which the build does not get: it must not have them from elsewhere either.
    var withheldSecrets: [PlatformVariable] {
        let given = Set(values(of: .build).map(\.0.name))
        return values(of: .run).filter { $0.0.isSecret && !given.contains($0.0.name) }.map { row, value in
            PlatformVariable(name: row.name, value: value.withValue { $0 }, isSecret: true)
        }
    }

    /// The values that a container is given, by name.
    var runValues: [String: SecretValue] {
        Dictionary(values(of: .run).map { ($0.name, $1) }, uniquingKeysWith: { first, _ in first })
    }

    private func values(of phase: ProjectVariable.Phase) -> [(SecretRow, SecretValue)] {
        rows.compactMap { row in
            guard row.identity.phase == phase, let value = row.value else { return nil }
            return (row, value)
        }
    }

    /// What may be kept of the values: none that is secret.
    func kept(_ phase: ProjectVariable.Phase) -> [String: String] {
        let plain = values(of: phase).filter { !$0.0.isSecret }.map { ($0.name, $1.withValue { $0 }) }
        return Dictionary(plain, uniquingKeysWith: { first, _ in first })
    }

    /// The commands that print secrets, by variable.
    var commands: [String: String] {
        var commands: [String: String] = [:]
        for row in rows { if case .command(let command) = row.origin { commands[row.name] = command } }
        return commands
    }
}

extension SecretsState.Knowledge {
    /// Variables are known once mix.exs was evaluated; what can be read without that names none.
    init(_ inspection: ProjectInspection) {
        if inspection.project?.evidence == .evaluated {
            self = .known
        } else if inspection.stage != .settled {
            self = .looking
        } else {
            let problem = inspection.problems.first { $0.severity == .error }
            let place = problem?.file.map { file in problem?.line.map { "\(file):\($0): " } ?? "" } ?? ""
            self = .unknown(place + (problem?.text ?? "mix.exs is evaluated in the build, once Elixir is there"))
        }
    }

    /// What to say where there is no variable to show.
    var line: String {
        switch self {
        case .looking: "looking for the variables that the project reads"
        case .known: "the project reads no variables"
        case .unknown: "not known which variables the project reads"
        }
    }

    /// Why nothing is known.
    var reason: String? {
        switch self {
        case .looking, .known: nil
        case .unknown(let reason): reason
        }
    }

    /// Both in one.
    var sentence: String { line + (reason.map { ": \($0)" } ?? "") + "." }
}
