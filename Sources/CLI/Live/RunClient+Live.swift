import Commands
import Console
import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import Synchronization
import SystemPackage

extension RunClient {
    static func live(_ containers: BackgroundContainers) -> RunClient {
        var client = RunClient()
        client.start = { try await containers.start($0) }
        client.find = { try? await containers.find(owner: $0, image: $1) }
        client.follow = { containers.follow($0) }
        client.log = { await containers.log(of: $0, take: $1) }
        client.stop = { try await containers.stop($0) }
        client.runOnce = { try await containers.runOnce($0, take: $1) }
        client.remoteCommand = { try await containers.remoteCommand($0, $1) }
        client.shellCommand = { try await containers.shellCommand($0) }
        client.browse = { await containers.browse($0) }
        client.logCommand = { try await containers.logCommand($0) }
        client.database = .live(DatabaseContainers(wiring: containers.wiring))
        client.now = { Date().timeIntervalSince1970 }
        return client
    }
}

/// Containers that run in the background, by the command of the engine that answers.
struct BackgroundContainers: Sendable {
    let wiring: Wiring

    /// Names whose container it is, so that it is found again.
    private static let label = "io.github.carlo-colombo.mixpack.owner"
    private static let launcher = "/cnb/lifecycle/launcher"

    /// Starts a container, and the database that it asks for before it.
    ///
    /// Those that were started before for the same owner are stopped for it, and removed once it runs; if the engine
    /// does not start it, what ran is started again.
    func start(_ request: ContainerRequest) async throws -> ContainerStatus {
        let engine = try await wiring.engineCommand()
        let surroundings = try await surroundings(of: request)
        let id = try await create(request, surroundings, engine)
        let owned = ["--quiet", "--filter", filter(request.owner)]
        let running = (try? await engine.lines(["ps"] + owned)) ?? []
        do {
            // The time is said because Podman takes none at all for what Docker's command leaves out.
            if !running.isEmpty { _ = try? await engine.lines(["stop", "-t", "10"] + running) }
            try await start(id, of: request, engine)
        } catch {
            // A task of its own: what ran goes on also if nobody waits for the new one any more.
            await Task {
                _ = try? await engine.lines(["rm", "--force", id])
                if !running.isEmpty { _ = try? await engine.lines(["start"] + running) }
            }.value
            throw error
        }
        let earlier = ((try? await engine.lines(["ps", "--all"] + owned)) ?? []).filter { !id.hasPrefix($0) }
        if !earlier.isEmpty { _ = try? await engine.lines(["rm", "--force"] + earlier) }
        return try await status(of: id, engine)
    }

    /// Makes a container without starting it: most of what is wrong shows here, while the one from before runs.
    private func create(
        _ request: ContainerRequest, _ surroundings: Surroundings, _ engine: EngineCommand
    ) async throws -> String {
        let process = request.options.processType.map { ["--entrypoint", "/cnb/process/\($0)"] } ?? []
        let words =
            ["create", "--label", "\(Self.label)=\(request.owner)"]
            + options(of: request, surroundings, network: request.options.network ?? surroundings.network)
            + request.ports.flatMap { ["--publish", $0] } + process + [request.image]
        let (end, text) = try await engine.run(words, surroundings.variables)
        guard end.isSuccess, let id = text.split(separator: "\n").last.map(String.init) else {
            throw Failure.notStarted(request.image, by: engine.name, status: end.status, output: text)
        }
        guard let network = surroundings.network, request.options.network != nil else { return id }
        do {
            _ = try await engine.lines(["network", "connect", network, id])
        } catch {
            _ = try? await engine.lines(["rm", "--force", id])
            throw error
        }
        return id
    }

    private func start(_ id: String, of request: ContainerRequest, _ engine: EngineCommand) async throws {
        let (end, text) = try await engine.run(["start", id])
        guard end.isSuccess else {
            throw Failure.notStarted(request.image, by: engine.name, status: end.status, output: text)
        }
    }

    /// What a container finds beside it: its variables, with the database's URL, and the network of that.
    private struct Surroundings {
        var variables: [String: SecretValue]
        var network: String?
        /// `NAME:ADDRESS` of the database: not every engine has a server that knows names.
        var host: String?
        var secrets = Redactor(secrets: [:])
    }

