import Lifecycle
import SystemPackage
import TerminalUI

extension Updater {
    func askForValue(_ state: inout State) -> Effects {
        guard let row = state.secrets.selected else {
            return ask(&state, Prompt(.addVariable, title: "Add a variable of the build", help: "NAME=VALUE"))
        }
        state.overlay = .prompt(
            row.isSecret
                ? Prompt(
                    secret: .variable(row.identity), title: row.name,
                    help: "Type or paste the value; it is never shown. Esc leaves it as it was.")
                : Prompt(
                    .variable(row.identity), title: row.name, text: row.value?.withValue { $0 } ?? "",
                    help: "Type the value; none forgets it."))
        return .none
    }

    func generate(_ state: inout State) -> Effects {
        guard let identity = state.secrets.selected?.identity else { return .none }
        return .run { send in
            do {
                send(.secretArrived(identity, .generated, .success(try await environment.generateSecret(64))))
            } catch {
                send(.secretArrived(identity, .generated, .failure(ConsoleFailure(error))))
            }
        }
    }

    func askForImport(_ state: inout State) -> Effects {
        let name = state.secrets.selected?.name ?? "the variable"
        state.overlay = .picker(
            Picker(
                title: "Import",
                items: [
                    .init(text: "all that a file of NAME=VALUE lines has", purpose: .importFile),
                    .init(text: "all that is set in the environment", purpose: .importEnvironment),
                    .init(text: "\(name) from a command", detail: "pass show …, op read …", purpose: .importCommand),
                ]))
        return .none
    }

    func importFromEnvironment(_ state: inout State) -> Effects {
        let identities = state.secrets.rows.filter { $0.value == nil }.map(\.identity)
        guard !identities.isEmpty else { return say(&state, "every variable has a value") }
        return .run { send in
            var found: [String: SecretValue] = [:]
            for identity in identities { found[identity.name] = await environment.variable(identity.name) }
            send(.variablesRead(.environment, .success(found)))
        }
    }

    func importFile(_ path: String) -> Effects {
        .run { send in
            do {
                send(.variablesRead(.file(path), .success(try await environment.readVariables(FilePath(path)))))
            } catch {
                send(.variablesRead(.file(path), .failure(ConsoleFailure(error))))
            }
        }
    }

    func runSecretCommand(_ command: String, for identity: SecretRow.Identity) -> Effects {
        .run { send in
            do {
                let value = try await environment.runSecretCommand(command)
                send(.secretArrived(identity, .command(command), .success(value)))
            } catch {
                send(.secretArrived(identity, .command(command), .failure(ConsoleFailure(error))))
            }
        }
    }

    func take(
        _ state: inout State, _ result: Result<SecretValue, ConsoleFailure>, for identity: SecretRow.Identity,
        from origin: SecretRow.Origin
    ) -> Effects {
        switch result {
        case .success(let value):
            state.secrets.set(value, for: identity, origin: origin)
            return .batch(
                say(&state, "\(identity.name): \(value.count) characters, \(origin.text)"), keepChoices(&state))
        case .failure(let failure):
            state.secrets.update(identity) { $0.problem = failure.message }
            return say(&state, problem: "\(failure)")
        }
    }

    /// Takes values by name for the variables in the list; others are left where they are.
    func take(
        _ state: inout State, _ result: Result<[String: SecretValue], ConsoleFailure>, from origin: SecretRow.Origin
    ) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let values):
            let wanted = state.secrets.rows.map(\.identity).filter { values[$0.name] != nil }
            for identity in wanted {
                if let value = values[identity.name] { state.secrets.set(value, for: identity, origin: origin) }
            }
            let others = values.count - Set(wanted.map(\.name)).count
            let rest = others > 0 ? "; \(others) that the project does not read were left out" : ""
            return .batch(say(&state, "\(wanted.count) values from \(origin.text)\(rest)"), keepChoices(&state))
        }
    }

    /// Takes a typed value; an empty one forgets what was there.
    func accept(_ text: String, for identity: SecretRow.Identity, _ state: inout State) -> Effects {
        guard !text.isEmpty else {
            state.secrets.clear(identity)
            return keepChoices(&state)
        }
        state.secrets.set(SecretValue(text), for: identity, origin: .typed)
        return keepChoices(&state)
    }
}

extension SecretsState {
    /// Takes a variable that a command line gave to the build: its value is there for Run too, where it is wanted.
    mutating func give(_ variable: PlatformVariable) {
        let identity = SecretRow.Identity(name: variable.name, phase: .build)
        given[variable.name] = SecretValue(variable.value)
        set(SecretValue(variable.value), for: identity, origin: .flag)
        update(identity) { $0.isSecret = variable.isSecret }
    }

    /// Takes `NAME=VALUE` as a variable of the build; says what is wrong with it.
    mutating func add(_ text: String) -> String? {
        let name = text.prefix { $0 != "=" }
        guard name.count < text.count else { return "write NAME=VALUE" }
        guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            return "a name has letters, digits and _, and does not begin with a digit"
        }
        let value = SecretValue(String(text.dropFirst(name.count + 1)))
        set(value, for: SecretRow.Identity(name: String(name), phase: .build), origin: .typed)
        return nil
    }
}
