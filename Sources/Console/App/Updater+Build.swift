import Lifecycle
import SystemPackage
import TerminalUI

extension Updater {
    /// Builds every release, one after the other; a failure ends it.
    func buildAll(_ state: inout State) -> Effects {
        let names = state.release.releases.filter(\.isDefined).map(\.name)
        guard names.count > 1 else { return startBuild(&state) }
        state.release.pending = Array(names.dropFirst())
        return startBuild(&state, of: names[0])
    }

    /// Starts a build with the choices as they are, and shows it.
    /// - Parameter release: one of several releases that are built in a row.
    func startBuild(_ state: inout State, of release: String? = nil) -> Effects {
        if release == nil { state.release.pending = [] }
        guard state.build.replay == nil, state.inspectedPlace == nil else {
            return say(&state, problem: "there is no project here to build")
        }
        guard !state.build.build.isRunning, state.build.running == nil || state.build.build.outcome != nil else {
            state.screen = .build
            return say(&state, "a build is at work already")
        }
        var request: BuildRequest
        do {
            request = try state.release.request(
                project: state.path, variables: state.secrets.buildVariables,
                withheld: state.secrets.withheldSecrets)
            if let release { request = try request.of(release: release) }
        } catch {
            state.release.pending = []
            return say(&state, problem: "\(error)")
        }
        state.screen = .build
        state.status = nil
        begin(&state)
        let generation = state.build.generation
        let asked = request
        let build = Effects.subscribe(id: "build") { send in
            let running = await environment.build(asked)
            send(.buildStarted(generation: generation, running))
            for await event in running.events { send(.buildEvent(generation: generation, event)) }
            send(.buildEnded(generation: generation))
        }
        return .batch(build, .run { send in send(.tick(environment.clock())) }, keepChoices(&state))
    }

    private func begin(_ state: inout State) {
        var next = BuildScreenState()
        next.generation = state.build.generation + 1
        next.pastBuilds = state.build.pastBuilds
        next.watches = state.build.watches
        next.plainOutput = state.build.plainOutput
        next.now = state.build.now
        next.log.wraps = state.build.log.wraps
        next.log.timestamps = state.build.log.timestamps
        next.log.searchHistory = state.build.log.searchHistory
        next.log.filterHistory = state.build.log.filterHistory
        state.build = next
        state.release.clearsCache = false
    }

    func take(_ state: inout State, _ running: BuildHandle, _ generation: Int) -> Effects {
        guard generation == state.build.generation else {
            running.cancel()
            return .none
        }
        state.build.running = running
        return .none
    }

    func take(_ state: inout State, _ event: LifecycleEvent, _ generation: Int) -> Effects {
        guard generation == state.build.generation else { return .none }
        fold(event, &state)
        state.build.plainOutput?.yield(event)
        if event.isTerminal && !state.build.watches { state.build.plainOutput?.finish() }
        return event.isTerminal ? concluded(&state) : lookOnIfBehind(state)
    }

    func fold(_ event: LifecycleEvent, _ state: inout State) {
        state.build.build.fold(event)
        state.build.events += 1
        state.build.log.advance(state.build.build)
    }

    func endBuild(_ state: inout State, _ generation: Int) -> Effects {
        guard generation == state.build.generation else { return .none }
        state.build.running = nil
        state.build.isCancelling = false
        guard state.build.build.outcome == nil else { return .none }
        state.build.build.foldEnd()
        state.build.plainOutput?.finish()
        return concluded(&state)
    }

    /// What follows the end of a build: the bell, the image, the question that would settle a failure.
    private func concluded(_ state: inout State) -> Effects {
        state.build.isCancelling = false
        let path = state.path
        var effects: [Effects] = [.run { send in send(.pastBuildsLoaded(await environment.pastBuilds(path))) }]
        if let limit = state.settings.bellAfter, state.build.build.time >= limit { effects.append(.bell) }
        switch state.build.build.outcome {
        case .finished? where !state.release.pending.isEmpty:
            effects.append(startBuild(&state, of: state.release.pending.removeFirst()))
        case .finished(let report)?: effects.append(openImage(&state, report.image))
        case .failed(let failure)?:
            let problems = state.build.build.problems
            if let first = problems.firstIndex(where: { $0.diagnostic.severity == .error }) {
                state.build.problems.select(first, count: problems.count, height: 4)
            }
            state.image.contents = ImageContents(build: state.build.build)
            if !failure.choices.isEmpty { askForChoice(&state, failure) }
            if let name = failure.secret { askToAllow(name, &state, failure) }
            if let paths = failure.pathsToOpen { askToOpen(paths, &state, failure) }
            if failure.needsTrust == true { askForTrust(&state) }
        case .cancelled?, .lost?, nil: state.image.contents = ImageContents(build: state.build.build)
        }
        if state.build.isStale && state.build.watches {
            state.build.isStale = false
            effects.append(startBuild(&state))
        }
        return .batch(effects)
    }

