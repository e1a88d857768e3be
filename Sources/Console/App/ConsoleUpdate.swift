import SystemPackage
import TerminalUI

/// Routes messages to the screens, and handles what all screens share.
///
/// The clients' closures run only inside effects.
struct ConsoleUpdate: Sendable {
    let app: AppClient
    let project: ProjectScreen
    let release: ReleaseScreen
    let secrets: SecretsScreen
    let build: BuildScreen
    let image: ImageScreen
    let run: RunScreen
    let images: ImagesScreen

    init(_ clients: ConsoleClients, bellAfter: Double? = nil) {
        app = clients.app
        project = ProjectScreen(client: clients.project)
        release = ReleaseScreen(client: clients.release)
        secrets = SecretsScreen(client: clients.secrets)
        build = BuildScreen(client: clients.build, bellAfter: bellAfter)
        image = ImageScreen(client: clients.image, containers: clients.containers)
        run = RunScreen(client: clients.run)
        images = ImagesScreen(client: clients.images)
    }

    func update(_ state: inout ConsoleState, _ message: ConsoleMessage) -> Effect<ConsoleMessage> {
        finish(receive(&state, message), &state)
    }

    /// Carries out an outcome, and then what follows every update.
    private func finish(_ outcome: Outcome, _ state: inout ConsoleState) -> Effect<ConsoleMessage> {
        var effects = carryOut(outcome, &state)
        if state.screen == .image {
            effects += carryOut(image.followLayer(&state.image), &state)
            effects += carryOut(image.followTreemap(&state.image), &state)
        }
        if state.screen == .build {
            effects += carryOut(
                build.followStop(&state.build, project: state.project.path, secrets: state.secrets), &state)
        }
        if state.screen == .release { state.updateCommandLine() }
        state.settle()
        return .batch(effects)
    }

    private func carryOut(_ outcome: Outcome, _ state: inout ConsoleState) -> [Effect<ConsoleMessage>] {
        var effects: [Effect<ConsoleMessage>] = []
        for step in outcome.steps {
            switch step {
            case .effect(let effect): effects.append(effect)
            case .message(let message): effects += carryOut(receive(&state, message), &state)
            }
        }
        return effects
    }

    private func receive(_ state: inout ConsoleState, _ message: ConsoleMessage) -> Outcome {
        switch message {
        case .input(let event): handle(event, &state)
        case .perform(let action): perform(action, &state)
        case .app(let message): receive(message, &state)
        case .project(let message): receive(message, &state)
        case .release(let message): release.receive(message, &state.release)
        case .secrets(let message): secrets.receive(message, &state.secrets, choices: state.keptChoices)
        case .build(let message): receive(message, &state)
        case .image(let message): receive(message, &state)
        case .run(let message): run.receive(message, &state.run, state.aroundContainer)
        case .images(let message): images.receive(message, &state.images)
        }
    }

    /// Does what a key, a click, the help or the palette asked for.
    func perform(_ action: Action, _ state: inout ConsoleState) -> Outcome {
        switch action {
        case .app(let action): return perform(action, &state)
        case .list(let action): return perform(action, &state)
        case .search(let action): return perform(action, &state)
        case .project(let action): return project.perform(action, state.project, context: state.release.context)
        case .release(let action): return release.perform(action, &state.release, focus: state.focusedPane)
        case .secrets(let action): return secrets.perform(action, &state.secrets)
        case .build(let action):
            return build.perform(
                action, &state.build, project: state.project.path, context: state.release.context,
                secrets: state.secrets)
        case .log(.pager) where state.screen == .run: return run.openLog(state.run)
        case .log(let action):
            let pager = build.client.pagerCommand
            return state.screen == .run
                ? state.run.perform(action, pager: pager) : state.build.perform(action, pager: pager)
        case .image(let action):
            return image.perform(action, &state.image, inspection: state.project.inspection)
        case .run(let action): return run.perform(action, &state.run, state.aroundContainer)
        case .images(let action): return images.perform(action, &state.images, focus: state.focusedPane)
        case .files(let action):
            return image.perform(action, &state.image, area: state.layout.rect(of: .files)?.inset() ?? .zero)
        }
    }

    /// A build that waited for the project begins once all is known that it may have to ask for.
    private func receive(_ message: ProjectScreen.Message, _ state: inout ConsoleState) -> Outcome {
        let received = project.receive(
            message, &state.project, choices: state.choices, context: state.release.context)
        guard case .inspected = message else { return received }
        // That the project reads where its database is may be known only now.
        let isNews = state.readsDatabase && state.run.database.look == nil
        let outcome = isNews ? Outcome.batch(received, .send(.run(.database(.look)))) : received
        guard state.pendingBuild != nil, state.isProjectKnown, state.overlay == nil else {
            return outcome
        }
        return .batch(outcome, .startBuild)
    }

    /// An image that was opened is what a container is started from.
    private func receive(_ message: ImageScreen.Message, _ state: inout ConsoleState) -> Outcome {
        let outcome = image.receive(message, &state.image, build: state.build, project: state.project.path)
        guard case .opened = message else { return outcome }
        return .batch(outcome, .send(.run(.imageOpened)))
    }

