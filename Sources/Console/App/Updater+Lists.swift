import SystemPackage
import TerminalUI

extension Updater {
    func move(_ state: inout State, _ action: Action) -> Effects {
        let pane = state.focusedPane
        let page = state.height(of: pane)
        let steps: Int =
            switch action {
            case .up: -1
            case .down: 1
            case .halfUp: -max(1, page / 2)
            case .halfDown: max(1, page / 2)
            case .pageUp: -page
            case .pageDown: page
            case .top: -1_000_000_000
            default: 1_000_000_000
            }
        if pane == .log {
            state.build.log.move(by: steps, in: state.build.build.log)
        } else if let path = State.cursorPath(of: pane), let count = state.rows(of: pane)?.count {
            state[keyPath: path].move(by: steps, count: count, height: page)
            if pane == .imageLayers { state.image.factsTop = 0 }
        } else if pane == .files {
            let count = state.image.files.rows.count
            state.image.files.list.move(by: steps, count: count, height: page)
        } else if pane == .facts {
            state.image.factsTop = max(0, min(state.image.factsTop + steps, 1000))
        }
        return .none
    }

    func sideways(_ state: inout State, _ action: Action) -> Effects {
        guard state.focusedPane == .log, !state.build.log.wraps else { return .none }
        let half = max(1, ((state.layout.rect(of: .log)?.width ?? 80) - 4) / 2)
        let step: Int =
            switch action {
            case .left: -8
            case .right: 8
            case .scrollLeft: -half
            default: half
            }
        state.build.log.column = max(0, state.build.log.column + step)
        return .none
    }

    /// Enter: what it does depends on the pane.
    func open(_ state: inout State) -> Effects {
        switch state.focusedPane {
        case .tree, .plan: return show(&state, .release)
        case .findings: return showFinding(&state)
        case .reads: return showVariable(&state)
        case .releases: return chooseRelease(&state)
        case .form: return changeField(&state)
        case .variables: return askForValue(&state)
        case .layers: return openLayer(&state)
        case .problems: return goToSelectedProblem(&state)
        case .imageLayers:
            state.focus[.image] = .files
            return .none
        default: return .none
        }
    }

    private func chooseRelease(_ state: inout State) -> Effects {
        let releases = state.release.releases
        guard releases.indices.contains(state.release.list.selection) else { return .none }
        state.release.choose(releases[state.release.list.selection].name)
        return .batch(say(&state, "release \(state.release.chosen ?? "")"), keepChoices(&state))
    }

    /// Changes a line of the form: text is asked for, a switch is switched.
    func changeField(_ state: inout State) -> Effects {
        let release = state.release
        let prompt: Prompt
        switch release.selectedField {
        case .image:
            prompt = Prompt(
                .image, title: "Image name", text: release.image,
                help: "[registry/]name[:tag], for example my-image:1.0")
        case .outputs:
            prompt = Prompt(
                .outputs, title: "Also write to", text: release.outputs.joined(separator: " "),
                help:
                    "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker://REF; several with blanks between them"
            )
        case .tags:
            prompt = Prompt(
                .tags, title: "More names", text: release.tags.joined(separator: " "),
                help: "several with blanks between them")
        case .runImage:
            prompt = Prompt(
                .runImage, title: "Run image", text: release.runImage ?? "",
                help: "a place or a name; none takes the one that is made from this machine")
        case .engine, .distribution, .tryStart, .clearCache, .debug: return toggle(&state)
        }
        return ask(&state, prompt)
    }

    func toggle(_ state: inout State) -> Effects {
        guard state.focusedPane == .form else { return open(&state) }
        switch state.release.selectedField {
        case .engine: state.release.usesEngine.toggle()
        case .distribution: state.release.nextProfile()
        case .tryStart: state.release.triesStart.toggle()
        case .clearCache: state.release.clearsCache.toggle()
        case .debug: state.release.debug.toggle()
        default: return changeField(&state)
        }
        return keepChoices(&state)
    }

    func clearValue(_ state: inout State) -> Effects {
        guard let identity = state.secrets.selected?.identity else { return .none }
        state.secrets.clear(identity)
        return .batch(say(&state, "\(identity.name) is not set"), keepChoices(&state))
    }

    /// A layer of the build opened on the Image screen.
    private func openLayer(_ state: inout State) -> Effects {
        guard let layer = state.selectedLayer else { return .none }
        if state.image.contents == nil || state.build.build.isRunning {
            state.image.contents = ImageContents(build: state.build.build)
        }
        let layers = state.image.contents?.layers ?? []
        let index = layers.firstIndex { $0.buildpack == layer.layer.buildpack && $0.name == layer.layer.name } ?? 0
        state.image.layers.select(index, count: layers.count, height: 10)
        state.screen = .image
        state.focus[.image] = .files
        return .none
    }

    private func showVariable(_ state: inout State) -> Effects {
        guard let variables = state.project.inspection?.project?.variables,
            variables.indices.contains(state.project.reads.selection)
        else { return .none }
        let variable = variables[state.project.reads.selection]
        let index = state.secrets.rows.firstIndex { $0.name == variable.name && $0.identity.phase == variable.phase }
        guard let index else { return say(&state, "the name is computed at \(variable.file):\(variable.line)") }
        state.secrets.cursor.select(index, count: state.secrets.rows.count, height: 10)
        return show(&state, .secrets)
    }

    /// Opens the place that a row names in the user's editor.
    func edit(_ state: inout State) -> Effects {
        guard let (file, line) = state.place else { return say(&state, "no place in a file is chosen") }
        let words = environment.editorCommand(state.path.pushing(FilePath(file)), line)
        return .withTerminalSuspended {
            do {
                return .ranInteractively(
                    "the editor", .success(try await environment.runInteractively(InteractiveCommand(words))))
            } catch {
                return .ranInteractively("the editor", .failure(ConsoleFailure(error)))
            }
        }
    }
}

extension ConsoleState {
    /// The place in the project that the chosen row names.
    var place: (file: String, line: Int?)? {
        switch focusedPane {
        case .findings:
            let findings = ProjectRows.findings(project.inspection)
            guard findings.indices.contains(project.findings.selection) else { return nil }
            let finding = findings[project.findings.selection].finding
            return finding.file.map { ($0, finding.line) }
        case .reads:
            let variables = project.inspection?.project?.variables ?? []
            guard variables.indices.contains(project.reads.selection) else { return nil }
            return (variables[project.reads.selection].file, variables[project.reads.selection].line)
        case .variables, .explanation: return secrets.selected?.uses.first.map { ($0.file, $0.line) }
        case .problems:
            guard build.build.problems.indices.contains(build.problems.selection) else { return nil }
            let diagnostic = build.build.problems[build.problems.selection].diagnostic
            return diagnostic.file.map { ($0, diagnostic.line) }
        default: return nil
        }
    }
}
