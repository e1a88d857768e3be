import SystemPackage
import TerminalUI

extension Updater {
    /// A prompt whose text has changed: searches and filters follow as one types.
    func typed(_ state: inout State, _ prompt: Prompt) -> Effects {
        var prompt = prompt
        switch prompt.purpose {
        case .search: prompt.problem = search(&state, prompt.text)
        case .filter: prompt.problem = filter(&state, prompt.text)
        default: prompt.problem = nil
        }
        state.overlay = .prompt(prompt)
        return lookOnIfBehind(state)
    }

    /// A prompt that was left with Esc.
    func dismissed(_ state: inout State, _ prompt: Prompt) -> Effects {
        switch prompt.purpose {
        case .search: state.build.log.search = nil
        case .filter: _ = filter(&state, "")
        default: return .none
        }
        return lookOn(&state)
    }

    /// A prompt that was ended with Enter.
    func submit(_ state: inout State, _ prompt: Prompt) -> Effects {
        var prompt = prompt
        if let problem = ReleaseState.problem(with: prompt.text, for: prompt.purpose) {
            prompt.problem = problem
            state.overlay = .prompt(prompt)
            return .none
        }
        state.overlay = nil
        if case .secret(let secret) = prompt.field { return submit(&state, secret, for: prompt.purpose) }
        let words = prompt.text.split { $0 == " " || $0 == "," }.map(String.init)
        switch prompt.purpose {
        case .image: state.release.image = prompt.text
        case .tags: state.release.tags = words
        case .outputs: state.release.outputs = words
        case .runImage: state.release.runImage = prompt.text.isEmpty ? nil : prompt.text
        default: return submit(&state, prompt, prompt.text)
        }
        return keepChoices(&state)
    }

    private func submit(_ state: inout State, _ prompt: Prompt, _ text: String) -> Effects {
        switch prompt.purpose {
        case .variable(let identity): return accept(text, for: identity, &state)
        case .secretCommand(let identity): return text.isEmpty ? .none : runSecretCommand(text, for: identity)
        case .environmentFile: return text.isEmpty ? .none : importFile(text)
        case .openProject:
            return text.isEmpty ? .none : change(to: state.path.pushing(FilePath(text)).lexicallyNormalized(), &state)
        case .addVariable:
            var prompt = prompt
            prompt.problem = state.secrets.add(text)
            if prompt.problem != nil { state.overlay = .prompt(prompt) }
            return prompt.problem == nil ? keepChoices(&state) : .none
        case .search: return finishSearch(&state, text)
        case .filter: return finishFilter(&state, text)
        default: return .none
        }
    }

    private func submit(_ state: inout State, _ secret: SecretFieldState, for purpose: Prompt.Purpose) -> Effects {
        var secret = secret
        let text = secret.withValue { $0 }
        secret.wipe()
        switch purpose {
        case .variable(let identity): return accept(text, for: identity, &state)
        case .runVariable(let name):
            guard !text.isEmpty else { return say(&state, "not run: \(name) is not set") }
            state.secrets.set(SecretValue(text), for: SecretRow.Identity(name: name, phase: .run), origin: .typed)
            state.secrets.update(SecretRow.Identity(name: name, phase: .run)) { $0.isSecret = true }
            return run(&state)
        default: return .none
        }
    }

    /// A line of a picker that was chosen.
    func choose(_ state: inout State, _ purpose: Picker.Item.Purpose) -> Effects {
        switch purpose {
        case .openProject(let path): return change(to: path, &state)
        case .askForProject: return ask(&state, Prompt(.openProject, title: "Open a project", help: "its folder"))
        case .theme(let name):
            state.theme = name
            return say(&state, "theme \(name)")
        case .option(let action): return choose(option: action, &state)
        case .pastBuild(let id): return openPastBuild(&state, id)
        case .importFile:
            return ask(
                &state,
                Prompt(.environmentFile, title: "Import from a file", text: ".env", help: "a file of NAME=VALUE lines"))
        case .importEnvironment: return importFromEnvironment(&state)
        case .importCommand:
            guard let row = state.secrets.selected else { return .none }
            let before = if case .command(let command) = row.origin { command } else { "" }
            return ask(
                &state,
                Prompt(
                    .secretCommand(row.identity), title: "\(row.name) from a command", text: before,
                    help: "the first line that it prints is the value; the command is remembered, the value is not"))
        case .choice(let choice): return choose(choice, &state)
        }
    }

    /// A line of a picker that the cursor is on: themes show at once.
    func preview(_ state: inout State, _ picker: Picker) -> Effects {
        if picker.items.indices.contains(picker.cursor.selection),
            case .theme(let name) = picker.items[picker.cursor.selection].purpose
        {
            state.theme = name
        }
        return .none
    }

    func askForTheme(_ state: inout State) -> Effects {
        let names = state.settings.themes.map(\.name)
        let items = names.map { Picker.Item(text: $0, detail: $0 == state.theme ? "now" : "", purpose: .theme($0)) }
        let list = ListState(selection: names.firstIndex(of: state.theme) ?? 0)
        state.overlay = .picker(Picker(title: "Theme", items: items, cursor: list, before: state.theme))
        return .none
    }
}

extension ConsoleState {
    /// The theme by its name.
    var currentTheme: Theme { settings.themes.first { $0.name == theme } ?? .terminal }
}