    /// Starts the database that a container asks for, and waits for it.
    private func surroundings(of request: ContainerRequest) async throws -> Surroundings {
        guard let asked = request.database else { return Surroundings(variables: request.variables) }
        if let network = request.options.network, ["host", "none"].contains(network) {
            throw Failure(
                .refused, "the database has a network of its own, which a container on \(network) does not reach",
                advice: "empty Network on Run, or do not use the database")
        }
        let database = try await DatabaseContainers(wiring: wiring).start(asked).inspected
        var surroundings = Surroundings(variables: request.variables, network: database.network)
        surroundings.variables["DATABASE_URL"] = database.url
        if let network = database.network, let address = database.networks[network], !address.isEmpty {
            surroundings.host = "\(database.name):\(address)"
        }
        surroundings.secrets = database.secrets
        return surroundings
    }

    /// What a container of its own gets in any case: the network, volumes, variables by name.
    private func options(
        of request: ContainerRequest, _ surroundings: Surroundings, network: String?
    ) -> [String] {
        let options = request.options
        let volumes = options.volumes.flatMap { ["--volume", $0.hasPrefix(".") ? absolute($0, request) : $0] }
        let file = options.environmentFile.map { ["--env-file", absolute($0, request)] } ?? []
        let names = surroundings.variables.keys.sorted().flatMap { ["--env", $0] }
        let host = surroundings.host.map { ["--add-host", $0] } ?? []
        return ["--pull=never"] + (network.map { ["--network", $0] } ?? []) + host + volumes + file + names
    }

    private func absolute(_ path: String, _ request: ContainerRequest) -> String {
        request.folder.pushing(FilePath(path)).lexicallyNormalized().string
    }

    private func filter(_ owner: String) -> String { "label=\(Self.label)=\(owner)" }

    /// The running container of an owner, or else the newest one of an image.
    func find(owner: String, image: String?) async throws -> ContainerStatus? {
        let engine = try await wiring.engineCommand()
        if let id = try await engine.lines(["ps", "--quiet", "--filter", filter(owner)]).first {
            return try await status(of: id, engine)
        }
        guard let image, let id = try await engine.containers(of: image).first else { return nil }
        return try await status(of: id, engine)
    }

    private func status(of id: String, _ engine: EngineCommand) async throws -> ContainerStatus {
        let text = try await engine.lines(["inspect", "--type", "container", id]).joined(separator: "\n")
        return try InspectedContainer(json: text).status
    }

