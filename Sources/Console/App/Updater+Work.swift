import Lifecycle
import SystemPackage
import TerminalUI

extension Updater {
    /// A shell where the project is built.
    func shell(_ state: inout State) -> Effects {
        guard !state.build.build.isRunning else {
            return say(&state, "a build is at work there; wait for its end or cancel it")
        }
        let path = state.path
        let given = state.secrets.buildVariables.map { ($0.name, SecretValue($0.value)) }
        return .withTerminalSuspended {
            do {
                var command = try await environment.buildShell(path)
                command.environment.merge(given) { own, _ in own }
                let status = try await environment.runInteractively(command)
                return .ranInteractively("the shell", .success(status))
            } catch {
                return .ranInteractively("the shell", .failure(ConsoleFailure(error)))
            }
        }
    }

    /// The whole log, from its first line, in the user's pager.
    func pager(_ state: inout State) -> Effects {
        guard let file = state.build.build.start?.logFile else {
            return say(&state, problem: "this build keeps no log file; s saves what is shown")
        }
        let words = environment.pagerCommand(FilePath(file))
        return .withTerminalSuspended {
            do {
                return .ranInteractively(
                    "the pager", .success(try await environment.runInteractively(InteractiveCommand(words))))
            } catch {
                return .ranInteractively("the pager", .failure(ConsoleFailure(error)))
            }
        }
    }

    /// Builds whenever files are saved, or stops doing so.
    func watch(_ state: inout State) -> Effects {
        state.build.watches.toggle()
        guard state.build.watches else { return .batch(.cancel("watch"), say(&state, "no longer watching")) }
        let path = state.path
        let watching = Effects.subscribe(id: "watch") { send in
            for await _ in environment.changes(path) { send(.sourceChanged) }
        }
        return .batch(watching, say(&state, "watching: builds whenever a file is saved"))
    }

    func sourceChanged(_ state: inout State) -> Effects {
        guard state.build.watches else { return .none }
        if state.build.build.isRunning || state.build.running != nil {
            state.build.isStale = true
            return .none
        }
        return startBuild(&state)
    }

    /// Gives the terminal back and prints the build plainly; a key comes back to the console.
    func detach(_ state: inout State) -> Effects {
        let build = state.build
        guard build.build.isRunning || build.watches, build.replay == nil else {
            return say(&state, "no build is at work")
        }
        let (events, continuation) = AsyncStream.makeStream(of: LifecycleEvent.self)
        if let phase = build.build.runningPhase?.phase {
            continuation.yield(LifecycleEvent(at: build.build.time, .phaseStarted(phase)))
        }
        state.build.plainOutput = continuation
        let interrupts = InterruptCounter(build.running)
        return .withTerminalSuspended {
            .attached(await environment.printPlainly(events) { interrupts.next() })
        }
    }

    /// Back from plain output; where that has told the build's end, there is nothing to come back for.
    func attached(_ state: inout State, _ end: PlainOutputEnd) -> Effects {
        state.build.plainOutput?.finish()
        state.build.plainOutput = nil
        guard end == .ended else { return .none }
        state.hasDetached = true
        return .quit
    }
}