    /// Asks for the one thing that is missing.
    private func askForChoice(_ state: inout State, _ failure: BuildFailure) {
        let isRelease = (failure.choiceVariable ?? "RELEASE") == "RELEASE"
        state.overlay = .picker(
            Picker(
                title: isRelease ? "Which release?" : failure.choiceVariable ?? "Which?",
                lines: [failure.message], items: failure.choices.map { Picker.Item(text: $0, purpose: .choice($0)) }))
    }

    /// Asks whether a secret's value may be in the image: only an explicit yes builds again.
    private func askToAllow(_ name: String, _ state: inout State, _ failure: BuildFailure) {
        state.overlay = .confirmation(
            Confirmation(
                title: "Leave the value of \(name) in the image?",
                lines: [
                    failure.message, "Whoever has the image can read it. y builds again and allows it, n stops here.",
                ], purpose: .allowSecret(name)))
    }

    /// Asks whether links may lead out of the project; not about more than can be read at once.
    private func askToOpen(_ paths: [String], _ state: inout State, _ failure: BuildFailure) {
        guard paths.count <= 8 else { return }
        state.overlay = .confirmation(
            Confirmation(
                title: "Follow links out of the project?",
                lines: [
                    failure.message, "What is there goes into the build, and may go into the image:",
                ] + paths.map { "  \($0)" } + ["y builds again and follows them, n stops here."],
                purpose: .openPaths(paths.map { FilePath($0) })))
    }

    /// Takes the answer and builds again.
    func choose(_ choice: String, _ state: inout State) -> Effects {
        guard case .failed(let failure)? = state.build.build.outcome else { return .none }
        if let name = failure.choiceVariable, name != "RELEASE" {
            state.secrets.set(SecretValue(choice), for: SecretRow.Identity(name: name, phase: .build), origin: .typed)
        } else {
            state.release.choose(choice)
        }
        return startBuild(&state)
    }

    /// Ctrl-C: the first asks, the second within two seconds cancels, the third ends the commands at once.
    func interrupt(_ state: inout State) -> Effects {
        guard state.build.build.isRunning || state.build.running != nil, state.build.replay == nil,
            state.build.build.outcome == nil
        else { return .quit }
        let now = state.build.now
        if state.build.isCancelling {
            let running = state.build.running
            return .batch(say(&state, "ending the build's commands at once"), .run { _ in running?.kill() })
        }
        if state.build.cancelPresses > 0, now - state.build.lastCancelPress <= 2 { return cancel(&state) }
        state.build.cancelPresses = 1
        state.build.lastCancelPress = now
        let command =
            state.build.build.currentCommand.map { "It stops: \($0.text)" }
            ?? "It stops \(state.build.build.runningPhase?.phase.rawValue ?? "before the first phase")."
        state.overlay = .confirmation(
            Confirmation(
                title: "Cancel the build?",
                lines: [command, "The image and the cache of the build before stay as they were."],
                purpose: .cancelBuild))
        return .none
    }

    func cancel(_ state: inout State) -> Effects {
        state.overlay = nil
        state.build.isCancelling = true
        let running = state.build.running
        return .run { _ in running?.cancel() }
    }

    func tick(_ state: inout State, _ time: Double) -> Effects {
        if state.build.startedAt == nil { state.build.startedAt = time - state.build.build.time }
        let passed = state.build.now == 0 ? 0 : max(0, time - state.build.now)
        state.build.now = time
        if state.build.replay != nil { return play(&state, passed) }
        let isAtWork =
            state.build.build.outcome == nil
            && (state.build.running != nil || state.build.build.start != nil || state.build.generation > 0)
        return isAtWork ? clock() : .none
    }

    private func play(_ state: inout State, _ seconds: Double) -> Effects {
        guard var replay = state.build.replay else { return .none }
        let events = replay.advance(by: seconds)
        state.build.replay = replay
        for event in events { fold(event, &state) }
        if replay.isAtEnd {
            state.build.build.foldEnd()
            state.image.contents = ImageContents(build: state.build.build)
            return lookOnIfBehind(state)
        }
        let next = replay.isBehind ? Effects.run { send in send(.tick(environment.clock())) } : clock()
        return .batch(next, lookOnIfBehind(state))
    }

    func take(_ state: inout State, _ builds: [PastBuild]) -> Effects {
        state.build.pastBuilds = builds
        return .none
    }

    func lookOnIfBehind(_ state: State) -> Effects {
        state.build.log.isBehind ? .run(id: "look-on") { send in send(.lookOn) } : .none
    }

    func lookOn(_ state: inout State) -> Effects {
        state.build.log.advance(state.build.build)
        return lookOnIfBehind(state)
    }
}
