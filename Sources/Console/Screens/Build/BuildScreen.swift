import Lifecycle
import SystemPackage
import TerminalUI
import Text

/// The Build screen: a build from its start to its end, recordings, and the builds before.
struct BuildScreen: Sendable {
    let client: BuildClient
    /// After how many seconds of build the terminal's bell rings at the end; `nil` never rings.
    var bellAfter: Double?

    enum Action: String, Sendable, CaseIterable {
        case cancel = "build.cancel"
        case retry = "build.retry"
        case clearCache = "build.clear-cache"
        case debug = "build.debug"
        case watch = "build.watch"
        case shell = "build.shell"
        case copyCommand = "build.copy-command"
        case nextProblem = "log.next-problem"
        case previousProblem = "log.previous-problem"
        case history = "build.history"
        case detach = "build.detach"
        case pause = "replay.pause"
        case faster = "replay.faster"
        case slower = "replay.slower"

        static let keys: [KeyBinding] = [
            KeyBinding(.build(.cancel), ["c"], hint: "cancel", "cancel the build", unless: "no build is running") {
                $0.build.life.isAtWork
            },
            KeyBinding(
                .build(.retry), ["r"], "build again with the same choices", flag: "mixpack build IMAGE",
                unless: "no build to repeat, or it is running"
            ) { $0.build.canRetry },
            KeyBinding(.build(.clearCache), ["X"], "build again with an empty cache", flag: "--clear-cache"),
            KeyBinding(
                .build(.debug), ["V"], "print every command as it is run, from the next build on", flag: "-e DEBUG=1"),
            KeyBinding(
                .build(.watch), ["a"], hint: "watch", "build again whenever a file is saved, or not", flag: "--watch"),
            KeyBinding(
                .build(.shell), ["!"], "a shell in the build's folder, with its environment", flag: "mixpack shell"),
            KeyBinding(.build(.copyCommand), ["C"], "copy the command that failed, or the last one"),
            KeyBinding(
                .build(.nextProblem), ["e", "]"], hint: "next error", "the next error or warning",
                unless: "no errors and no warnings"
            ) { !$0.build.build.problems.isEmpty },
            KeyBinding(.build(.previousProblem), ["["], "the previous error or warning"),
            KeyBinding(.build(.history), ["H"], hint: "past builds", "past builds of the project"),
            KeyBinding(
                .build(.detach), ["d"], hint: "detach", "go on with plain output; Enter brings the console back",
                flag: "--ui plain", unless: "no build is running"
            ) { $0.build.life.isAtWork || $0.build.kept.watches },
            KeyBinding(.build(.pause), ["p"], "replay: pause or continue", unless: "no recording is played") {
                $0.build.replay != nil
            },
            KeyBinding(
                .build(.faster), [")"], "replay: twice as fast", flag: "mixpack replay --speed N",
                unless: "no recording is played"
            ) {
                $0.build.replay != nil
            },
            KeyBinding(.build(.slower), ["("], "replay: half as fast", unless: "no recording is played") {
                $0.build.replay != nil
            },
        ]
    }

    enum Message: Sendable {
        case start(BuildRequest)
        /// Start again if the build was stopped for the trust that is now given.
        case retryTrusted
        case interrupt
        case cancel
        case keepRunning
        /// Leave the console; asks first while a build is at work.
        case leave
        case cancelAndQuit
        case loadPastBuilds
        case openPast(String)
        /// The Image screen wants to compare with an earlier build than the one of this digest.
        case findEarlier(thanDigest: String?)
        case log(LogMessage)
        case goToSelectedProblem

        case started(generation: Int, BuildHandle)
        case event(generation: Int, LifecycleEvent)
        case ended(generation: Int)
        case pastBuildsLoaded([PastBuild])
        case pastLoaded(id: String, [LifecycleEvent])
        /// Time to look at the clock.
        case wake
        /// The clock's reading.
        case tick(Double)
        /// A file was saved, relative to the project.
        case sourceChanged(String)
        /// The container of a watched build was started again, or could not be.
        case restarted(WatchRound.Restart)
        case attached(PlainOutputEnd)
        case sourceRead(FilePlace, SourceExcerpt?)
        /// A file may have been changed: read the source again.
        case forgetSource
    }

