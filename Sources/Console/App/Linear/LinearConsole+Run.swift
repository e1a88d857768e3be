import Diagnostics
import Lifecycle
import Synchronization

/// The container of the image: the Run screen as questions and lines.
extension LinearConsole {
    /// Starts a container in the background; asks for the variables that it needs first.
    func start(_ image: ImageContents, _ session: inout Session) async throws(LinearTerminal.Left) {
        await fetchSecrets(for: image, &session)
        for name in missingVariables(of: image, session) {
            guard let value = await terminal.askSecretly("The container needs \(name), not shown while you type: "),
                !value.isEmpty
            else { return terminal.say("not run: \(name) is not set") }
            session.secrets.setForRun(name, value)
        }
        terminal.say("starting \(image.name)")
        await start(image, &session, word: "running")
    }

    /// Starts a container with what is set; `word` says that it runs.
    func start(_ image: ImageContents, _ session: inout Session, word: String) async {
        let request = containerRequest(image, session)
        guard let status = await answer({ try await clients.run.start(request) }) else { return }
        session.container = status
        let port = status.ports.first.map { " on :\($0.machine)" } ?? ""
        terminal.say("\(word)\(port)\(status.address.map { ", \($0)" } ?? ""), container \(status.shortID)")
    }

    /// The variables that a container needs and that have no value yet.
    func missingVariables(of image: ImageContents, _ session: Session) -> [String] {
        session.secrets.missing(for: image).filter { session.runOptions.variables[$0] == nil }
    }

    private func containerRequest(_ image: ImageContents, _ session: Session) -> ContainerRequest {
        let options = session.runOptions
        let ports = options.ports.isEmpty ? image.ports.map { "\($0):\($0)" } : options.ports
        return ContainerRequest(
            image: image.name, owner: session.projectPath?.string ?? image.name, folder: session.projectPath ?? ".",
            options: options, ports: options.network == "host" ? [] : ports,
            variables: session.secrets.runValues.merging(options.variables.mapValues { SecretValue($0) }) { $1 })
    }

    private func fetchSecrets(for image: ImageContents, _ session: inout Session) async {
        let missing = missingVariables(of: image, session)
        for row in session.secrets.unfetched where row.identity.phase == .run && missing.contains(row.name) {
            guard let origin = row.origin, let source = origin.source else { continue }
            let value = await answer {
                try await SecretsScreen(client: clients.secrets).value(of: row.name, from: source)
            }
            if let value { session.secrets.set(value, for: row.identity, origin: origin) }
        }
    }

    /// The container that runs; `nil` after saying that none does.
    private func running(_ image: ImageContents, _ session: Session) async -> ContainerStatus? {
        if let status = await clients.run.find(session.projectPath?.string ?? image.name, image.name) { return status }
        terminal.say("no container of \(image.name) is running: run starts one")
        return nil
    }

    /// Says what the container printed last and what it prints now, until Enter.
    func followLog(of image: ImageContents, _ session: Session) async {
        let found = await clients.run.find(session.projectPath?.string ?? image.name, image.name)
        guard let status = found ?? session.container else {
            return terminal.say("no container of \(image.name) is running: run starts one")
        }
        terminal.say("The log of container \(status.shortID). Enter ends it.")
        let reading = Task { await readLog(of: status.id) }
        _ = await terminal.ask("")
        reading.cancel()
        await reading.value
    }

    private func readLog(of id: String) async {
        let tail = LogTail(say: terminal.say)
        let settling = Task {
            try await Task.sleep(for: .milliseconds(300))
            tail.settle()
        }
        await clients.run.log(id) { tail.take($0) }
        settling.cancel()
        guard !Task.isCancelled else { return }
        tail.settle()
        for await status in clients.run.follow(id) where !status.isRunning {
            terminal.say(ContainerEnd(status, wasStopped: false, lastWords: tail.lastWords).text)
            terminal.say("Enter goes on.")
        }
    }

    func stop(_ image: ImageContents, _ session: Session) async {
        guard let status = await running(image, session) else { return }
        let stopped: Void? = await answer { try await clients.run.stop(status.id) }
        if stopped != nil { terminal.say("stopped container \(status.shortID)") }
    }

