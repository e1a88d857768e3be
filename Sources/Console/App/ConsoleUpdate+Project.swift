import Diagnostics
import Lifecycle
import SystemPackage

/// The project that is open: what was chosen for it, and the builds that the choices ask for.
extension ConsoleUpdate {
    /// Looks at a project, and at what was chosen for it before.
    func openProject(_ path: FilePath, _ state: inout ConsoleState) -> Outcome {
        state.project = ProjectState(path: path)
        return .batch(
            .send(.project(.inspect)),
            .ask({ await app.loadChoices(path) }) { .app(.choicesLoaded($0)) },
            .send(.build(.loadPastBuilds)))
    }

    /// Leaves this project for another one; not while a build is at work.
    func changeProject(to path: FilePath, _ state: inout ConsoleState) -> Outcome {
        guard !state.build.life.isAtWork else { return .problem("a build is running: cancel it first") }
        state.build = BuildScreenState()
        state.release = ReleaseState()
        state.secrets = SecretsState()
        state.image = ImageState()
        state.choices = nil
        state.screen = .project
        state.focus = [:]
        return openProject(state.project.path.pushing(path).lexicallyNormalized(), &state)
    }

    func adoptChoices(_ choices: Choices?, _ state: inout ConsoleState) -> Outcome {
        guard let choices else { return .none }
        state.choices = choices
        state.release.setLastChoice(choices)
        return state.project.inspection.map { .send(.secrets(.inspected($0))) } ?? .none
    }

    func keepChoices(_ state: inout ConsoleState) -> Outcome {
        let choices = Choices(state.release, state.secrets)
        guard choices != state.choices else { return .none }
        state.choices = choices
        let path = state.project.path
        return .run { _ in await app.saveChoices(path, choices) }
    }

    /// Starts a build with the choices as they are, and shows it.
    ///
    /// Of several releases it builds the first; the others wait until that one is finished.
    func startBuild(of releases: [String], _ state: inout ConsoleState) -> Outcome {
        guard state.build.replay == nil, state.image.inspectedPlace == nil else {
            return .problem("no project here to build")
        }
        guard !state.build.life.isAtWork else {
            state.screen = .build
            return .say("a build is already running")
        }
        do {
            var request = try state.release.request(
                project: state.project.path, variables: state.secrets.buildVariables,
                withheld: state.secrets.withheldSecrets)
            if let release = releases.first { request = try request.of(release: release) }
            state.build.kept.queue = Array(releases.dropFirst())
            state.screen = .build
            state.status = nil
            state.release.clearsCache = false
            return .batch(.send(.build(.start(request))), .keepChoices)
        } catch {
            return .problem("\(error)")
        }
    }
}

extension ConsoleState {
    /// Fills in what a command line asks for.
    /// - Parameter isWhole: whether it asks for the build at once, so that the last choice does not count.
    mutating func setFlags(_ request: BuildRequest, isWhole: Bool) {
        release.setFlags(request, isWhole: isWhole)
        secrets.setFlags(request)
    }

    /// Works out the command line that Release shows: here, so that no view builds a request or copies a secret.
    mutating func updateCommandLine() {
        release.commandLine = Result { [release, secrets, project] () throws(Failure) in
            let request = try release.request(project: project.path, variables: secrets.shownVariables)
            return CommandLineText.text(for: request, secretCommands: secrets.commands)
        }
    }
}

extension Choices {
    /// What is kept of the choices on Release and Secrets: nothing that is secret.
    init(_ release: ReleaseState, _ secrets: SecretsState) {
        var buildVariables = secrets.kept(.build)
        if release.profile != release.usualProfile {
            buildVariables[ReleaseState.distributionVariable] = release.profile
        }
        self.init(
            image: release.image.isEmpty ? nil : release.image, release: release.chosen, runImage: release.runImage,
            tags: release.tags, outputs: release.outputs, usesEngine: release.usesEngine,
            buildVariables: buildVariables, runVariables: secrets.kept(.run), secretCommands: secrets.commands)
    }
}