    func perform(
        _ action: Action, _ state: inout BuildScreenState, project: FilePath, context: FilePath? = nil,
        secrets: SecretsState
    ) -> Outcome {
        let replaySpeed = state.replay?.speed ?? 1
        switch action {
        case .cancel: return interrupt(&state)
        case .retry: return .startBuild
        case .clearCache: return askToClearCache(state)
        case .debug: return .send(.release(.toggleDebug))
        case .watch: return toggleWatch(&state, project, context)
        case .shell: return openShell(state, project, secrets)
        case .copyCommand:
            guard let command = state.build.failedCommand ?? state.build.commands.last else {
                return .say("no command has run")
            }
            return .copy(command.text)
        case .nextProblem: return .batch(state.goToProblem(forward: true), state.lookOn())
        case .previousProblem: return .batch(state.goToProblem(forward: false), state.lookOn())
        case .history: return openHistory(state)
        case .detach: return detach(&state)
        case .pause: state.replay?.isPaused.toggle()
        case .faster: state.replay?.speed = min(64, replaySpeed * 2)
        case .slower: state.replay?.speed = max(0.25, replaySpeed / 2)
        }
        return .none
    }

    func receive(_ message: Message, _ state: inout BuildScreenState, project: FilePath) -> Outcome {
        switch message {
        case .start(let request): return start(request, &state)
        case .retryTrusted:
            guard case .failed(let failure)? = state.build.outcome, failure.needsTrust == true else { return .none }
            return .startBuild
        case .interrupt: return interrupt(&state)
        case .cancel: return cancel(&state)
        case .keepRunning: state.askedToCancelAt = nil
        case .leave: return leave(state)
        case .cancelAndQuit: return .batch(cancel(&state), .effect(.quit))
        case .loadPastBuilds: return loadPastBuilds(of: project)
        case .openPast(let id): return openPast(id, state, project)
        case .findEarlier(let digest): return findEarlier(than: digest, state, project)
        case .log(let message): return state.receive(message)
        case .goToSelectedProblem: return state.goToSelectedProblem()
        case .started(let generation, let handle): return adopt(handle, generation, &state)
        case .event(let generation, let event): return follow(event, generation, &state, project)
        case .ended(let generation): return followEnd(generation, &state, project)
        case .pastBuildsLoaded(let builds): state.kept.pastBuilds = builds
        case .pastLoaded(let id, let events): return showPast(id, events, &state)
        case .wake: return readClock()
        case .tick(let time): return tick(time, &state)
        case .sourceChanged(let file): return sourceChanged(file, &state)
        case .restarted(let restart): return restarted(restart, &state)
        case .attached(let end): return attach(end, &state)
        case .sourceRead(let place, let lines):
            if state.excerpt.place == place { state.excerpt.lines = lines }
        case .forgetSource: state.excerpt = BuildScreenState.Excerpt()
        }
        return .none
    }

    // MARK: The life of a build

    private func start(_ request: BuildRequest, _ state: inout BuildScreenState) -> Outcome {
        state = BuildScreenState(after: state)
        state.life = .starting
        let generation = state.kept.generation
        let build = Effect<ConsoleMessage>.subscribe(id: "build") { send in
            let handle = await client.start(request)
            send(.build(.started(generation: generation, handle)))
            for await event in handle.events { send(.build(.event(generation: generation, event))) }
            send(.build(.ended(generation: generation)))
        }
        return .batch(.effect(build), readClock())
    }

    private func adopt(_ handle: BuildHandle, _ generation: Int, _ state: inout BuildScreenState) -> Outcome {
        guard generation == state.kept.generation, !state.life.isCancelling else {
            handle.cancel()
            if generation == state.kept.generation { state.life = .cancelling(handle) }
            return .none
        }
        state.life = .running(handle)
        return .none
    }

    private func follow(
        _ event: LifecycleEvent, _ generation: Int, _ state: inout BuildScreenState, _ project: FilePath
    ) -> Outcome {
        guard generation == state.kept.generation else { return .none }
        state.fold(event)
        state.kept.plainOutput?.yield(event)
        guard event.isTerminal else { return state.lookOnIfBehind() }
        if !state.kept.watches { state.kept.plainOutput?.finish() }
        return conclude(&state, project)
    }

    private func followEnd(_ generation: Int, _ state: inout BuildScreenState, _ project: FilePath) -> Outcome {
        guard generation == state.kept.generation, state.build.outcome == nil else { return .none }
        state.build.foldEnd()
        state.kept.plainOutput?.finish()
        return conclude(&state, project)
    }

