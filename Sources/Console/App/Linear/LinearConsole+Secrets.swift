import Diagnostics
import SystemPackage

extension LinearConsole {
    /// Step 3: the variables that the project reads, one after another as the user chooses them.
    func askForSecrets(_ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.sayLines(["", "Step 3, variables and secrets"])
        while true {
            let rows = session.secrets.rows
            let choices = ["go on"] + rows.map(LinearText.variable) + ["add a variable of the build", "import a file"]
            let missing = rows.firstIndex { $0.isMissing && $0.identity.phase == .build }
            let index = try await terminal.choose(
                rows.isEmpty
                    ? session.secrets.knowledge.sentence : "Which variable do you want to set?",
                choices,
                default: missing.map { $0 + 1 } ?? 0)
            switch index {
            case 0: return await keepChoices(&session)
            case rows.count + 1: try await addVariable(&session)
            case rows.count + 2: try await importFile(&session)
            default: try await askForValue(of: rows[index - 1], &session)
            }
        }
    }

    private func askForValue(of row: SecretRow, _ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.say(SecretAdvice.explanation(for: row))
        for warning in SecretAdvice.warnings(for: row) { terminal.say("warning: \(warning)") }
        let ways = [
            "type it", "take it from the environment", "make a random one of 64 characters", "from a command",
            "forget it", "leave it as it is",
        ]
        switch try await terminal.choose("\(row.name):", ways) {
        case 0: try await type(row, &session)
        case 1: keep(await clients.secrets.variable(row.name), .environment, "it is not set there", row, &session)
        case 2: await fetch(.generated, row, &session) { try await clients.secrets.generate(64) }
        case 3:
            let command = try await terminal.text("Command that prints it, for example pass show \(row.name)")
            await fetch(.command(command), row, &session) { try await clients.secrets.runCommand(command) }
        case 4: session.secrets.clear(row.identity)
        default: break
        }
    }

    private func type(_ row: SecretRow, _ session: inout Session) async throws(LinearTerminal.Left) {
        if row.isSecret {
            guard let value = await terminal.askSecretly("\(row.name), not shown while you type: ") else {
                throw LinearTerminal.Left()
            }
            keep(value.isEmpty ? nil : value, .typed, "nothing was typed", row, &session)
        } else {
            let value = try await terminal.text(row.name, default: row.value?.withValue { $0 } ?? "")
            keep(value.isEmpty ? nil : SecretValue(value), .typed, "nothing was typed", row, &session)
        }
    }

    private func fetch(
        _ origin: SecretRow.Origin, _ row: SecretRow, _ session: inout Session,
        from source: () async throws -> SecretValue
    ) async {
        do {
            keep(try await source(), origin, "", row, &session)
        } catch {
            terminal.say("not set: \(Failure(error, or: .refused))")
        }
    }

    private func keep(
        _ value: SecretValue?, _ origin: SecretRow.Origin, _ reason: String, _ row: SecretRow, _ session: inout Session
    ) {
        guard let value else { return terminal.say("not set: \(reason)") }
        session.secrets.set(value, for: row.identity, origin: origin)
        terminal.say("\(row.name) is set, \(value.count) characters")
    }

    private func addVariable(_ session: inout Session) async throws(LinearTerminal.Left) {
        let text = try await terminal.text("NAME=VALUE")
        if let problem = SecretsState.problem(withAddition: text) { return terminal.say("not taken: \(problem)") }
        session.secrets.add(text)
    }

    private func importFile(_ session: inout Session) async throws(LinearTerminal.Left) {
        let file = try await terminal.text("File of NAME=VALUE lines", default: ".env")
        do {
            let values = try await clients.secrets.readVariables(FilePath(file))
            let wanted = session.secrets.set(values, origin: .file(file))
            terminal.say("\(wanted.count) variables are set from \(file)")
        } catch {
            terminal.say("not read: \(Failure(error, or: .refused))")
        }
    }
}
