import MixInspection
import SystemPackage
import TerminalUI

/// What the console writes into a project: only after a yes to what it shows.
extension Updater {
    /// Works out the `releases:` entry that an umbrella lacks, to be shown.
    func proposeRelease(_ state: inout State) -> Effects {
        guard let project = state.project.inspection?.project, project.kind == .umbrella,
            !project.releases.contains(where: \.isDefined)
        else { return say(&state, "mix.exs needs no entry: only an umbrella without releases does") }
        let path = state.path
        return .run { send in
            do {
                send(.releaseProposed(.success(try await environment.proposeRelease(path, project))))
            } catch {
                send(.releaseProposed(.failure(ConsoleFailure(error))))
            }
        }
    }

    /// Shows the change, and asks.
    func take(_ state: inout State, proposed result: Result<MixFileEdit, ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let edit):
            let lines = edit.difference.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            state.overlay = .confirmation(
                Confirmation(title: "Write this to mix.exs?", lines: lines, purpose: .writeRelease(edit)))
            return .none
        }
    }

    /// Writes the change that was shown.
    func write(_ edit: MixFileEdit) -> Effects {
        .run { send in
            do {
                try await environment.writeEdit(edit)
                send(.editWritten(.success(edit.path)))
            } catch {
                send(.editWritten(.failure(ConsoleFailure(error))))
            }
        }
    }

    func take(_ state: inout State, written result: Result<FilePath, ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): say(&state, problem: "\(failure)")
        case .success(let path): .batch(say(&state, "wrote \(path)"), inspect(state.path))
        }
    }

    /// Writes project.toml, or asks whether to replace the one that is there.
    func writeProjectFile(_ state: inout State, replaces: Bool) -> Effects {
        let kept = keepChoices(&state)
        let (path, choices) = (state.path, state.choices ?? Choices())
        return .batch(
            kept,
            .run { send in
                do {
                    send(
                        .projectFileWritten(
                            .success(try await environment.writeProjectFile(path, choices, replaces))))
                } catch {
                    send(.projectFileWritten(.failure(ConsoleFailure(error))))
                }
            })
    }

    func take(_ state: inout State, projectFile result: Result<FilePath?, ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let path?): return say(&state, "wrote \(path)")
        case .success(nil):
            state.overlay = .confirmation(
                Confirmation(
                    title: "Replace project.toml?", lines: ["There is one already. What is in it is lost."],
                    purpose: .replaceProjectFile))
            return .none
        }
    }
}
