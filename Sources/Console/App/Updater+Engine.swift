import Lifecycle
import TerminalUI

extension Updater {
    /// Opens a shell on the node of a running container.
    func remote(_ state: inout State) -> Effects {
        guard let contents = state.image.contents, contents.manifestDigest != nil else {
            return say(&state, problem: "there is no image; b builds one")
        }
        return .withTerminalSuspended {
            do {
                let words = try await environment.remoteCommand(contents.name, contents.releaseProgram)
                return .ranInteractively(
                    "the shell", .success(try await environment.runInteractively(InteractiveCommand(words))))
            } catch {
                return .ranInteractively("the shell", .failure(ConsoleFailure(error)))
            }
        }
    }

    /// Stops what runs of the image; what it prints on the way is to be seen.
    func stop(_ state: inout State) -> Effects {
        guard let name = state.image.contents?.name else { return say(&state, "there is no image") }
        state.image.containerLog = LogStore(maximumLines: 2000, maximumBytes: 1 << 20)
        state.image.isContainerRunning = true
        state.image.facts = .container
        if LayoutKind(state.size) == .stacked { state.focus[.image] = .facts }
        let log = Effects.subscribe(id: "container-log") { send in
            for await line in environment.containerLog(name) { send(.containerLine(line)) }
            send(.containerEnded)
        }
        let stop = Effects.run { send in
            do {
                send(.containersStopped(.success(try await environment.stopContainers(name))))
            } catch {
                send(.containersStopped(.failure(ConsoleFailure(error))))
            }
        }
        return .batch(say(&state, "stopping…"), log, stop)
    }

    func stopped(_ state: inout State, _ result: Result<String, ConsoleFailure>) -> Effects {
        switch result {
        case .success(let text): say(&state, text)
        case .failure(let failure): say(&state, problem: "\(failure)")
        }
    }

    /// Compares layers and files with those of the image before, or stops doing so.
    func compare(_ state: inout State) -> Effects {
        guard state.image.previous == nil else {
            state.image.previous = nil
            return .none
        }
        guard let contents = state.image.contents, contents.manifestDigest != nil else {
            return say(&state, "there is no image to compare")
        }
        return .run(id: "compare") { send in
            do {
                send(.previousImageOpened(.success(try await environment.previousImage(contents.name))))
            } catch {
                send(.previousImageOpened(.failure(ConsoleFailure(error))))
            }
        }
    }

    /// Takes the image before; where the store has none, the last build's own account of its layers has to do.
    func compare(_ state: inout State, with result: Result<EarlierImage, ConsoleFailure>) -> Effects {
        guard case .success(let image) = result else { return comparePastBuild(&state) }
        state.image.previous = PreviousImage(image)
        return say(&state, "compared with the image of \(image.age): A added, M modified, D deleted; P ends it")
    }

    private func comparePastBuild(_ state: inout State) -> Effects {
        let digest = state.image.contents?.manifestDigest?.short
        let before = state.build.pastBuilds.first {
            $0.ending == .finished && $0.digest != digest && $0.id != state.build.shownPast
        }
        guard let before else { return say(&state, "no earlier build of this image to compare with") }
        let path = state.path
        return .run { send in
            do {
                send(.previousImageKnown(id: before.id, .success(try await environment.pastBuild(path, before.id))))
            } catch {
                send(.previousImageKnown(id: before.id, .failure(ConsoleFailure(error))))
            }
        }
    }

    func compare(_ state: inout State, _ id: String, _ result: Result<[LifecycleEvent], ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let events):
            var build = BuildState()
            for event in events { build.fold(event) }
            let age = state.build.pastBuilds.first { $0.id == id }?.age ?? id
            state.image.previous = PreviousImage(age: age, build: build)
            return say(&state, "compared with the layers of the build of \(age); its files are gone")
        }
    }
}
