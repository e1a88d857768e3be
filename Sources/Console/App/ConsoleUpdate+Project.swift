import Diagnostics
import Lifecycle
import MixInspection
import SystemPackage

/// The project that is open: what was chosen for it, and the builds that the choices ask for.
extension ConsoleUpdate {
    /// Looks at a project, and at what was chosen for it before.
    func openProject(_ path: FilePath, _ state: inout ConsoleState) -> Outcome {
        state.project = ProjectState(path: path)
        return .batch(
            .send(.project(.inspect)),
            .ask({ await app.loadChoices(path) }) { .app(.choicesLoaded($0)) },
            .send(.build(.loadPastBuilds), .run(.look)))
    }

    /// Leaves this project for another one; not while a build is at work.
    func changeProject(to path: FilePath, _ state: inout ConsoleState) -> Outcome {
        guard !state.build.life.isAtWork else { return .problem("a build is running: cancel it first") }
        state.build = BuildScreenState()
        state.release = ReleaseState()
        state.secrets = SecretsState()
        state.image = ImageState()
        state.run = RunState(after: state.run)
        state.choices = nil
        state.screen = .project
        state.focus = [:]
        return openProject(state.project.path.pushing(path).lexicallyNormalized(), &state)
    }

    func adoptChoices(_ choices: Choices?, _ state: inout ConsoleState) -> Outcome {
        guard let choices else { return .none }
        state.choices = choices
        state.run.options = choices.run
        let before = state.release.context
        state.release.setLastChoice(choices)
        if state.release.context != before { return .send(.project(.inspect)) }
        return .batch(
            .send(.release(.lookAtBuilder)),
            state.project.inspection.map { .send(.secrets(.inspected($0))) } ?? .none)
    }

    func keepChoices(_ state: inout ConsoleState) -> Outcome {
        let choices = Choices(state.release, state.secrets, state.run.options, before: state.choices)
        guard choices != state.choices else { return .none }
        state.choices = choices
        let path = state.project.path
        return .run { _ in await app.saveChoices(path, choices) }
    }

    /// Opens the umbrella of a child; what flags and the form say goes with it.
    func openUmbrella(_ root: FilePath, builds: Bool, _ state: inout ConsoleState) -> Outcome {
        guard !state.build.life.isAtWork else { return .problem("a build is running: cancel it first") }
        let (release, pending) = (state.release, state.pendingBuild ?? [])
        let child = state.project.inspection?.project?.app
        let outcome = changeProject(to: root, &state)
        state.adopt(release)
        state.release.child = child
        guard builds else { return outcome }
        state.screen = .build
        state.pendingBuild = pending
        return outcome
    }

    /// Takes the folder around the project into the build, and looks at the project again; a build that waits goes on then.
    func useContext(_ folder: FilePath, _ state: inout ConsoleState) -> Outcome {
        guard !state.build.life.isAtWork else { return .problem("a build is running: cancel it first") }
        state.release.copiesContext(folder)
        state.project.inspection = nil
        return .batch(.send(.project(.inspect)), .keepChoices)
    }

    /// Starts a build with the choices as they are, and shows it; asks first for all that it needs and does not have.
    ///
    /// Of several releases it builds the first; the others wait until that one is finished.
    func startBuild(of releases: [String], showsBuild: Bool = true, _ state: inout ConsoleState) -> Outcome {
        guard state.build.replay == nil, state.image.inspectedPlace == nil else {
            return .problem("no project here to build")
        }
        guard !state.build.life.isAtWork else {
            state.screen = .build
            return .say("a build is already running")
        }
        let isWaiting = state.pendingBuild != nil
        let releases = releases.isEmpty ? state.pendingBuild.take() ?? [] : releases
        guard state.isProjectKnown || isWaiting else {
            if showsBuild { state.screen = .build }
            state.pendingBuild = releases
            return .none
        }
        let missing = MissingPart.all(
            release: state.release, secrets: state.secrets, inspection: state.project.inspection)
        if let part = missing.first(where: { releases.isEmpty || !$0.isRelease }) {
            state.pendingBuild = releases
            return ask(for: part, state.release)
        }
        if state.release.asksToGiveSecrets(state.secrets.buildVariables) {
            state.pendingBuild = releases
            return .confirm(
                ReleaseState.secretsQuestion, [ReleaseState.secretsReason], yes: .release(.giveSecrets(true)),
                no: .release(.giveSecrets(false)))
        }
        state.pendingBuild = nil
        do {
            var request = try state.release.request(
                project: state.project.path, variables: state.secrets.buildVariables,
                withheld: state.secrets.withheldSecrets)
            if let release = releases.first { request = try request.of(release: release) }
            state.release.rememberBuilder()
            state.build.kept.queue = Array(releases.dropFirst())
            if showsBuild { state.screen = .build }
            state.status = nil
            state.release.clearsCache = false
            return .batch(.send(.build(.start(request))), .keepChoices)
        } catch {
            return .problem("\(error)")
        }
    }
}

