/// What the user has chosen for the console, for all projects: there again at the next start.
///
/// A flag and config.toml win over it.
package struct ConsolePreferences: Sendable, Hashable, Codable {
    /// Whether choices are kept; `nil` until the user was asked.
    package var keeps: Bool?
    package var theme: String?
    package var mouse: Bool?
    package var ascii: Bool?
    /// Whether long lines of the log go on in the next row.
    package var wrapsLog: Bool?

    package init() {}
}

extension ConsoleState {
    /// What is chosen now.
    var chosenPreferences: ConsolePreferences {
        var chosen = ConsolePreferences()
        chosen.keeps = preferences.keeps
        chosen.theme = theme
        chosen.mouse = usesMouse
        chosen.ascii = usesASCII
        chosen.wrapsLog = build.log.kept.wraps
        return chosen
    }
}

extension ConsoleUpdate {
    /// Asks once whether what was chosen counts the next time too; later choices are kept without a question.
    func offerToKeep(_ state: inout ConsoleState, _ question: String) -> Outcome {
        guard state.preferences.keeps == nil else { return savePreferences(&state) }
        guard state.chosenPreferences != state.preferences else { return .none }
        return .confirm(
            question, ["y keeps it, and later choices too. mixpack writes them to its own folder, never to a project."],
            yes: .app(.keepPreferences(true)), no: .app(.keepPreferences(false)))
    }

    func keepPreferences(_ keeps: Bool, _ state: inout ConsoleState) -> Outcome {
        state.preferences.keeps = keeps
        guard !keeps else { return .batch(.say("kept for the next time"), savePreferences(&state)) }
        let answer = state.preferences
        return .batch(
            .say("not kept; config.toml can name a theme"), .run { _ in await app.savePreferences(answer) })
    }

    /// Keeps what is chosen now, if the user wants that.
    func savePreferences(_ state: inout ConsoleState) -> Outcome {
        let chosen = state.chosenPreferences
        guard state.preferences.keeps == true, chosen != state.preferences else { return .none }
        state.preferences = chosen
        return .run { _ in await app.savePreferences(chosen) }
    }
}
