import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TerminalUI

/// The Run screen: a container of the image, from its start to its end.
struct RunScreen: Sendable {
    let client: RunClient

    enum Action: String, Sendable, CaseIterable {
        case start = "run.start"
        case remote = "run.remote"
        case shell = "run.shell"
        case browse = "run.browse"
        case once = "run.once"
        case change = "run.change"
        case stop = "run.stop"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .run(.start), ["r"], hint: "start", "start a container of the image, or start it again",
                flag: "docker run -d IMAGE", unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .run(.browse), ["u"], hint: "address", "open the address in the browser, or copy it",
                flag: "xdg-open http://localhost:PORT", unless: "nothing runs: r starts it", when: runs),
            KeyBinding(
                .run(.remote), ["R"], hint: "remote", "open a shell on the node of the container",
                flag: "docker exec -it CONTAINER …/bin/RELEASE remote", unless: "nothing runs: r starts it", when: runs),
            KeyBinding(
                .run(.shell), ["!"], "a shell of the system in the container", flag: "docker exec -it CONTAINER sh",
                unless: "nothing runs: r starts it", when: runs),
            KeyBinding(
                .run(.once), ["x"], hint: "run once", "run a command once: eval, migrate, rpc",
                flag: "docker run --rm --entrypoint launcher IMAGE -- …", unless: "no image yet: b builds one",
                when: hasImage),
            KeyBinding(
                .run(.change), ["e"], hint: "change",
                "change the row: ports, volumes, network, process, variables, database"),
            KeyBinding(
                .run(.stop), ["K"], hint: "stop", "stop the container", flag: "docker stop CONTAINER",
                unless: "nothing runs: r starts it", when: runs),
        ]

        private static let hasImage: @Sendable (ConsoleState) -> Bool = { $0.runnableImage != nil }
        private static let runs: @Sendable (ConsoleState) -> Bool = { $0.run.running != nil }
    }

    enum Message: Sendable {
        /// Start a container, also in place of one that runs.
        case start
        /// Do something with the container that runs; if none is known, one of the image is looked for.
        case reach(Action)
        /// The screen is shown, or a project was opened: see whether a container runs already.
        case look
        case found(ContainerStatus?, then: Action?)
        case started(ContainerStatus)
        case refused(Failure)
        /// What became of the container that ran before one that was refused.
        case putBack(ContainerStatus?, after: Failure)
        case changed(ContainerStatus)
        /// The last output of a container that has ended had its time to come.
        case concluded(String)
        case output(String, at: Double)
        case change(RunOptions.Field, String)
        case runOnce(String)
        case ranOnce(String, Int32)
        case failedOnce(Failure)
        case log(LogMessage)
        /// A watched build made a new image: start what runs again.
        case restartWithNewImage
        case imageOpened
        /// Time to look at the clock.
        case wake
        /// The clock's reading.
        case tick(Double)
        case browsed(String, by: String?)
        case database(DatabaseMessage)
    }

    /// What other screens know that a container needs.
    struct Surroundings: Sendable {
        var image: ImageContents?
        var secrets: SecretsState
        var inspection: ProjectInspection?
        /// `nil` if an image is looked at and no project is open.
        var project: FilePath?
        var readsDatabase: Bool
        var isShown: Bool
    }

    func perform(_ action: Action, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        switch action {
        case .start: return start(&state, around)
        case .remote, .shell, .browse, .stop: return reach(action, &state, around)
        case .once: return askForCommand(state, around)
        case .change: return askForOption(state, around)
        }
    }

    func receive(_ message: Message, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        switch message {
        case .start: return start(&state, around)
        case .reach(let action): return reach(action, &state, around)
        case .look: return look(state, around)
        case .found(let status, let action): return adopt(status, then: action, &state, around)
        case .started(let status):
            state.before = nil
            return .batch(follow(status, &state), endStart(.restarted, &state), lookAtDatabase(around))
        case .refused(let failure): return refuse(failure, &state, around)
        case .putBack(let status, let failure): return putBack(status, after: failure, &state)
        case .changed(let status): return change(to: status, &state)
        case .concluded(let id): return conclude(id, &state)
        case .output(let text, let time):
            state.output.append(text, at: time)
            state.log.advance(state.text)
            return state.lookOnIfBehind()
        case .change(let field, let text): return set(field, to: text, &state)
        case .runOnce(let text): return runOnce(text, &state, around)
        case .ranOnce(let text, let code): return endOnce(text, code, &state)
        case .failedOnce(let failure):
            state.isRunningOnce = false
            return .problem("\(failure)")
        case .log(let message): return state.receive(message)
        case .restartWithNewImage:
            state.awaitsImage = state.running != nil || state.life.isChanging
            return .none
        case .imageOpened: return openImage(&state, around)
        case .wake: return readClock()
        case .tick(let time): return tick(time, &state, around)
        case .browsed(let address, let program):
            return program.map { .say("\(address) is open (\($0))") } ?? .copy(address)
        case .database(let message): return receive(message, &state, around)
        }
    }

    // MARK: The life of a container

    /// Starts a container; asks for the variables that it needs and that have no value yet.
    ///
    /// A start that nobody asked for, because a file was saved, leaves the screen as it is.
    private func start(
        _ state: inout RunState, _ around: Surroundings, isRestart: Bool = false
    ) -> Outcome {
        guard let image = around.image, image.manifestDigest != nil else {
            return .problem("no image yet: press b to build one")
        }
        guard around.inspection == nil || around.inspection?.engine != nil else {
            let advice = around.inspection?.engineAdvice ?? "install podman or docker"
            return .problem("no container engine answers: \(advice)")
        }
        guard !state.life.isChanging else { return .say("the container is already starting or stopping") }
        let request = request(image, state.options, around)
        // The database's own URL takes its place.
        let missing = around.secrets.missing(for: image).filter {
            request.database == nil || $0 != DatabaseState.variable
        }
        if around.secrets.unfetched.contains(where: {
            $0.identity.phase == .run && $0.problem == nil && missing.contains($0.name)
        }) {
            return .send(.secrets(.fetchAll(thenRun: true)))
        }
        if let name = missing.first(where: { state.options.variables[$0] == nil }) {
            let help = "The container does not start without it. Type or paste the value; it is never shown."
            return .prompt(
                Prompt(secret: "Run needs \(name)", help: help) {
                    .secrets(.typedForRun(name: name, SecretValue($0)))
                })
        }
        let isAgain = state.running != nil
        state.before = state.running
        state.life = .starting
        state.isRestart = isRestart
        state.output.note("\(isAgain ? "starting again" : "starting") \(image.name)", .command)
        return .batch(
            isRestart ? .none : .batch(.show(.run), .say(Self.words(isAgain, request.database))),
            .ask(id: "container-start", { try await client.start(request) }, failed: { .run(.refused($0)) }) {
                .run(.started($0))
            })
    }

    private static func words(_ isAgain: Bool, _ database: DatabaseRequest?) -> String {
        database != nil ? "starting the database, then the container…" : isAgain ? "starting again…" : "starting…"
    }

    /// Starts what runs again with an image that was waited for; while it is starting, once that is over.
    private func openImage(_ state: inout RunState, _ around: Surroundings) -> Outcome {
        state.image = around.image
        guard state.awaitsImage, case .running = state.life else { return .none }
        state.awaitsImage = false
        return start(&state, around, isRestart: true)
    }

    private func request(_ image: ImageContents, _ options: RunOptions, _ around: Surroundings) -> ContainerRequest {
        let plain = options.variables.mapValues { SecretValue($0) }
        let ports = options.ports.isEmpty ? image.ports.map { "\($0):\($0)" } : options.ports
        return ContainerRequest(
            image: image.name, owner: around.project?.string ?? image.name, folder: around.project ?? ".",
            options: options, ports: options.network == "host" ? [] : ports,
            variables: around.secrets.runValues.merging(plain) { $1 },
            database: databaseRequest(options.database, around))
    }

    private func follow(_ status: ContainerStatus, _ state: inout RunState) -> Outcome {
        state.life = .running(status)
        let id = status.id
        let log = Effect<ConsoleMessage>.subscribe(id: "container-log") { send in
            await client.log(id) { text in await send.withPace(.run(.output(text, at: client.now()))) }
        }
        let changes = Effect<ConsoleMessage>.subscribe(id: "container") { send in
            for await status in client.follow(id) { send(.run(.changed(status))) }
        }
        let place = state.place.isEmpty ? "running" : "running on \(state.place)"
        return .batch(.effect(log), .effect(changes), .say(place), readClock())
    }

    /// Tells the watched build what came of the restart; an image that came meanwhile is started next.
    private func endStart(_ restart: WatchRound.Restart, _ state: inout RunState) -> Outcome {
        let told = state.isRestart ? Outcome.send(.build(.restarted(restart))) : .none
        state.isRestart = false
        return .batch(told, state.awaitsImage ? .send(.run(.imageOpened)) : .none)
    }

    /// Says why nothing was started, and looks whether the container that ran before does again.
    private func refuse(_ failure: Failure, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        let told = endStart(.failed, &state)
        state.awaitsImage = false
        state.life = .refused(failure)
        state.output.note(failure.message, .error)
        let said = Outcome.batch(told, .problem("\(failure)"), lookAtDatabase(around))
        guard state.before != nil, let owner = around.project?.string ?? around.image?.name else { return said }
        return .batch(
            said,
            .ask(id: "container-find", { await client.find(owner, nil) }) { .run(.putBack($0, after: failure)) })
    }

    private func putBack(_ status: ContainerStatus?, after failure: Failure, _ state: inout RunState) -> Outcome {
        defer { state.before = nil }
        guard case .refused = state.life, let status, status.id == state.before?.id else { return .none }
        state.output.note("the container from before runs again", .command)
        let followed = follow(status, &state)
        let place = state.place.isEmpty ? "" : " on \(state.place)"
        return .batch(followed, .problem("\(failure.message): the container from before runs again\(place)"))
    }

    private func change(to status: ContainerStatus, _ state: inout RunState) -> Outcome {
        guard let running = state.running, running.id == status.id else { return .none }
        if case .stopping = state.life, status.isRunning { return .none }
        guard !status.isRunning else {
            let before = running.health
            state.life = .running(status)
            guard case .unhealthy(let output)? = status.health, before != status.health else { return .none }
            return .problem("the container is unhealthy: \(output)")
        }
        var wasStopped = false
        if case .stopping = state.life { wasStopped = true }
        state.life = .ended(status, wasStopped: wasStopped)
        state.awaitsImage = false
        return .effect(.after(.milliseconds(300), send: .run(.concluded(status.id))))
    }

    /// Says why the container ended: what it printed last has come by now.
    private func conclude(_ id: String, _ state: inout RunState) -> Outcome {
        guard let end = state.end, state.container?.id == id else { return .none }
        state.output.note(end.text, end.isFailure ? .error : .command)
        state.log.advance(state.text)
        let name = state.container?.image ?? "the container"
        guard end.isFailure else { return .say("\(name): \(end.text)") }
        return .batch(.problem("\(name): \(end.text)"), .send(.app(.announce("mixpack: \(name) \(end.text)"))))
    }

    // MARK: A container that runs already

    private func look(_ state: RunState, _ around: Surroundings) -> Outcome {
        let database = lookAtDatabase(around)
        guard state.container == nil, !state.life.isChanging else { return .batch(readClock(), database) }
        return .batch(find(then: nil, around), database)
    }

    private func find(then action: Action?, _ around: Surroundings) -> Outcome {
        guard let owner = around.project?.string ?? around.image?.name else { return .none }
        let name = around.image?.name
        return .ask(id: "container-find", { await client.find(owner, name) }) { .run(.found($0, then: action)) }
    }

    private func adopt(
        _ status: ContainerStatus?, then action: Action?, _ state: inout RunState, _ around: Surroundings
    ) -> Outcome {
        guard state.running == nil, !state.life.isChanging else { return .none }
        guard let status else {
            guard action != nil else { return .none }
            let name = around.image?.name ?? "the image"
            return .problem("no container of \(name) is running: r starts one")
        }
        let followed = follow(status, &state)
        return action.map { .batch(followed, reach($0, &state, around)) } ?? followed
    }

    /// Does something with the container that runs.
    private func reach(_ action: Action, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        guard let status = state.running else {
            return state.life.isChanging ? .say("the container is starting") : find(then: action, around)
        }
        let id = status.id
        switch action {
        case .remote:
            guard let program = around.image?.releaseProgram else {
                return .problem(
                    "the image does not say which program opens a remote shell: build it again with mixpack")
            }
            return .onTerminal("the shell") { InteractiveCommand(try await client.remoteCommand(id, program)) }
        case .shell: return .onTerminal("the shell") { InteractiveCommand(try await client.shellCommand(id)) }
        case .browse:
            guard let address = status.address else {
                return .problem("no port is published: e on Ports publishes one, from the next start on")
            }
            return .ask({ await client.browse(address) }) { .run(.browsed(address, by: $0)) }
        case .stop:
            if case .stopping = state.life { return .say("the container is already stopping") }
            state.life = .stopping(status)
            return .batch(
                .show(.run), .say("stopping…"),
                .run(id: "container-stop") { send in
                    do { try await client.stop(id) } catch { send(.run(.refused(Failure(error, or: .refused)))) }
                })
        case .start, .once, .change: return .none
        }
    }

    // MARK: Options

    private func askForOption(_ state: RunState, _ around: Surroundings) -> Outcome {
        let rows = RunRow.all(state, readsDatabase: around.readsDatabase)
        guard case .option(let field)? = rows.chosen(by: state.form) else { return askForDatabase(state, around) }
        let types = around.image?.processes.map(\.type) ?? []
        if field == .processType, !types.isEmpty {
            let own = Picker.Item(text: "the image's default", chosen: .run(.change(field, "")))
            return .pick(
                "Which process?", [own] + types.map { Picker.Item(text: $0, chosen: .run(.change(field, $0))) })
        }
        let text = field == .variables ? "" : state.options.text(of: field)
        var prompt = Prompt(field.rawValue, text: text, help: field.help) { .run(.change(field, $0)) }
        prompt.check = { field.problem(with: $0) }
        prompt.masksSecrets = field == .variables
        return .prompt(prompt)
    }

    /// Takes an option; a secret among the variables goes to Secrets, so that it is never kept.
    private func set(_ field: RunOptions.Field, to text: String, _ state: inout RunState) -> Outcome {
        let name = String(text.prefix { $0 != "=" })
        if field == .variables, PlatformVariable.isSecretName(name) {
            let value = SecretValue(String(text.dropFirst(name.count + 1)))
            return .batch(
                .send(.secrets(.givenToRun(name: name, value))), .say("\(name) is a secret: it is on Secrets, not kept")
            )
        }
        state.options.set(field, to: text)
        let later = state.running == nil ? "" : ", from the next start on (r)"
        return .batch(.keepChoices, .say("\(field.rawValue.lowercased()) changed\(later)"))
    }

    // MARK: Commands that run once

    private func askForCommand(_ state: RunState, _ around: Surroundings) -> Outcome {
        guard around.image?.manifestDigest != nil else { return .problem("no image yet: press b to build one") }
        guard !state.isRunningOnce else { return .say("a command is running: wait for its end") }
        let app = around.inspection?.project?.app
        let module = app?.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let proposal = state.commands.entries.last ?? module.map { "eval \"\($0).Release.migrate\"" } ?? "eval \"\""
        var prompt = Prompt(
            "Run once", text: proposal, help: "eval CODE, rpc CODE on the running node, or a script of the release"
        ) { .run(.runOnce($0)) }
        prompt.history = state.commands
        prompt.check = { OneOffCommand($0) == nil ? "write a command; quotes must be closed" : nil }
        return .prompt(prompt)
    }

    private func runOnce(_ text: String, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        guard let image = around.image, let command = OneOffCommand(text), !state.isRunningOnce else { return .none }
        guard let program = image.releaseProgram else {
            return .problem("the image does not say which program its release has: build it again with mixpack")
        }
        guard !command.asksNode || state.running != nil else {
            return .problem("\(command.words[0]) asks the running node: r starts it")
        }
        state.commands.add(text)
        state.isRunningOnce = true
        state.output.note("$ \(text)", .command)
        let run = ContainerCommand(
            request: request(image, state.options, around), words: command.command(release: program),
            container: command.asksNode ? state.running?.id : nil)
        return .batch(
            .focus(.containerLog, on: .run), .say("running \(text)"),
            .run(id: "container-once") { send in
                do {
                    let code = try await client.runOnce(run) { text in
                        await send.withPace(.run(.output(text, at: client.now())))
                    }
                    await send.withPace(.run(.ranOnce(text, code)))
                } catch {
                    send(.run(.failedOnce(Failure(error, or: .refused))))
                }
            })
    }

    private func endOnce(_ text: String, _ code: Int32, _ state: inout RunState) -> Outcome {
        state.isRunningOnce = false
        let end = "\(text) ended with exit code \(code)"
        state.output.note(end, code == 0 ? .command : .error)
        state.log.advance(state.text)
        return code == 0 ? .say(end) : .problem(end)
    }

    // MARK: The log

    /// Shows the whole log in the user's pager, as the engine has it.
    func openLog(_ state: RunState) -> Outcome {
        guard let id = state.container?.id else { return .problem("nothing ran yet; s saves what is shown") }
        return .onTerminal("the pager") { try await client.logCommand(id) }
    }

    // MARK: The clock

    private func readClock() -> Outcome { .ask({ client.now() }) { .run(.tick($0)) } }

    private func tick(_ time: Double, _ state: inout RunState, _ around: Surroundings) -> Outcome {
        state.now = time
        guard around.isShown, state.running != nil else { return .none }
        return .effect(.after(.seconds(1), id: "container-clock", send: .run(.wake)))
    }
}
