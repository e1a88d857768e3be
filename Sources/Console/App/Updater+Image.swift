import OCIImage
import TerminalUI

extension Updater {
    func openImage(_ state: inout State, _ place: String) -> Effects {
        state.image.isLoading = true
        state.image.failure = nil
        return .run(id: "image") { send in
            do {
                send(.imageOpened(.success(try await environment.openImage(place))))
            } catch {
                send(.imageOpened(.failure(ConsoleFailure(error))))
            }
        }
    }

    func take(_ state: inout State, _ result: Result<ImageContents, ConsoleFailure>) -> Effects {
        state.image.isLoading = false
        switch result {
        case .success(let contents):
            if contents.manifestDigest != state.image.contents?.manifestDigest {
                state.image.files.forget()
                state.image.previous = nil
                state.image.packages = nil
            }
            state.image.contents = contents.joined(with: state.build.build)
            state.image.efficiency = nil
            state.image.efficiencyProblem = nil
        case .failure(let failure):
            state.image.failure = failure
            state.image.contents = state.build.hasBuild ? ImageContents(build: state.build.build) : nil
            if state.screen == .image { return say(&state, problem: "\(failure)") }
        }
        return .none
    }

    /// Runs the image on this terminal; asks for the variables that it needs and that have no value yet.
    func run(_ state: inout State) -> Effects {
        guard let contents = state.image.contents, contents.manifestDigest != nil else {
            return say(&state, problem: "there is no image to run; b builds one")
        }
        guard state.project.inspection == nil || state.project.inspection?.engine != nil else {
            let advice = state.project.inspection?.engineAdvice ?? "install podman or docker"
            return say(&state, problem: "no container engine answers: \(advice)")
        }
        let values = state.secrets.runValues
        let needed = contents.requiredVariables + state.secrets.missing.filter { $0.identity.phase == .run }.map(\.name)
        if let missing = needed.first(where: { values[$0] == nil }) {
            state.overlay = .prompt(
                Prompt(
                    secret: .runVariable(name: missing), title: "Run needs \(missing)",
                    help: "The container does not start without it. Type or paste the value; it is never shown."))
            return .none
        }
        return runNow(contents, values)
    }

    private func runNow(_ contents: ImageContents, _ values: [String: SecretValue]) -> Effects {
        .withTerminalSuspended {
            do {
                let words = try await environment.runCommand(contents.name, contents.ports, values.keys.sorted())
                let status = try await environment.runInteractively(InteractiveCommand(words, environment: values))
                return .ranInteractively("the container", .success(status))
            } catch {
                return .ranInteractively("the container", .failure(ConsoleFailure(error)))
            }
        }
    }

    func take(_ state: inout State, _ result: Result<ImageEfficiency, ConsoleFailure>) -> Effects {
        switch result {
        case .success(let efficiency): state.image.efficiency = efficiency
        case .failure(let failure): state.image.efficiencyProblem = "\(failure)"
        }
        return .none
    }

    /// Saves what `mixpack inspect --json` would print.
    func export(_ state: inout State) -> Effects {
        guard let name = state.image.contents?.name, state.image.contents?.manifestDigest != nil else {
            return say(&state, "there is no image to report on")
        }
        return .run { send in
            do {
                send(.reportWritten(.success(try await environment.imageReport(name))))
            } catch {
                send(.reportWritten(.failure(ConsoleFailure(error))))
            }
        }
    }

    func saveReport(_ state: inout State, _ result: Result<String, ConsoleFailure>) -> Effects {
        switch result {
        case .success(let text): save(&state, name: "mixpack-image.json", text)
        case .failure(let failure): say(&state, problem: "\(failure)")
        }
    }

    func say(_ state: inout State, _ what: String, _ result: Result<Int32, ConsoleFailure>) -> Effects {
        switch result {
        case .success(0): say(&state, "\(what) ended")
        case .success(let status): say(&state, problem: "\(what) ended with status \(status)")
        case .failure(let failure): say(&state, problem: "\(failure)")
        }
    }
}

extension ImageContents {
    /// The contents with what only the build knows: why a layer is as it is, and the layers that are not in the image.
    func joined(with build: BuildState) -> ImageContents {
        guard case .finished(let report)? = build.outcome, report.manifestDigest == manifestDigest else { return self }
        var result = self
        let known = ImageContents(build: build).layers
        for index in result.layers.indices {
            let layer = result.layers[index]
            guard let built = known.first(where: { $0.buildpack == layer.buildpack && $0.name == layer.name }) else {
                continue
            }
            result.layers[index].reason = layer.reason ?? built.reason
            result.layers[index].isReused = layer.isReused ?? built.isReused
            result.layers[index].files = layer.files ?? built.files
        }
        result.layers += known.filter { built in
            built.source != nil && !layers.contains { $0.buildpack == built.buildpack && $0.name == built.name }
        }
        if result.requiredVariables.isEmpty { result.requiredVariables = report.requiredVariables }
        return result
    }
}