    /// What was said while a build ran must not hide how it ended.
    private func receive(_ message: BuildScreen.Message, _ state: inout ConsoleState) -> Outcome {
        let wasOver = state.build.build.outcome != nil
        let outcome = build.receive(message, &state.build, project: state.project.path)
        if !wasOver, state.build.build.outcome != nil { state.status = nil }
        return outcome
    }

    private func receive(_ message: AppMessage, _ state: inout ConsoleState) -> Outcome {
        switch message {
        case .say(let text): state.status = StatusMessage(text: text)
        case .problem(let text, let screen): if (screen ?? state.screen) == state.screen { state.showProblem(text) }
        case .announce(let text): return .effect(state.hasWindowFocus ? .bell : .notify(text))
        case .open(.viewer(let viewer)): state.overlay = .viewer(viewer.wrapped(for: state.size))
        case .open(let overlay): state.overlay = overlay
        case .close: state.overlay = nil
        case .judgeTyped(let problem):
            guard case .prompt(var prompt)? = state.overlay else { return .none }
            prompt.problem = problem
            state.overlay = .prompt(prompt)
        case .show(let screen): return show(screen, &state)
        case .focus(let pane, let screen):
            state.screen = screen
            state.focus[screen] = pane
        case .reveal(let pane, let screen):
            if LayoutKind(state.size) == .stacked { state.focus[screen] = pane }
        case .copy(let text):
            guard !text.isEmpty else { return .say("nothing to copy") }
            return .ask({ await app.copy(text) }) { .app(.copied(text, $0)) }
        case .askToSave(let name, let text):
            return askWhere("Save to", name, state) { .app(.save($0, text: text)) }
        case .save(let path, let text):
            return .ask({ try await app.saveText(path, text) }) { .app(.saved($0)) }
        case .askToExtract(let location):
            let name = FilePath(location.path).lastComponent?.string ?? "file"
            return askWhere("Extract to", name, state) { .image(.extract(location, to: $0)) }
        case .runOnTerminal(let name, let command): return runOnTerminal(name, command)
        case .keepChoices: return keepChoices(&state)
        case .openProject(let path): return changeProject(to: path, &state)
        case .openUmbrella(let root, let builds): return openUmbrella(root, builds: builds, &state)
        case .useContext(let folder): return useContext(folder, &state)
        case .startBuild(let releases, let showsBuild):
            return startBuild(of: releases, showsBuild: showsBuild, &state)
        case .listSearch(let message): return receive(message, &state)
        case .dropBuild(let reason):
            guard state.pendingBuild != nil else { return .none }
            state.pendingBuild = nil
            return .say(reason)
        case .previewTheme(let name): state.theme = name
        case .chooseTheme(let name):
            state.theme = name
            return .batch(.say("theme \(name)"), offerToKeep(&state, "Keep this theme for the next time?"))
        case .chooseOption(let action):
            let index = state.options.firstIndex { $0.action == action } ?? 0
            return .send(.perform(action), .app(.reopenOptions(selection: index)))
        case .leftOptions: return offerToKeep(&state, "Keep these options for the next time?")
        case .savePreferences: return savePreferences(&state)
        case .keepPreferences(let keeps): return keepPreferences(keeps, &state)
        case .reopenOptions(let selection):
            if state.overlay == nil { state.openOptions(selection: selection) }
        case .choicesLoaded(let choices): return adoptChoices(choices, &state)
        case .themesLoaded(let themes): if let themes { state.settings.themes = themes }
        case .copied(let text, let receipt): return describeCopy(of: text, receipt)
        case .saved(let path): return .say("saved to \(path)")
        case .ranOnTerminal(let name, let status):
            let ended: Outcome = status == 0 ? .say("\(name) ended") : .problem("\(name) ended with status \(status)")
            return .batch(ended, .send(.build(.forgetSource)))
        }
        return .none
    }

    // MARK: What the console opens on

    func open(_ start: ConsoleStart, _ state: inout ConsoleState) -> Effect<ConsoleMessage> {
        finish(begin(start, &state), &state)
    }

    private func begin(_ start: ConsoleStart, _ state: inout ConsoleState) -> Outcome {
        switch start {
        case .project(let path): return .batch(openProject(path, &state), watchFromStart(state))
        case .prepared(let request):
            state.setFlags(request, isWhole: false)
            return .batch(openProject(request.project, &state), watchFromStart(state))
        case .build(let request):
            state.setFlags(request, isWhole: true)
            state.screen = .build
            return .batch(openProject(request.project, &state), .startBuild, watchFromStart(state))
        case .image(let place):
            state.image.inspectedPlace = place
            state.screen = .image
            return .send(.image(.open(place)))
        case .replay(let name, let events):
            state.screen = .build
            state.build.replay = Replay(name: name, events: events, speed: state.settings.replaySpeed)
            return .send(.build(.wake))
        }
    }

    private func watchFromStart(_ state: ConsoleState) -> Outcome {
        state.settings.watches && !state.build.kept.watches ? .send(.perform(.build(.watch))) : .none
    }
}
