import MixInspection
import SystemPackage
import TerminalUI

extension Updater {
    func take(_ state: inout State, _ inspection: ProjectInspection) -> Effects {
        guard inspection.path == state.path || state.project.inspection == nil else { return .none }
        state.path = inspection.path
        state.project.inspection = inspection
        if state.release.image.isEmpty { state.release.image = inspection.suggestedImage }
        state.release.take(inspection)
        state.secrets.take(inspection, choices: state.choices)
        if inspection.needsTrust, !state.project.wasAskedForTrust { askForTrust(&state) }
        return .none
    }

    /// Asks, once a project, whether its code may run without a sandbox.
    func askForTrust(_ state: inout State) {
        state.project.wasAskedForTrust = true
        state.overlay = .confirmation(
            Confirmation(
                title: "Trust this project?",
                lines: [
                    "There is no sandbox on this machine: mixpack doctor says why, and the cure.",
                    "Without one mix.exs and everything else of the project runs as you, with your files.",
                    "y keeps the answer for \(state.path); n leaves it at what can be read.",
                ], purpose: .trustProject))
    }

    /// Keeps that the project is trusted.
    func trust(_ path: FilePath) -> Effects {
        .run { send in
            do {
                try await environment.trustProject(path)
                send(.trustKept(.success(path)))
            } catch {
                send(.trustKept(.failure(ConsoleFailure(error))))
            }
        }
    }

    /// Goes on with what the question was about: the look at the project, and the build where one was to start.
    func take(_ state: inout State, trust result: Result<FilePath, ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let path):
            guard case .failed(let failure)? = state.build.build.outcome, failure.needsTrust == true else {
                return inspect(path)
            }
            return .batch(inspect(path), startBuild(&state))
        }
    }

    func take(_ state: inout State, _ choices: Choices?) -> Effects {
        guard let choices else { return .none }
        state.choices = choices
        // What a command line asked for comes before what was chosen last time.
        if !state.build.hasBuild && state.screen != .build { state.release.take(choices) }
        if let inspection = state.project.inspection { state.release.take(inspection) }
        if let inspection = state.project.inspection { state.secrets.take(inspection, choices: choices) }
        return .none
    }

    /// Keeps what was chosen; secrets are never among it.
    func keepChoices(_ state: inout State) -> Effects {
        let choices = Choices(state.release, state.secrets)
        guard choices != state.choices else { return .none }
        state.choices = choices
        let path = state.path
        return .run { _ in await environment.saveChoices(path, choices) }
    }

    func askForRecent() -> Effects { .run { send in send(.recentLoaded(await environment.recentProjects())) } }

    func show(_ state: inout State, _ recent: [RecentProject]) -> Effects {
        state.recent = recent
        var items = recent.filter { $0.path != state.path }.map { project in
            Picker.Item(text: "\(project.path)", detail: project.age, purpose: .openProject(project.path))
        }
        items.append(Picker.Item(text: "another folder…", purpose: .askForProject))
        state.overlay = .picker(Picker(title: "Open a project", items: items))
        return .none
    }

    /// Leaves this project for another one; not while a build is at work.
    func change(to path: FilePath, _ state: inout State) -> Effects {
        guard !state.build.build.isRunning else { return say(&state, problem: "a build is at work; cancel it first") }
        state.build = BuildScreenState()
        state.release = ReleaseState()
        state.secrets = SecretsState()
        state.image = ImageState()
        state.choices = nil
        state.screen = .project
        state.focus = [:]
        return open(project: path, &state)
    }

    func openUmbrella(_ state: inout State) -> Effects {
        guard let root = state.project.inspection?.project?.umbrellaRoot else { return .none }
        return change(to: state.path.pushing(FilePath(root)).lexicallyNormalized(), &state)
    }

    /// Shows a problem of the project in full.
    func showFinding(_ state: inout State) -> Effects {
        let findings = ProjectRows.findings(state.project.inspection)
        guard findings.indices.contains(state.project.findings.selection) else { return .none }
        let finding = findings[state.project.findings.selection].finding
        let width = max(20, min(state.size.width - 8, 100))
        var lines = TextWrap.lines(finding.text, width: width)
        if let file = finding.file { lines += ["", file + (finding.line.map { ":\($0)" } ?? "")] }
        if let advice = finding.advice { lines += [""] + TextWrap.lines(advice, width: width) }
        state.overlay = .viewer(Viewer(title: finding.severity.rawValue, lines: lines))
        return .none
    }
}