    /// What follows the end of a build: the bell, the image, the question that would settle a failure.
    private func conclude(_ state: inout BuildScreenState, _ project: FilePath) -> Outcome {
        state.life = .ended
        let rings = bellAfter.map { state.build.time >= $0 } ?? false
        return .batch(
            loadPastBuilds(of: project), rings ? .send(.app(.announce(state.announcement))) : .none,
            endRound(&state), followOutcome(&state), followChange(&state))
    }

    private func followOutcome(_ state: inout BuildScreenState) -> Outcome {
        switch state.build.outcome {
        case .finished? where !state.kept.queue.isEmpty:
            return .send(.app(.startBuild(releases: state.kept.queue)))
        case .finished(let report)?: return .send(.image(.open(report.image)))
        case .failed(let failure)?:
            state.goToFirstError()
            return .batch(.send(.image(.showBuild)), askAbout(failure))
        case .cancelled?, .lost?, nil: return .send(.image(.showBuild))
        }
    }

    private func followChange(_ state: inout BuildScreenState) -> Outcome {
        guard state.isStale && state.kept.watches else { return .none }
        state.isStale = false
        return Self.buildBeside
    }

    /// Ctrl-C: the first asks, the second within two seconds cancels, the third ends the commands at once.
    func interrupt(_ state: inout BuildScreenState) -> Outcome {
        switch state.life {
        case .idle, .ended: return .effect(.quit)
        case .cancelling(let handle):
            return .batch(.say("ending the build's commands at once"), .run { _ in handle?.kill() })
        case .starting, .running:
            let now = state.kept.now
            if let asked = state.askedToCancelAt, now - asked <= 2 { return cancel(&state) }
            state.askedToCancelAt = now
            return askToCancel(state.build)
        }
    }

    private func cancel(_ state: inout BuildScreenState) -> Outcome {
        guard state.life.isAtWork else { return .send(.app(.close)) }
        let handle = state.life.handle
        state.life = .cancelling(handle)
        return .batch(.send(.app(.close)), .run { _ in handle?.cancel() })
    }

    private func leave(_ state: BuildScreenState) -> Outcome {
        guard state.life.isAtWork else { return .effect(.quit) }
        return .confirm(
            "Leave and cancel the build?", [Self.nothingIsLost], yes: .build(.cancelAndQuit), no: .build(.keepRunning))
    }

    // MARK: Questions

    private func askToCancel(_ build: BuildState) -> Outcome {
        let command =
            build.currentCommand.map { "It stops: \($0.text)" }
            ?? build.runningPhase.map { "It stops in the phase \($0.phase.rawValue)." }
            ?? "It stops before the first phase."
        return .confirm(
            "Cancel the build?", [command, Self.nothingIsLost], yes: .build(.cancel), no: .build(.keepRunning),
            interrupt: .build(.interrupt))
    }

    private static let nothingIsLost = "The image and the cache of the build before stay as they were."

    private func askToClearCache(_ state: BuildScreenState) -> Outcome {
        guard !state.life.isAtWork else { return .say("a build is already running") }
        return .confirm(
            "Build with an empty cache?", ["All dependencies are fetched and compiled again."],
            yes: .release(.buildWithEmptyCache))
    }

    /// Asks for the one thing that is missing; the build starts again with the answer.
    private func askAbout(_ failure: BuildFailure) -> Outcome {
        if failure.needsTrust == true { return .send(.project(.askForTrust)) }
        if let paths = failure.pathsToOpen, paths.count <= 8 { return askToOpen(paths, failure.message) }
        if let name = failure.secret { return askToAllow(name, failure.message) }
        return failure.choices.isEmpty ? .none : askForChoice(failure)
    }

    private func askForChoice(_ failure: BuildFailure) -> Outcome {
        let variable = failure.choiceVariable.flatMap { $0 == BuildVariable.release.rawValue ? nil : $0 }
        let items = failure.choices.map { choice in
            let answer = variable.map { ConsoleMessage.secrets(.typedForBuild(name: $0, SecretValue(choice))) }
            return Picker.Item(text: choice, chosen: answer ?? .release(.build(release: choice)))
        }
        return .pick(variable ?? "Which release?", lines: [failure.message], items)
    }

    private func askToAllow(_ name: String, _ message: String) -> Outcome {
        let advice = "Whoever has the image can read it. y builds again and allows it, n stops here."
        return .confirm(
            "Leave the value of \(name) in the image?", [message, advice], yes: .release(.allowSecret(name)))
    }

