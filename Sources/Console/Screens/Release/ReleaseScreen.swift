import Diagnostics
import MixInspection
import TerminalUI

/// The Release screen: which release is built, under which name, and where to.
struct ReleaseScreen: Sendable {
    let client: ReleaseClient

    enum Action: String, Sendable, CaseIterable {
        case toggle = "release.toggle"
        case change = "release.change"
        case writeRelease = "release.write"
        case buildAll = "build.all"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .release(.toggle), ["Space", "x"], hint: "choose", "choose the release, or switch the row",
                unless: "no release and no switch is chosen"
            ) {
                $0.focusedPane == .releases
                    ? !$0.release.releases.isEmpty : $0.focusedPane == .form && $0.release.selectedField.isSwitch
            },
            KeyBinding(
                .release(.change), ["e"], hint: "change", "change the row: type its text, or switch it",
                unless: "no row of the form is chosen"
            ) {
                $0.focusedPane == .form
            },
            KeyBinding(
                .release(.writeRelease), ["W"], "write the proposed releases: to mix.exs; shows the change and asks",
                flag: "--write-releases"),
            KeyBinding(
                .release(.buildAll), ["A"], "build every release, each as an image of its own", flag: "--all-releases"),
        ]
    }

    enum Message: Sendable {
        case chooseSelected
        case changeSelected
        case submit(ReleaseState.Field, String)
        case copyCommandLine
        case toggleDebug
        case write(MixFileEdit)
        // Answers to what stopped a build, after which it starts again
        case build(release: String)
        case buildImage(String)
        /// The `releases:` that an umbrella lacks, before it is built.
        case proposeForBuild
        case buildWithEmptyCache
        case allowSecret(String)
        case openPaths([String])
        case giveSecrets(Bool)

        case inspected(ProjectInspection)
        /// Ask the builder what is in it.
        case lookAtBuilder
        case builderKnown(String, Result<BuilderSummary, Failure>?)
        case proposed(MixFileEdit)
        case written(MixFileEdit)
    }

    func perform(_ action: Action, _ state: inout ReleaseState, focus: Pane) -> Outcome {
        switch action {
        case .toggle, .change:
            if focus == .form { return change(state.selectedField, &state) }
            return focus == .releases ? chooseSelected(&state) : .say("no row to change is chosen here; Tab goes on")
        case .writeRelease: return propose(state)
        case .buildAll:
            let names = state.releases.filter(\.isDefined).map(\.name)
            return .send(.app(.startBuild(releases: names.count > 1 ? names : [])))
        }
    }

    func receive(_ message: Message, _ state: inout ReleaseState) -> Outcome {
        switch message {
        case .chooseSelected: return chooseSelected(&state)
        case .changeSelected: return change(state.selectedField, &state)
        case .submit(let field, let text):
            state.setText(text, of: field)
            guard field == .builder else { return .keepChoices }
            state.askedBuilder = nil
            return .batch(.keepChoices, lookAtBuilder(&state, asksRegistry: true))
        case .copyCommandLine: return copyCommandLine(state)
        case .toggleDebug:
            state.debug.toggle()
            return .say(state.debug ? "the next build prints its commands" : "the next build prints no commands")
        case .write(let edit):
            return .ask({ try await client.write(edit) }) { .release(.written(edit)) }
        case .proposeForBuild: return propose(state)
        case .build(let release): state.chosen = release
        case .buildImage(let name): state.image = name
        case .buildWithEmptyCache: state.clearsCache = true
        case .allowSecret(let name): state.allowedSecrets.insert(name)
        case .openPaths(let paths): state.openedPaths += paths.map { .init($0) }
        case .giveSecrets(let answer): state.givesSecrets = answer
        case .inspected(let inspection):
            state.setProject(inspection)
            return lookAtBuilder(&state)
        case .lookAtBuilder: return lookAtBuilder(&state)
        case .builderKnown(let name, let summary):
            guard name == state.builder else { return .none }
            state.builderSummary = summary
            state.isBuilderAsked = false
            return .none
        case .proposed(let edit):
            let lines = edit.difference.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return .confirm(
                "Write this to mix.exs?", lines, yes: .release(.write(edit)),
                no: .app(.dropBuild(MissingPart.releases.refusal)))
        case .written(let edit): return .batch(.say("wrote \(edit.path)"), .send(.project(.inspect)))
        }
        return .startBuild
    }

    private func chooseSelected(_ state: inout ReleaseState) -> Outcome {
        guard let release = state.releases.chosen(by: state.list) else { return .none }
        state.chosen = release.name
        return .batch(.say("release \(state.chosen ?? "")"), .keepChoices)
    }

    /// Changes a line of the form: text is asked for, a switch is switched.
    private func change(_ field: ReleaseState.Field, _ state: inout ReleaseState) -> Outcome {
        switch field {
        case .image:
            return ask(for: field, "Image name", state, help: "[registry/]name[:tag], for example my-image:1.0")
        case .outputs:
            let places = "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker://REF"
            return ask(for: field, field.title, state, help: "\(places); separated by spaces")
        case .tags:
            let help = "separated by spaces; {version}, {git.sha}, {git.branch} and {date} are filled in"
            return ask(for: field, field.title, state, help: help)
        case .builder:
            let help = "a builder image's place or name; empty for mixpack's own buildpacks; ↑ has the last ones"
            return ask(for: field, field.title, state, help: help)
        case .platforms: state.chooseNextPlatforms(of: client.platforms)
        case .runImage:
            let help = "a place or a name; empty for the one made from this machine"
            return ask(for: field, field.title, state, help: help)
        case .publishedRunImages:
            let help = "docker://REF, where others pull it to rebase; the image's label names it; empty pushes nothing"
            return ask(for: field, "Push the run image to", state, help: help)
        case .runPrograms:
            let help = "installed programs or packages for the image, separated by spaces"
            return ask(for: field, field.title, state, help: help)
        case .engine: state.usesEngine.toggle()
        case .distribution: state.chooseNextProfile()
        case .tryStart: state.chooseNextTrial()
        case .clearCache: state.clearsCache.toggle()
        case .debug: state.debug.toggle()
        }
        return .keepChoices
    }

    /// Asks the builder what is in it, for the Project screen.
    ///
    /// A registry is asked only for a name that was typed just now, and named in full: what a project names is no reason to
    /// use the network.
    private func lookAtBuilder(_ state: inout ReleaseState, asksRegistry: Bool = false) -> Outcome {
        guard state.builder != state.askedBuilder else { return .none }
        state.builderSummary = nil
        state.askedBuilder = state.builder
        state.isBuilderAsked = state.builder != nil
        guard let name = state.builder else { return .none }
        let look = Outcome.run(id: "builder") { send in
            do {
                let summary = try await client.builder(name, asksRegistry)
                send(.release(.builderKnown(name, summary.map { .success($0) })))
            } catch {
                send(.release(.builderKnown(name, .failure(Failure(error, or: .refused)))))
            }
        }
        guard asksRegistry, let place = try? ReleaseState.builder(name) else { return look }
        switch place {
        case .registry(let name), .store(let name): return .batch(.say("looking for \(name.engineName)"), look)
        case .layout, .layoutArchive, .dockerArchive, .engine: return look
        }
    }

    private func ask(for field: ReleaseState.Field, _ title: String, _ state: ReleaseState, help: String) -> Outcome {
        var prompt = Prompt(title, text: state.text(of: field), help: help) { .release(.submit(field, $0)) }
        prompt.check = { field.problem(with: $0) }
        if field == .builder { prompt.history = SearchHistory(state.lastBuilders) }
        return .prompt(prompt)
    }

    private func copyCommandLine(_ state: ReleaseState) -> Outcome {
        switch state.commandLine {
        case .success(let command): .copy(command.text)
        case .failure(let failure): .problem("\(failure)")
        }
    }

    /// Works out the `releases:` entry that an umbrella lacks, and shows it before anything is written.
    private func propose(_ state: ReleaseState) -> Outcome {
        guard let project = state.project, let path = state.path, project.kind == .umbrella,
            !project.releases.contains(where: \.isDefined)
        else { return .say("mix.exs needs no entry: only an umbrella without releases does") }
        return .ask({ try await client.propose(path, project) }) { .release(.proposed($0)) }
    }
}
