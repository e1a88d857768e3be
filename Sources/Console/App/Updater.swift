import Lifecycle
import SystemPackage
import TerminalUI

/// Takes messages into the state, and says what is to happen in the world.
///
/// The environment's closures are only ever called inside effects.
struct Updater: Sendable {
    typealias State = ConsoleState
    typealias Effects = Effect<ConsoleMessage>

    let environment: ConsoleEnvironment

    init(_ environment: ConsoleEnvironment) { self.environment = environment }

    func update(_ state: inout State, _ message: ConsoleMessage) -> Effects {
        let effects = take(&state, message)
        return .batch(effects, followLayer(&state))
    }

    private func take(_ state: inout State, _ message: ConsoleMessage) -> Effects {
        switch message {
        case .input(let event): input(&state, event)
        case .perform(let action): perform(&state, action)
        case .inspected(let inspection): take(&state, inspection)
        case .trustKept(let result): take(&state, trust: result)
        case .choicesLoaded(let choices): take(&state, choices)
        case .recentLoaded(let recent): show(&state, recent)
        case .secretArrived(let identity, let origin, let result): take(&state, result, for: identity, from: origin)
        case .variablesRead(let origin, let result): take(&state, result, from: origin)
        case .buildStarted(let generation, let build): take(&state, build, generation)
        case .buildEvent(let generation, let event): take(&state, event, generation)
        case .buildEnded(let generation): endBuild(&state, generation)
        case .pastBuildsLoaded(let builds): take(&state, builds)
        case .pastBuildLoaded(let id, let result): show(&state, id, result)
        case .wake: .run { send in send(.tick(environment.clock())) }
        case .tick(let time): tick(&state, time)
        case .lookOn: lookOn(&state)
        case .imageOpened(let result): take(&state, result)
        case .filesOpened(let key, let result): take(&state, key, result)
        case .fileRead(let path, let result): show(&state, path, result)
        case .efficiencyKnown(let result): take(&state, result)
        case .reportWritten(let result): saveReport(&state, result)
        case .ranInteractively(let what, let result): say(&state, what, result)
        case .containersStopped(let result): stopped(&state, result)
        case .containerLine(let line):
            change(&state) { $0.image.containerLog.append(line + "\n", kind: .output, time: 0) }
        case .containerEnded: change(&state) { $0.image.isContainerRunning = false }
        case .sourceChanged: sourceChanged(&state)
        case .attached(let end): attached(&state, end)
        case .themesLoaded(let result): take(&state, result)
        case .previousImageKnown(let id, let result): compare(&state, id, result)
        case .previousImageOpened(let result): compare(&state, with: result)
        case .packagesKnown(let result): take(&state, result)
        case .copied(let text, let receipt): copied(&state, text, receipt)
        case .releaseProposed(let result): take(&state, proposed: result)
        case .editWritten(let result): take(&state, written: result)
        case .projectFileWritten(let result): take(&state, projectFile: result)
        case .saved(let result): saved(&state, result)
        }
    }

    /// What the console opens on.
    func open(_ opening: ConsoleStart, _ state: inout State) -> Effects {
        switch opening {
        case .project(let path): return .batch(open(project: path, &state), watchFromStart(&state))
        case .prepared(let request):
            take(&state, request)
            state.release.isPrepared = true
            return .batch(open(project: request.project, &state), watchFromStart(&state))
        case .build(let request):
            take(&state, request)
            state.screen = .build
            return .batch(open(project: request.project, &state), startBuild(&state), watchFromStart(&state))
        case .image(let place):
            state.inspectedPlace = place
            state.screen = .image
            return openImage(&state, place)
        case .replay(let name, let events):
            state.screen = .build
            state.build.replay = Replay(name: name, events: events, speed: state.settings.replaySpeed)
            return .batch(.run { send in send(.tick(environment.clock())) }, clock())
        }
    }

    private func take(_ state: inout State, _ request: BuildRequest) {
        state.path = request.project
        state.release.take(request)
        for variable in request.variables where !ReleaseState.ownVariables.contains(variable.name) {
            state.secrets.give(variable)
        }
    }

    private func watchFromStart(_ state: inout State) -> Effects {
        state.settings.watches && !state.build.watches ? watch(&state) : .none
    }

    /// Looks at a project, and at what was chosen for it before.
    func open(project path: FilePath, _ state: inout State) -> Effects {
        state.path = path
        state.project = ProjectState()
        return .batch(
            inspect(path),
            .run { send in send(.choicesLoaded(await environment.loadChoices(path))) },
            .run { send in send(.pastBuildsLoaded(await environment.pastBuilds(path))) })
    }

    func inspect(_ path: FilePath) -> Effects {
        .run(id: "inspect") { send in
            for await inspection in environment.inspect(path) { send(.inspected(inspection)) }
        }
    }

    /// The next look at the clock; runs while a build or a replay does.
    func clock() -> Effects { .after(.milliseconds(100), id: "clock", send: .wake) }
}