    /// How a container is, whenever that changes; often at first, when most goes wrong.
    func follow(_ id: String) -> AsyncStream<ContainerStatus> {
        AsyncStream { continuation in
            let task = Task {
                defer { continuation.finish() }
                guard let engine = try? await wiring.engineCommand() else { return }
                var before: ContainerStatus?
                for look in 0... {
                    guard let status = try? await status(of: id, engine) else {
                        guard var last = before, !Task.isCancelled else { return }
                        last.isRunning = false
                        last.problem = "the engine no longer has the container"
                        continuation.yield(last)
                        return
                    }
                    if status != before { continuation.yield(status) }
                    guard status.isRunning else { return }
                    before = status
                    guard (try? await Task.sleep(for: .milliseconds(look < 20 ? 500 : 2000))) != nil else { return }
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Hands over what a container prints; the engine's command waits while `take` does.
    ///
    /// The command may end early, before the log has its first line or with a daemon that is started again.
    func log(of id: String, take: @Sendable (String) async -> Void) async {
        guard let engine = try? await wiring.engineCommand() else { return }
        let last = Mutex<Int?>(nil)
        let secrets = Redactor(databaseURL: await databaseURL(of: id, engine))
        // Podman loses what is written while it looks for the last lines: a new container's log is read from its start.
        let age = try? await Date().timeIntervalSince1970 - status(of: id, engine).startedAt
        let recent = age.map { $0 > 60 } == true ? ["--tail", "5000"] : []
        while !Task.isCancelled {
            let from = last.withLock { $0.map { ["--since", "\($0)"] } } ?? recent
            _ = try? await engine.stream(["logs", "--follow"] + from + [id]) { text in
                last.withLock { $0 = Int(Date().timeIntervalSince1970) + 1 }
                await take(secrets.redact(text))
            }
            guard (try? await status(of: id, engine))?.isRunning == true,
                (try? await Task.sleep(for: .milliseconds(500))) != nil
            else { return }
        }
    }

    /// What must not be shown of a container's output: the password of the database that it uses.
    private func databaseURL(of id: String, _ engine: EngineCommand) async -> String {
        let format = "{{range .Config.Env}}{{println .}}{{end}}"
        let lines = (try? await engine.lines(["inspect", "--type", "container", "--format", format, id])) ?? []
        let url = lines.first { $0.hasPrefix("DATABASE_URL=") }?.dropFirst("DATABASE_URL=".count)
        return url.map(String.init) ?? ""
    }

    /// The command that shows the whole log in the user's pager.
    func logCommand(_ id: String) async throws -> InteractiveCommand {
        let engine = try await wiring.engineCommand()
        let password = Redactor.password(inDatabaseURL: await databaseURL(of: id, engine))
        return LogPager(words: engine.words + ["logs"], hidden: password).command(id)
    }

    /// Stops a container in order.
    func stop(_ id: String) async throws {
        _ = try await wiring.engineCommand().lines(["stop", "-t", "10", id])
    }

    /// Runs a command to its end and gives its exit code.
    func runOnce(_ command: ContainerCommand, take: @escaping @Sendable (String) async -> Void) async throws -> Int32 {
        let engine = try await wiring.engineCommand()
        if let container = command.container {
            return try await engine.stream(["exec", container] + command.words, take: take).status
        }
        let request = command.request
        let surroundings = try await surroundings(of: request)
        // Podman's service loses the exit code of a container that it removes itself.
        let name = "mixpack-once-\(UInt32.random(in: 0 ... .max))"
        let words =
            ["run", "--name", name]
            + options(of: request, surroundings, network: surroundings.network ?? request.options.network)
            + ["--entrypoint", Self.launcher, request.image, "--"] + command.words
        let end = try? await engine.stream(words, surroundings.variables) {
            await take(surroundings.secrets.redact($0))
        }
        let state = try? await engine.lines(["inspect", "--format", Self.endFormat, name]).first
        // A task of its own: the container goes also if nobody waits for the command any more.
        await Task { _ = try? await engine.lines(["rm", "--force", name]) }.value
        guard let code = state.flatMap(Self.exitCode) ?? end?.status else {
            throw Failure(.refused, "\(engine.name) did not run the command")
        }
        return code
    }

    private static let endFormat = "{{.State.Status}} {{.State.ExitCode}}"

    /// The exit code in such a state; `nil` for a container that never ran, whose code is 0 in Podman.
    private static func exitCode(_ state: String) -> Int32? {
        let words = state.split(separator: " ")
        guard words.count == 2, !["created", "configured", "initialized"].contains(words[0]) else { return nil }
        return Int32(words[1])
    }

    func remoteCommand(_ id: String, _ program: String) async throws -> [String] {
        try await wiring.engineCommand().words + ["exec", "-it", id, program, "remote"]
    }

    /// A shell of the system; looks first whether the image has one.
    func shellCommand(_ id: String) async throws -> [String] {
        let engine = try await wiring.engineCommand()
        for shell in ["/bin/bash", "/bin/sh"] {
            let (end, _) = try await engine.run(["exec", id, shell, "-c", "exit 0"])
            if end.isSuccess { return engine.words + ["exec", "-it", id, shell] }
        }
        throw Failure(
            .refused, "no shell answers in the container",
            advice: "R opens IEx on the node; run-programs in [mixpack] of project.toml adds a shell to the image")
    }

    /// Opens an address where there is a screen to show it on.
    func browse(_ address: String) async -> String? {
        let machine = wiring.machine
        let hasScreen = machine.environment["DISPLAY"] != nil || machine.environment["WAYLAND_DISPLAY"] != nil
        let chosen = machine.environment["BROWSER"].flatMap { $0.isEmpty ? nil : $0 }
        guard let program = chosen ?? (hasScreen ? "xdg-open" : nil),
            let path = ProgramLookup(searchPath: machine.environment["PATH"]).find(FilePath(program))
        else { return nil }
        // A browser goes on after its command: setsid keeps it when the command's group ends.
        let command = Command(
            "/bin/sh", ["-c", "setsid \"$0\" \"$1\" > /dev/null 2>&1 &", path.string, address],
            environment: machine.environment, workingDirectory: machine.currentDirectory)
        guard let end = try? await wiring.runner.run(command, onOutput: { _ in }), end.isSuccess else { return nil }
        return program
    }
}
