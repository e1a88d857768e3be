import Diagnostics
import TerminalUI

/// What comes back to the database beside the container.
enum DatabaseMessage: Sendable {
    /// Ask the engine how it is.
    case look
    case looked(DatabaseLook)
    /// The name of an image was typed.
    case named(String)
    case pull(String)
    /// Start it and have the container use it; makes one of the image if there is none.
    case start(image: String)
    case started(DatabaseStatus)
    case stop
    case askToRemove
    case remove
    /// What was asked for is done, in words.
    case done(String)
    /// The container gets `DATABASE_URL` from Secrets again.
    case leave
    case failed(Failure)
}

extension RunScreen {
    func receive(_ message: DatabaseMessage, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        switch message {
        case .look: return lookAtDatabase(around)
        case .looked(let look):
            state.database.look = look
            return .none
        case .named(let image): return take(image, state)
        case .pull(let image): return pull(image, &state)
        case .start(let image): return startDatabase(image, &state, around)
        case .started(let status): return endDatabaseStart(status, &state)
        case .stop:
            return change("stopping", &state, around, done: "the database is stopped; its data stays") {
                try await client.database.stop($0)
            }
        case .askToRemove: return askToRemoveDatabase(state)
        case .remove:
            state.options.database = nil
            let removed = change("removing", &state, around, done: "the database is removed, with its data") {
                try await client.database.remove($0)
            }
            return .batch(.keepChoices, removed)
        case .done(let text):
            state.database.work = nil
            return .batch(.say(text), lookAtDatabase(around))
        case .leave:
            state.options.database = nil
            return .batch(.keepChoices, .say("the container gets DATABASE_URL from Secrets, from the next start on"))
        case .failed(let failure):
            state.database.work = nil
            state.database.failure = failure
            return .problem("\(failure)")
        }
    }

    /// Asks the engine how the database is.
    func lookAtDatabase(_ around: Surroundings) -> Outcome {
        guard around.readsDatabase, let owner = around.project?.string else { return .none }
        // An engine that does not answer changes nothing: what is done next says so.
        return .run(id: "database-look") { send in
            if let look = try? await client.database.look(owner) { send(.run(.database(.looked(look)))) }
        }
    }

    /// The database that a container is started with.
    func databaseRequest(_ image: String?, _ around: Surroundings) -> DatabaseRequest? {
        guard let image, let project = around.project else { return nil }
        let app = around.inspection?.project?.app ?? project.lastComponent?.string ?? "app"
        return DatabaseRequest(owner: project.string, app: app, image: image)
    }

    // MARK: The row

    /// Asks what to do with the database, or which image to make one of.
    func askForDatabase(_ state: RunState, _ around: Surroundings) -> Outcome {
        guard state.database.work == nil else { return .say("wait: the database is \(state.database.work ?? "")") }
        guard let look = state.database.look else {
            return .batch(.say("the engine is being asked; press e again"), lookAtDatabase(around))
        }
        guard let status = look.status else { return askForImage(state) }
        let isUsed = state.options.database != nil
        var items: [Picker.Item] = []
        if !status.isRunning || !isUsed { items.append(item("start it, and use it", .start(image: status.image))) }
        if status.isRunning { items.append(item("stop it; its data stays", .stop)) }
        if isUsed { items.append(item("use DATABASE_URL of Secrets instead", .leave)) }
        items.append(item("remove it, with its data", .askToRemove))
        return .pick("The database", lines: [status.name, ""], items)
    }

    private func askForImage(_ state: RunState) -> Outcome {
        let images = state.database.look?.images ?? []
        let prompt = Outcome.prompt(imagePrompt(images.isEmpty ? "postgres:17" : ""))
        guard !images.isEmpty else { return prompt }
        let named = images.map { item(DatabaseState.short($0), .start(image: $0)) }
        return .pick(
            "A database of which image?", lines: ["It gets a network, a volume and a password of its own.", ""],
            named + [Picker.Item(text: "another one…", chosen: .app(.open(.prompt(imagePrompt("")))))])
    }

    private func imagePrompt(_ text: String) -> Prompt {
        let help = "an image of Postgres; one that the engine does not have is fetched once you say yes"
        var prompt = Prompt("Image", text: text, help: help) { .run(.database(.named($0))) }
        prompt.check = { DatabaseState.problem(withImage: $0) }
        return prompt
    }

    private func item(_ text: String, _ message: DatabaseMessage) -> Picker.Item {
        Picker.Item(text: text, chosen: .run(.database(message)))
    }

    /// Starts one of an image that the engine has; asks before any other is fetched.
    private func take(_ image: String, _ state: RunState) -> Outcome {
        let known = state.database.look?.images.first {
            DatabaseState.short($0) == image || $0 == image || DatabaseState.short($0) == "\(image):latest"
        }
        if let known { return .send(.run(.database(.start(image: known)))) }
        return .confirm(
            "Fetch \(image)?", ["The engine does not have it, and fetches it from its registry."],
            yes: .run(.database(.pull(image))))
    }

    private func askToRemoveDatabase(_ state: RunState) -> Outcome {
        guard let status = state.database.status else { return .none }
        let volume = status.volume.map { ["the volume \($0): all data in it is lost"] } ?? []
        let network = status.network.map { ["the network \($0), once nothing else is on it"] } ?? []
        return .confirm(
            "Remove the database?",
            ["This removes", "  the container \(status.name)"] + (volume + network).map { "  \($0)" },
            yes: .run(.database(.remove)))
    }

    // MARK: What is done with it

    private func pull(_ image: String, _ state: inout RunState) -> Outcome {
        begin("fetching \(image)", &state)
        return .batch(
            .say("fetching \(image)…"),
            .ask(
                id: "database", { try await client.database.pull(image) }, failed: { .run(.database(.failed($0))) },
                then: { .run(.database(.start(image: image))) }))
    }

    private func startDatabase(_ image: String, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        guard let request = databaseRequest(image, around) else { return .none }
        begin("starting", &state)
        return .batch(
            .say("starting the database…"),
            .ask(
                id: "database", { try await client.database.start(request) }, failed: { .run(.database(.failed($0))) },
                then: { .run(.database(.started($0))) }))
    }

    private func endDatabaseStart(_ status: DatabaseStatus, _ state: inout RunState) -> Outcome {
        state.database.work = nil
        state.database.look = DatabaseLook(status, images: state.database.look?.images ?? [])
        state.options.database = status.image
        let doubt = status.isReady == nil ? "; its image has no pg_isready to ask whether it is ready" : ""
        let next = state.running == nil ? "" : "; r starts the container with it"
        return .batch(.keepChoices, .say("the database \(status.name) is up\(doubt)\(next)"))
    }

    private func change(
        _ work: String, _ state: inout RunState, _ around: Surroundings, done: String,
        _ change: @escaping @Sendable (String) async throws -> Void
    ) -> Outcome {
        guard let owner = around.project?.string else { return .none }
        begin(work, &state)
        return .batch(
            .say("\(work) the database…"),
            .ask(
                id: "database", { try await change(owner) }, failed: { .run(.database(.failed($0))) },
                then: { .run(.database(.done(done))) }))
    }

    private func begin(_ work: String, _ state: inout RunState) {
        state.database.work = work
        state.database.failure = nil
    }
}
