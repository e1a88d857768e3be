import SystemPackage
import TerminalUI

extension Updater {
    func say(_ state: inout State, _ text: String) -> Effects {
        state.status = StatusMessage(text: text)
        return .none
    }

    /// Says what went wrong; what the line has no room for is shown whole, for its end says what to try.
    func say(_ state: inout State, problem: String) -> Effects {
        let line = String(problem.map { $0.isNewline ? " " : $0 })
        state.status = StatusMessage(text: line, isProblem: true)
        if state.overlay == nil, line.columns > state.size.width - 2 {
            let width = max(20, min(state.size.width - 8, 100))
            let lines = problem.split(whereSeparator: \.isNewline).flatMap { TextWrap.lines(String($0), width: width) }
            state.overlay = .viewer(Viewer(title: "problem", lines: lines))
        }
        return .none
    }

    /// Copies the chosen row, or all that the pane shows.
    ///
    /// A secret is never among it: panes do not show any.
    func copy(_ state: inout State, all: Bool) -> Effects {
        let pane = state.focusedPane
        if pane == .log {
            let text = state.build.log.text(in: state.build.build.log, all: all)
            state.build.log.rangeStart = nil
            return copy(&state, text)
        }
        if pane == .commandLine || (pane == .releases && state.release.releases.isEmpty) {
            return copyCommandLine(&state)
        }
        if let path = State.cursorPath(of: pane), let rows = state.rows(of: pane) {
            let index = state[keyPath: path].selection
            let text =
                all
                ? rows.map(\.text).joined(separator: "\n") + "\n" : rows.indices.contains(index) ? rows[index].text : ""
            return copy(&state, text)
        }
        let width = max(1, (state.layout.rect(of: pane)?.width ?? 80) - 4)
        return copy(&state, state.text(of: pane, width: width).map(\.text).joined(separator: "\n") + "\n")
    }

    private func copyCommandLine(_ state: inout State) -> Effects {
        if state.focusedPane == .releases, let project = state.project.inspection?.project {
            return copy(&state, ReleaseRows.snippet(for: project) + "\n")
        }
        do {
            let request = try state.release.request(project: state.path, variables: state.secrets.buildVariables)
            return copy(&state, CommandLineText.text(for: request, secretCommands: state.secrets.commands))
        } catch {
            return say(&state, problem: "\(error)")
        }
    }

    func copyCommand(_ state: inout State) -> Effects {
        let build = state.build.build
        guard let command = build.failedCommand ?? build.commands.last else { return say(&state, "no command has run") }
        return copy(&state, command.text)
    }

    func copy(_ state: inout State, _ text: String) -> Effects {
        guard !text.isEmpty else { return say(&state, "nothing to copy") }
        return .run { send in send(.copied(text, await environment.copy(text))) }
    }

    /// Tells which way a copied text took; the terminal's own (OSC 52) is the last one.
    func copied(_ state: inout State, _ text: String, _ receipt: ClipboardReceipt?) -> Effects {
        if let receipt { return say(&state, "copied \(receipt.bytes) bytes by \(receipt.way)") }
        guard text.utf8.count <= 74_000 else {
            return say(
                &state, problem: "too long for the terminal's clipboard: \(text.utf8.count) bytes; s saves it to a file"
            )
        }
        return .batch(say(&state, "copied \(text.utf8.count) bytes by OSC 52"), .setClipboard(text))
    }

    func saveLog(_ state: inout State) -> Effects {
        let text = state.build.log.text(in: state.build.build.log, all: true)
        return save(&state, name: "mixpack-build.log", text)
    }

    func save(_ state: inout State, name: String, _ text: String) -> Effects {
        .run { send in
            do {
                send(.saved(.success(try await environment.saveText(name, text))))
            } catch {
                send(.saved(.failure(ConsoleFailure(error))))
            }
        }
    }

    func saved(_ state: inout State, _ result: Result<FilePath, ConsoleFailure>) -> Effects {
        switch result {
        case .success(let path): say(&state, "saved to \(path)")
        case .failure(let failure): say(&state, problem: "\(failure)")
        }
    }
}