    private func askToOpen(_ paths: [String], _ message: String) -> Outcome {
        .confirm(
            "Follow links out of the project?",
            [message, "What is there goes into the build, and may go into the image:"] + paths.map { "  \($0)" }
                + ["y builds again and follows them, n stops here."], yes: .release(.openPaths(paths)))
    }

    // MARK: The clock

    private func readClock() -> Outcome { .ask({ client.clock() }) { .build(.tick($0)) } }

    /// The next look at the clock; runs while a build or a replay does.
    private func waitForClock() -> Outcome { .effect(.after(.milliseconds(100), id: "clock", send: .build(.wake))) }

    private func tick(_ time: Double, _ state: inout BuildScreenState) -> Outcome {
        if state.startedAt == nil { state.startedAt = time - state.build.time }
        let passed = state.kept.now == 0 ? 0 : max(0, time - state.kept.now)
        state.kept.now = time
        if state.replay != nil { return play(passed, &state) }
        return state.life.isAtWork ? waitForClock() : .none
    }

    private func play(_ seconds: Double, _ state: inout BuildScreenState) -> Outcome {
        guard var replay = state.replay else { return .none }
        let events = replay.advance(by: seconds)
        state.replay = replay
        for event in events { state.fold(event) }
        if replay.isAtEnd {
            state.build.foldEnd()
            state.goToFirstError()
            return .batch(.send(.image(.showBuild)), state.lookOnIfBehind())
        }
        return .batch(replay.isBehind ? readClock() : waitForClock(), state.lookOnIfBehind())
    }

    // MARK: Why it stopped

    /// Reads the source around the place where the build stopped, unless that is done; follows every update.
    ///
    /// The source of a past build may have changed since.
    func followStop(_ state: inout BuildScreenState, project: FilePath, secrets: SecretsState) -> Outcome {
        guard state.replay == nil, state.shownPast == nil, let place = state.stop?.place, let line = place.line,
            state.excerpt.place != place
        else { return .none }
        state.excerpt = BuildScreenState.Excerpt(place: place)
        let values = secrets.secretValues
        return .ask(id: "source", { await client.source(project, SourcePlace(file: place.file, line: line), values) }) {
            .build(.sourceRead(place, $0))
        }
    }

    // MARK: Past builds

    private func loadPastBuilds(of project: FilePath) -> Outcome {
        .ask({ await client.past(project) }) { .build(.pastBuildsLoaded($0)) }
    }

    private func openHistory(_ state: BuildScreenState) -> Outcome {
        let items = state.kept.pastBuilds.map { build in
            let mark = build.ending == .finished ? "✓" : build.ending == .failed ? "✗" : "-"
            let size = build.size.map { ImageSizeText.brief($0) + "  " } ?? ""
            let detail = "\(size)\(Amount.shortSeconds(build.seconds))  \(build.digest ?? build.ending.rawValue)"
            return Picker.Item(
                text: "\(mark) \(build.age)  \(build.image)", detail: detail, chosen: .build(.openPast(build.id)))
        }
        return .pick("Past builds", items)
    }

    private func openPast(_ id: String, _ state: BuildScreenState, _ project: FilePath) -> Outcome {
        guard !state.life.isAtWork else { return .problem("a build is running: cancel it or wait") }
        return .ask({ try await client.pastEvents(project, id) }) { .build(.pastLoaded(id: id, $0)) }
    }

    /// Shows a past build with its log and layers, as it ended.
    private func showPast(_ id: String, _ events: [LifecycleEvent], _ state: inout BuildScreenState) -> Outcome {
        state = BuildScreenState(after: state)
        state.shownPast = id
        for event in events { state.build.fold(event) }
        state.build.foldEnd()
        state.log.advance(state.text)
        state.goToFirstError()
        let age = state.kept.pastBuilds.first { $0.id == id }?.age ?? id
        return .batch(
            .send(.image(.showBuild), .app(.show(.build))), .say("the build of \(age); b builds again"),
            state.lookOnIfBehind())
    }

    private func findEarlier(
        than digest: String?, _ state: BuildScreenState, _ project: FilePath
    ) -> Outcome {
        let before = state.kept.pastBuilds.first {
            $0.ending == .finished && $0.digest != digest && $0.id != state.shownPast
        }
        guard let before else { return .say("no earlier build of this image to compare with") }
        return .ask({ try await client.pastEvents(project, before.id) }) {
            .image(.earlierBuildLoaded(age: before.age, $0))
        }
    }

