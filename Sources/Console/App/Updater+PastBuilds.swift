import Lifecycle
import TerminalUI

extension Updater {
    func askForHistory(_ state: inout State) -> Effects {
        let items = state.build.pastBuilds.map { build in
            let mark = build.ending == .finished ? "✓" : build.ending == .failed ? "✗" : "-"
            let detail = "\(Seconds.text(build.seconds))  \(build.digest ?? build.ending.rawValue)"
            return Picker.Item(
                text: "\(mark) \(build.age)  \(build.image)", detail: detail, purpose: .pastBuild(build.id))
        }
        state.overlay = .picker(Picker(title: "Past builds", items: items))
        return .none
    }

    func openPastBuild(_ state: inout State, _ id: String) -> Effects {
        guard !state.build.build.isRunning else { return say(&state, problem: "a build is at work; cancel it or wait") }
        let path = state.path
        return .run { send in
            do {
                send(.pastBuildLoaded(id: id, .success(try await environment.pastBuild(path, id))))
            } catch {
                send(.pastBuildLoaded(id: id, .failure(ConsoleFailure(error))))
            }
        }
    }

    /// Shows a past build with its log and layers, as it ended.
    func show(_ state: inout State, _ id: String, _ result: Result<[LifecycleEvent], ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let events):
            var shown = BuildScreenState()
            shown.generation = state.build.generation + 1
            shown.pastBuilds = state.build.pastBuilds
            shown.now = state.build.now
            shown.shownPast = id
            for event in events { shown.build.fold(event) }
            shown.build.foldEnd()
            shown.log.advance(shown.build)
            state.build = shown
            state.image.contents = ImageContents(build: shown.build)
            state.screen = .build
            let age = state.build.pastBuilds.first { $0.id == id }?.age ?? id
            return .batch(say(&state, "the build of \(age); b builds anew"), lookOnIfBehind(state))
        }
    }
}
