import TerminalUI

extension Updater {
    /// The things that can be switched while the console is open, each with how it stands.
    func askForOption(_ state: inout State, selection: Int = 0) -> Effects {
        let items = Self.options(of: state).map { action, text, value in
            Picker.Item(text: text, detail: value, purpose: .option(action))
        }
        state.overlay = .picker(
            Picker(
                title: "Options",
                lines: ["Enter changes one. config.toml keeps theme, mouse, ascii, bell-after and keys.", ""],
                items: items, cursor: ListState(selection: selection)))
        return .none
    }

    /// Changes an option and shows how it stands now.
    func choose(option action: Action, _ state: inout State) -> Effects {
        let index = Self.options(of: state).firstIndex { $0.action == action } ?? 0
        let effects = perform(&state, action)
        return state.overlay == nil ? .batch(effects, askForOption(&state, selection: index)) : effects
    }

    private static func options(of state: State) -> [(action: Action, text: String, value: String)] {
        let log = state.build.log
        let times =
            switch log.timestamps {
            case .off: "none"
            case .sinceStart: "since the start"
            case .sincePrevious: "since the line before"
            }
        return [
            (.theme, "Theme", state.theme), (.ascii, "ASCII only", word(state.usesASCII)),
            (.mouse, "Mouse", state.settings.allowsMouse ? word(state.usesMouse) : "off by --no-mouse"),
            (.follow, "Log: follow the end", word(log.follows)), (.wrap, "Log: wrap long lines", word(log.wraps)),
            (.timestamps, "Log: times", times), (.level, "Log: lines", log.index.level.rawValue),
            (.watch, "Build when a file is saved", word(state.build.watches)),
            (.debug, "Print commands, from the next build on", word(state.release.debug)),
            (.sort, "Files: sorted by", state.image.files.sort.rawValue),
            (.permissions, "Files: permissions and owners", word(state.image.files.showsPermissions)),
        ]
    }

    private static func word(_ isOn: Bool) -> String { isOn ? "on" : "off" }

    // MARK: Themes

    /// Reads the themes anew: a file may have been edited in another window.
    func readThemes() -> Effects {
        .run(id: "themes") { send in
            do {
                send(.themesLoaded(.success(try await environment.themes())))
            } catch {
                send(.themesLoaded(.failure(ConsoleFailure(error))))
            }
        }
    }

    func take(_ state: inout State, _ result: Result<[Theme]?, ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(nil): return .none
        case .success(let themes?):
            guard themes != state.settings.themes else { return .none }
            state.settings.themes = themes
            return .none
        }
    }
}
