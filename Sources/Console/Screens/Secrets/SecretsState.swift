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
    private var given: [String: SecretValue] = [:]

    var selected: SecretRow? { rows.chosen(by: cursor) }
    /// The variables that the image needs and that nothing is known of.
    var missing: [SecretRow] { rows.filter(\.isMissing) }

    /// Takes in what a look at a project found.
    mutating func setProject(_ inspection: ProjectInspection, choices: Choices?) {
        knowledge = Knowledge(inspection)
        if let project = inspection.project { setVariables(project.variables, choices: choices) }
    }

    /// Takes the variables that a command line gives to the build: Run gets their values too, if it wants them.
    mutating func setFlags(_ request: BuildRequest) {
        for variable in request.variables {
            let identity = SecretRow.Identity(name: variable.name, phase: .build)
            given[variable.name] = SecretValue(variable.value)
            set(SecretValue(variable.value), for: identity, origin: .flag)
            update(identity) { $0.isSecret = variable.isSecret }
        }
    }

    /// Makes a row of each variable that a project reads; values that are there stay.
    private mutating func setVariables(_ variables: [ProjectVariable], choices: Choices?) {
        let kept = rows
        var grouped: [SecretRow.Identity: [ProjectVariable]] = [:]
        for variable in variables {
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
            (row.identity.phase == .build ? 0 : 1, row.need.rank, row.name)
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
        for (name, source) in choices.secretSources {
            for index in rows.indices where rows[index].name == name && rows[index].value == nil {
                rows[index].origin = SecretRow.Origin(source)
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

    /// Gives values by name to the variables in the list, and returns which; others are left out.
    mutating func set(_ values: [String: SecretValue], origin: SecretRow.Origin) -> [SecretRow.Identity] {
        let wanted = rows.map(\.identity).filter { values[$0.name] != nil }
        for identity in wanted {
            if let value = values[identity.name] { set(value, for: identity, origin: origin) }
        }
        return wanted
    }

    /// Gives a container's variable a value that was typed for it, which makes it a secret.
    mutating func setForRun(_ name: String, _ value: SecretValue) {
        let identity = SecretRow.Identity(name: name, phase: .run)
        set(value, for: identity, origin: .typed)
        update(identity) { $0.isSecret = true }
    }

    /// What is wrong with `NAME=VALUE` as a variable of the build; `nil` if it can be added.
    static func problem(withAddition text: String) -> String? {
        let name = text.prefix { $0 != "=" }
        guard name.count < text.count else { return "write NAME=VALUE" }
        guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            return "a name has letters, digits and _, and does not begin with a digit"
        }
        return nil
    }

    /// Adds `NAME=VALUE` as a variable of the build.
    mutating func add(_ text: String) {
        let name = text.prefix { $0 != "=" }
        let value = SecretValue(String(text.dropFirst(name.count + 1)))
        set(value, for: SecretRow.Identity(name: String(name), phase: .build), origin: .typed)
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

    /// Every secret that is known, by name: what must be masked wherever it turns up.
    ///
    /// A name has two values if build and container get different ones.
    var secretValues: [(name: String, value: SecretValue)] {
        rows.filter(\.isSecret).compactMap { row in row.value.map { (row.name, $0) } }
    }

    /// The same variables to be shown: a secret has its name alone.
    var shownVariables: [PlatformVariable] {
        values(of: .build).map { row, value in
            PlatformVariable(name: row.name, value: row.isSecret ? "" : value.withValue { $0 }, isSecret: row.isSecret)
        }
    }

    /// The secrets of the container, which the build does not get: it must not have them from elsewhere either.
    var withheldSecrets: [PlatformVariable] {
        let given = Set(values(of: .build).map(\.0.name))
        return values(of: .run).filter { $0.0.isSecret && !given.contains($0.0.name) }.map { row, value in
            PlatformVariable(name: row.name, value: value.withValue { $0 }, isSecret: true)
        }
    }

    /// The variables that a container of the image needs and that have no value.
    func missing(for image: ImageContents) -> [String] {
        let wanted = missing.filter { $0.identity.phase == .run }.map(\.name)
        let values = runValues
        return (image.requiredVariables + wanted.filter { !image.requiredVariables.contains($0) })
            .filter { values[$0] == nil }
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

    /// The secrets whose source is known and was not asked in this run.
    var unfetched: [SecretRow] { rows.filter { $0.value == nil && $0.origin?.source != nil } }

    /// Where secrets come from, by variable; what is known of those that have no row stays as it was.
    func sources(before: [String: SecretSource]) -> [String: SecretSource] {
        var sources = before.filter { name, _ in !rows.contains { $0.name == name } }
        for row in rows where row.isSecret { if let source = row.origin?.source { sources[row.name] = source } }
        return sources
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
