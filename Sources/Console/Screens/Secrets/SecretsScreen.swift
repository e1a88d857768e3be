import Diagnostics
import MixInspection
import SystemPackage
import TerminalUI

/// The Secrets screen: the values of the variables that the project reads.
struct SecretsScreen: Sendable {
    let client: SecretsClient

    enum Action: String, Sendable, CaseIterable {
        case set = "secret.set"
        case generate = "secret.generate"
        case importValues = "secret.import"
        case clear = "secret.clear"
        case add = "secret.add"
        case fetch = "secret.fetch"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .secrets(.set), ["e"], hint: "set", "type the value of the variable", flag: "-e NAME=VALUE",
                unless: "no variable is chosen"
            ) {
                $0.secrets.selected != nil
            },
            KeyBinding(
                .secrets(.generate), ["s"], hint: "generate", "make a random value of 64 characters",
                flag: "--secret-from-command 'NAME=openssl rand -hex 32'", unless: "no secret is chosen on Secrets"
            ) { $0.secrets.selected?.isSecret == true },
            KeyBinding(
                .secrets(.importValues), ["i"], hint: "import", "import from a file, the environment or a command",
                flag: "--env-file FILE, -e NAME, --secret-from-command NAME=COMMAND"),
            KeyBinding(
                .secrets(.clear), ["x", "Del"], hint: "clear", "forget the value",
                unless: "no value is chosen on Secrets"
            ) {
                $0.secrets.selected?.value != nil
            },
            KeyBinding(
                .secrets(.fetch), ["f"], hint: "fetch", "fetch the secrets whose source is known, all at once",
                flag: "--secret-from-command NAME=COMMAND", unless: "no secret waits to be fetched"
            ) { !$0.secrets.unfetched.isEmpty },
            KeyBinding(.secrets(.add), ["a"], hint: "add", "add a variable of the build", flag: "-e NAME=VALUE"),
        ]
    }

    enum Message: Sendable {
        case find(ProjectVariable)
        case askForValue
        case askForFile
        case askForCommand
        case typed(SecretRow.Identity, SecretValue)
        /// A container needs the value: it is set, and the container runs.
        case typedForRun(name: String, SecretValue)
        /// A container gets the value from its next start on.
        case givenToRun(name: String, SecretValue)
        /// A build needs the value: it is set, and the build starts again.
        case typedForBuild(name: String, SecretValue)
        case add(String)
        case importEnvironment
        case importFile(String)
        case runCommand(SecretRow.Identity, String)

        case inspected(ProjectInspection)
        case arrived(SecretRow.Identity, SecretRow.Origin, SecretValue)
        case failed(SecretRow.Identity, Failure)
        case imported(SecretRow.Origin, [String: SecretValue])
        /// Fetch what has a source; a container that waits for it starts then.
        case fetchAll(thenRun: Bool)
        case fetched([SecretRow.Identity: SecretValue], failed: [SecretRow.Identity: Failure], thenRun: Bool)
    }

    func perform(_ action: Action, _ state: inout SecretsState) -> Outcome {
        switch action {
        case .set: return state.selected.map(askForValue) ?? askForAddition()
        case .generate:
            guard let identity = state.selected?.identity else { return .none }
            return fetch(identity, .generated) { try await client.generate(64) }
        case .importValues: return openImports(state)
        case .clear:
            guard let identity = state.selected?.identity else { return .none }
            state.clear(identity)
            return .batch(.say("\(identity.name) is not set"), .keepChoices)
        case .add: return askForAddition()
        case .fetch: return fetchAll(state, thenRun: false)
        }
    }

    func receive(_ message: Message, _ state: inout SecretsState, choices: Choices?) -> Outcome {
        switch message {
        case .find(let variable): return find(variable, &state)
        case .askForValue: return state.selected.map(askForValue) ?? askForAddition()
        case .askForFile:
            let help = "a file of NAME=VALUE lines"
            return .prompt(Prompt("Import from a file", text: ".env", help: help) { .secrets(.importFile($0)) })
        case .askForCommand: return state.selected.map(askForCommand) ?? .none
        case .fetchAll(let thenRun): return fetchAll(state, thenRun: thenRun)
        case .fetched(let values, let failed, let thenRun): return take(values, failed, thenRun: thenRun, &state)
        case .typed(let identity, let value):
            if value.isEmpty { state.clear(identity) } else { state.set(value, for: identity, origin: .typed) }
            return .keepChoices
        case .typedForRun(let name, let value):
            guard !value.isEmpty else { return .say("not run: \(name) is not set") }
            state.setForRun(name, value)
            return .send(.run(.start))
        case .givenToRun(let name, let value):
            state.setForRun(name, value)
            return .none
        case .typedForBuild(let name, let value):
            guard !value.isEmpty else { return .send(.app(.dropBuild("not built: \(name) is not set"))) }
            state.set(value, for: SecretRow.Identity(name: name, phase: .build), origin: .typed)
            return .batch(.keepChoices, .startBuild)
        case .add(let text):
            state.add(text)
            return .keepChoices
        case .importEnvironment: return importEnvironment(state)
        case .importFile(let path): return importFile(path)
        case .runCommand(let identity, let command):
            guard !command.isEmpty else { return .none }
            return fetch(identity, .command(command)) { try await client.runCommand(command) }
        case .inspected(let inspection):
            state.setProject(inspection, choices: choices)
            return .none
        case .arrived(let identity, let origin, let value):
            state.set(value, for: identity, origin: origin)
            return .batch(.say("\(identity.name): \(value.count) characters, \(origin.text)"), .keepChoices)
        case .failed(let identity, let failure):
            state.update(identity) { $0.problem = failure.message }
            return .problem("\(failure)")
        case .imported(let origin, let values):
            let wanted = state.set(values, origin: origin)
            let others = values.count - Set(wanted.map(\.name)).count
            let rest = others > 0 ? "; \(others) that the project does not read were left out" : ""
            return .batch(.say("\(wanted.count) values from \(origin.text)\(rest)"), .keepChoices)
        }
    }

    private func find(_ variable: ProjectVariable, _ state: inout SecretsState) -> Outcome {
        let index = state.rows.firstIndex { $0.name == variable.name && $0.identity.phase == variable.phase }
        guard let index else { return .say("the name is computed at \(variable.file):\(variable.line)") }
        state.cursor.select(index, count: state.rows.count, height: 10)
        return .show(.secrets)
    }

    private func fetch(
        _ identity: SecretRow.Identity, _ origin: SecretRow.Origin,
        _ value: @escaping @Sendable () async throws -> SecretValue
    ) -> Outcome {
        .ask({ try await value() }, failed: { .secrets(.failed(identity, $0)) }) {
            .secrets(.arrived(identity, origin, $0))
        }
    }

    // MARK: Sources

    private func fetchAll(_ state: SecretsState, thenRun: Bool) -> Outcome {
        let wanted = state.unfetched.compactMap { row in row.origin?.source.map { (row.identity, $0) } }
        guard !wanted.isEmpty else { return .say("no secret waits to be fetched") }
        let fetch = Outcome.run(id: "secrets") { send in
            var values: [SecretRow.Identity: SecretValue] = [:]
            var failed: [SecretRow.Identity: Failure] = [:]
            for (identity, source) in wanted {
                do {
                    values[identity] = try await value(of: identity.name, from: source)
                } catch {
                    failed[identity] = Failure(error, or: .refused)
                }
            }
            send(.secrets(.fetched(values, failed: failed, thenRun: thenRun)))
        }
        return .batch(.say("fetching \(wanted.map(\.0.name).joined(separator: ", "))…"), fetch)
    }

    func value(of name: String, from source: SecretSource) async throws -> SecretValue {
        switch source {
        case .command(let command): return try await client.runCommand(command)
        case .file(let path):
            if let value = try await client.readVariables(FilePath(path))[name] { return value }
            throw Failure(.refused, "\(path) does not have \(name)")
        case .environment:
            if let value = await client.variable(name) { return value }
            throw Failure(.refused, "\(name) is not in the environment")
        }
    }

    private func take(
        _ values: [SecretRow.Identity: SecretValue], _ failed: [SecretRow.Identity: Failure], thenRun: Bool,
        _ state: inout SecretsState
    ) -> Outcome {
        for (identity, value) in values {
            guard let origin = state.rows.first(where: { $0.identity == identity })?.origin else { continue }
            state.set(value, for: identity, origin: origin)
            state.update(identity) { $0.isSecret = true }
        }
        for (identity, failure) in failed { state.update(identity) { $0.problem = failure.message } }
        guard let (identity, failure) = failed.min(by: { $0.key.name < $1.key.name }) else {
            let names = Set(values.keys.map(\.name)).sorted().joined(separator: ", ")
            return .batch(.say("fetched \(names)"), thenRun ? .send(.run(.start)) : .none)
        }
        return .problem("\(identity.name): \(failure)")
    }

    private func importEnvironment(_ state: SecretsState) -> Outcome {
        let names = state.rows.filter { $0.value == nil }.map(\.name)
        guard !names.isEmpty else { return .say("every variable has a value") }
        return .run { send in
            var found: [String: SecretValue] = [:]
            for name in names { found[name] = await client.variable(name) }
            send(.secrets(.imported(.environment, found)))
        }
    }

    private func importFile(_ path: String) -> Outcome {
        guard !path.isEmpty else { return .none }
        return .ask({ try await client.readVariables(FilePath(path)) }) { .secrets(.imported(.file(path), $0)) }
    }

    // MARK: Questions

    private func askForValue(of row: SecretRow) -> Outcome {
        let identity = row.identity
        let submit: @Sendable (String) -> ConsoleMessage = { .secrets(.typed(identity, SecretValue($0))) }
        guard !row.isSecret else {
            let help = "Type or paste the value; it is never shown. Esc leaves it as it was."
            return .prompt(Prompt(secret: row.name, help: help, submit: submit))
        }
        let text = row.value?.withValue { $0 } ?? ""
        return .prompt(Prompt(row.name, text: text, help: "Type the value; empty forgets it.", submit: submit))
    }

    private func askForAddition() -> Outcome {
        var prompt = Prompt("Add a variable of the build", help: "NAME=VALUE") { .secrets(.add($0)) }
        prompt.check = { SecretsState.problem(withAddition: $0) }
        prompt.masksSecrets = true
        return .prompt(prompt)
    }

    private func askForCommand(for row: SecretRow) -> Outcome {
        let before = if case .command(let command) = row.origin { command } else { "" }
        let help = "the first line that it prints is the value; the command is remembered, the value is not"
        let identity = row.identity
        return .prompt(
            Prompt("\(row.name) from a command", text: before, help: help) { .secrets(.runCommand(identity, $0)) })
    }

    private func openImports(_ state: SecretsState) -> Outcome {
        let name = state.selected?.name ?? "the variable"
        return .pick(
            "Import",
            [
                .init(text: "all that a file of NAME=VALUE lines has", chosen: .secrets(.askForFile)),
                .init(text: "all that is set in the environment", chosen: .secrets(.importEnvironment)),
                .init(
                    text: "\(name) from a command", detail: "pass show …, op read …", chosen: .secrets(.askForCommand)),
            ])
    }
}