    func openRemote(on image: ImageContents, _ session: Session) async {
        guard let program = image.releaseProgram else {
            return terminal.say(
                "the image does not say which program opens a remote shell: build it again with mixpack")
        }
        guard let status = await running(image, session) else { return }
        await interactively { try await clients.run.remoteCommand(status.id, program) }
    }

    func openShell(in image: ImageContents, _ session: Session) async {
        guard let status = await running(image, session) else { return }
        await interactively { try await clients.run.shellCommand(status.id) }
    }

    /// Runs a command of the release once, and says its exit code.
    func runOnce(_ image: ImageContents, _ session: Session) async throws(LinearTerminal.Left) {
        guard let program = image.releaseProgram else {
            return terminal.say("the image does not say which program its release has: build it again with mixpack")
        }
        let text = try await terminal.text("Command, such as eval \"Shop.Release.migrate\" or rpc CODE")
        guard let command = OneOffCommand(text) else { return terminal.say("write a command; quotes must be closed") }
        var container: ContainerStatus?
        if command.asksNode {
            container = await running(image, session)
            guard container != nil else { return }
        }
        let run = ContainerCommand(
            request: containerRequest(image, session), words: command.command(release: program),
            container: container?.id)
        let say = terminal.say
        let code = await answer {
            try await clients.run.runOnce(run) { output in LogTail.lines(of: output).forEach(say) }
        }
        if let code { terminal.say("\(text) ended with exit code \(code)") }
    }

    /// Changes what containers are started with; a secret among the variables is kept nowhere.
    func changeRunOptions(_ image: ImageContents, _ session: inout Session) async throws(LinearTerminal.Left) {
        let fields = RunOptions.Field.allCases
        let options = session.runOptions
        let rows = fields.map { field in
            let text = options.text(of: field)
            return "\(field.rawValue.lowercased()): \(text.isEmpty ? "as the image says" : text)"
        }
        let index = try await terminal.choose("What do you want to change?", ["back"] + rows)
        guard index > 0 else { return }
        let field = fields[index - 1]
        terminal.say(field.help + "; - for none")
        let typed = try await terminal.text(field.rawValue)
        let text = typed == "-" ? "" : typed
        if let problem = field.problem(with: text) { return terminal.say("not taken: \(problem)") }
        let name = String(text.prefix { $0 != "=" })
        if field == .variables, PlatformVariable.isSecretName(name) {
            session.secrets.setForRun(name, SecretValue(String(text.dropFirst(name.count + 1))))
            return terminal.say("\(name) is a secret: it is set for containers, and not kept")
        }
        session.runOptions.set(field, to: text)
        await keepChoices(&session)
        terminal.say("\(field.rawValue.lowercased()) changed, from the next start on")
    }
}

/// The log of a container as lines: of what it printed before, only the end.
final class LogTail: Sendable {
    private struct State {
        /// What was printed before; `nil` once new lines are said at once.
        var earlier: [String]? = []
        var count = 0
        var log = ContainerLog()
    }

    /// How many lines of what was printed before are said.
    static let shown = 20

    private let state = Mutex(State())
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    /// What the container said of its end.
    var lastWords: String? { state.withLock { $0.log.lastWords } }

    /// Takes whole lines.
    func take(_ text: String) {
        state.withLock { state in
            state.log.append(text, at: 0)
            let lines = Self.lines(of: text)
            guard var earlier = state.earlier else { return lines.forEach(say) }
            state.count += lines.count
            earlier += lines
            state.earlier = Array(earlier.suffix(Self.shown))
        }
    }

    /// Says the end of what was printed before, once.
    func settle() {
        state.withLock { state in
            guard let earlier = state.earlier else { return }
            state.earlier = nil
            if state.count > earlier.count { say("the last \(earlier.count) of \(state.count) lines:") }
            earlier.forEach(say)
        }
    }

    static func lines(of text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.dropLast(text.hasSuffix("\n") ? 1 : 0).map(String.init)
    }
}