    // MARK: Beside a build

    /// Opens a shell in the folder where the project is built.
    private func openShell(_ state: BuildScreenState, _ project: FilePath, _ secrets: SecretsState) -> Outcome {
        guard !state.life.isAtWork else { return .say("a build is running there: wait for it to end, or cancel it") }
        return .onTerminal("the shell") {
            var command = try await client.shell(project)
            let given = secrets.buildVariables.map { ($0.name, SecretValue($0.value)) }
            command.environment.merge(given) { own, _ in own }
            return command
        }
    }

    /// Builds whenever files are saved, or stops doing so.
    private func toggleWatch(_ state: inout BuildScreenState, _ project: FilePath, _ context: FilePath?) -> Outcome {
        state.kept.watches.toggle()
        state.kept.round = nil
        guard state.kept.watches else { return .batch(.effect(.cancel("watch")), .say("no longer watching")) }
        let watching = Effect<ConsoleMessage>.subscribe(id: "watch") { send in
            for await file in client.changes(project, context) { send(.build(.sourceChanged(file))) }
        }
        return .batch(.effect(watching), .say("watching: builds whenever a file is saved, and starts what runs again"))
    }

    /// Builds for a file that was saved; one that is saved during a build is built for after it.
    private func sourceChanged(_ file: String, _ state: inout BuildScreenState) -> Outcome {
        guard state.kept.watches else { return .none }
        let hadFailed = state.kept.round?.isFailure ?? false
        state.kept.round = WatchRound(file: file, hadFailed: hadFailed)
        guard state.life.isAtWork else { return Self.buildBeside }
        state.isStale = true
        return .none
    }

    /// A build that leaves the screen as it is.
    private static let buildBeside = Outcome.send(.app(.startBuild(releases: [], showsBuild: false)))

    /// How a watched build ended, before what follows from it: a newer file makes its result of no use.
    private func endRound(_ state: inout BuildScreenState) -> Outcome {
        guard state.kept.watches, !state.isStale, var round = state.kept.round else { return .none }
        round.end(state.build.outcome)
        state.kept.round = round
        let rings = bellAfter != nil && (round.isFailure || round.hadFailed)
        return .batch(
            rings ? .send(.app(.announce("mixpack: \(round.file) \(round.result)"))) : .none,
            Self.isNewImage(state.build.outcome) ? .send(.run(.restartWithNewImage)) : .none)
    }

    static func isNewImage(_ outcome: BuildOutcome?) -> Bool {
        if case .finished(let report)? = outcome { !report.isUnchanged } else { false }
    }

    private func restarted(_ restart: WatchRound.Restart, _ state: inout BuildScreenState) -> Outcome {
        guard let round = state.kept.round, round.build != .atWork else { return .none }
        state.kept.round?.restart = restart
        guard restart == .failed, bellAfter != nil else { return .none }
        return .send(.app(.announce("mixpack: \(round.file) is built, but its container did not start")))
    }

    /// Gives the terminal back and prints the build plainly; a key comes back to the console.
    private func detach(_ state: inout BuildScreenState) -> Outcome {
        guard state.life.isAtWork || state.kept.watches, state.replay == nil else {
            return .say("no build is running")
        }
        let (events, continuation) = AsyncStream.makeStream(of: LifecycleEvent.self)
        if let phase = state.build.runningPhase?.phase {
            continuation.yield(LifecycleEvent(at: state.build.time, .phaseStarted(phase)))
        }
        state.kept.plainOutput = continuation
        let interrupts = InterruptCounter(state.life.handle)
        return .effect(
            .withTerminalSuspended {
                .build(.attached(await client.printPlainly(events) { interrupts.next() }))
            })
    }

    /// Comes back from plain output; if that has told the build's end, there is nothing to come back for.
    private func attach(_ end: PlainOutputEnd, _ state: inout BuildScreenState) -> Outcome {
        state.kept.plainOutput?.finish()
        state.kept.plainOutput = nil
        guard end == .ended else { return .none }
        state.hasDetached = true
        return .effect(.quit)
    }
}

extension BuildScreenState {
    mutating func fold(_ event: LifecycleEvent) {
        build.fold(event)
        if case .diagnostic = event.kind { log.takeNewKinds() }
        events += 1
        advanceLog()
    }
}