extension ConsoleUpdate {
    /// Asks for what a build cannot do without; the answer starts it again.
    private func ask(for part: MissingPart, _ release: ReleaseState) -> Outcome {
        let refused = ConsoleMessage.app(.dropBuild(part.refusal))
        switch part {
        case .trust: return .send(.project(.askForTrust))
        case .umbrella(let child, let root):
            return .confirm(
                "Build the umbrella?",
                ["\(child) is a child of the umbrella \(root).", "c on Project builds \(child) alone."],
                yes: .app(.openUmbrella(root, builds: true)), no: refused)
        case .context(let names, let folder): return .askForContext(names, folder, refused)
        case .releases: return .send(.release(.proposeForBuild))
        case .image:
            var prompt = Prompt("Image name", help: "[registry/]name[:tag], for example my-image:1.0") {
                .release(.buildImage($0))
            }
            prompt.check = { ReleaseState.Field.image.problem(with: $0) }
            prompt.left = refused
            return .prompt(prompt)
        case .release(let names):
            let items = names.map { Picker.Item(text: $0, chosen: .release(.build(release: $0))) }
            return .pick(
                "Which release?", lines: ["mix.exs has \(names.count) releases and no default_release"], items,
                left: refused)
        case .variable(let variable): return ask(for: variable, refused)
        }
    }

    private func ask(for variable: ProjectVariable, _ refused: ConsoleMessage) -> Outcome {
        let name = variable.name
        let place = "\(variable.file):\(variable.line)"
        let submit: @Sendable (String) -> ConsoleMessage = {
            .secrets(.typedForBuild(name: name, SecretValue($0)))
        }
        let isSecret = PlatformVariable.isSecretName(name)
        let help = "The build reads it (\(place))." + (isSecret ? " Type or paste the value; it is never shown." : "")
        var prompt =
            isSecret
            ? Prompt(secret: "The build needs \(name)", help: help, submit: submit)
            : Prompt("The build needs \(name)", help: help, submit: submit)
        prompt.left = refused
        return .prompt(prompt)
    }
}

extension Outcome {
    /// Asks whether a folder around the project may be copied with it.
    static func askForContext(_ names: [String], _ folder: FilePath, _ refused: ConsoleMessage? = nil) -> Outcome {
        .confirm(
            "Copy the folder around the project?",
            [
                names.isEmpty
                    ? "Alone it needs this folder:" : "\(MissingPart.outside(names)). This folder has all of it:",
                "  \(folder)",
                "A build copies it, and mix.exs and links of the project can read all of it.",
            ], yes: .app(.useContext(folder)), no: refused)
    }
}

extension MissingPart {
    fileprivate var isRelease: Bool { if case .release = self { true } else { false } }
}

extension ConsoleState {
    /// Whether the look at the project has found all that a build may need to ask for.
    var isProjectKnown: Bool {
        guard let inspection = project.inspection else { return false }
        return inspection.stage == .settled || inspection.project?.evidence == .evaluated
    }

    /// The image to start a container of: the one that is open, or while a failed build is shown the last that was.
    var runnableImage: ImageContents? {
        image.contents.flatMap { $0.manifestDigest == nil ? nil : $0 } ?? run.image
    }

    /// What the Run screen needs of the others.
    var aroundContainer: RunScreen.Surroundings {
        RunScreen.Surroundings(
            image: runnableImage, secrets: secrets, inspection: project.inspection,
            project: image.inspectedPlace == nil && build.replay == nil ? project.path : nil,
            readsDatabase: readsDatabase, isShown: screen == .run)
    }

    /// Takes the flags and the image's name of the folder that was open before.
    fileprivate mutating func adopt(_ before: ReleaseState) {
        release = before.moved(to: project.path)
        if let flags = release.flags { secrets.setFlags(flags) }
    }

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
            let missing = MissingPart.all(release: release, secrets: secrets, inspection: project.inspection)
            return CommandLineText.Shown(
                request, secretCommands: secrets.commands, engine: release.engine, missing: missing)
        }
    }
}

extension Choices {
    /// What is kept of the choices on Release and Secrets: nothing that is secret.
    init(_ release: ReleaseState, _ secrets: SecretsState, _ run: RunOptions, before: Choices?) {
        var buildVariables = secrets.kept(.build)
        if release.profile != release.usualProfile {
            buildVariables[ReleaseState.distributionVariable] = release.profile
        }
        self.init(
            image: release.image.isEmpty ? nil : release.image, release: release.chosen,
            builder: release.namedBuilder, lastBuilders: release.lastBuilders.isEmpty ? nil : release.lastBuilders,
            platforms: release.platforms.isEmpty ? nil : release.platforms.map(\.description),
            runImage: release.runImage,
            publishedRunImages: release.publishedRunImages.isEmpty ? nil : release.publishedRunImages,
            runPrograms: release.namedPrograms.isEmpty ? nil : release.namedPrograms, tags: release.tags,
            outputs: release.outputs, usesEngine: release.usesEngine, context: release.context?.string,
            buildVariables: buildVariables, runVariables: secrets.kept(.run),
            secretSources: secrets.sources(before: before?.secretSources ?? [:]), run: run)
    }
}
