import Diagnostics
import Lifecycle
import MixInspection
import SystemPackage

/// The console as questions and lines, for screen readers and for whom a screen that changes is no help.
///
/// The same steps, the same state and the same clients as the screens: Project, Release, Secrets, Build, Image, Run,
/// Images. Nothing is said by colour, place or a glyph alone.
package struct LinearConsole: Sendable {
    let clients: ConsoleClients
    let terminal: LinearTerminal
    private let opening: ConsoleStart

    package init(clients: ConsoleClients, terminal: LinearTerminal, start: ConsoleStart) {
        self.clients = clients
        self.terminal = terminal
        opening = start
    }

    /// What is known and chosen so far.
    struct Session {
        var path: FilePath = "."
        var inspection: ProjectInspection?
        var choices: Choices?
        var release = ReleaseState()
        var secrets = SecretsState()
        var build = BuildState()
        var image = ImageState()
        /// What containers are started with.
        var runOptions = RunOptions()
        /// The container that was started last.
        var container: ContainerStatus?

        var project: MixProject? { inspection?.project }
        /// The project's folder; `nil` if only an image is open.
        var projectPath: FilePath? { inspection == nil ? nil : path }

        mutating func setFlags(_ request: BuildRequest, isWhole: Bool) {
            release.setFlags(request, isWhole: isWhole)
            secrets.setFlags(request)
        }
    }

    /// Runs until the user leaves; gives how the last build ended, `nil` without one.
    package func run() async -> BuildOutcome? {
        var session = Session()
        do {
            try await run(&session)
        } catch {
            terminal.say("left")
        }
        return session.build.outcome
    }

    private func run(_ session: inout Session) async throws(LinearTerminal.Left) {
        switch opening {
        case .project(let path): try await steps(path, nil, &session)
        case .prepared(let request): try await steps(request.project, request, &session)
        case .build(let request):
            await look(at: request.project, &session)
            session.setFlags(request, isWhole: true)
            session.choices = await clients.app.loadChoices(request.project)
            session.runOptions = session.choices?.run ?? RunOptions()
            try await build(&session)
            try await afterwards(&session)
        case .image(let place):
            await open(place, &session)
            try await afterwards(&session)
        case .replay(_, let events):
            _ = await clients.build.printPlainly(
                AsyncStream {
                    for event in events { $0.yield(event) }
                    $0.finish()
                }
            ) {}
        }
    }

    private func steps(
        _ path: FilePath, _ request: BuildRequest?, _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        if let request { session.setFlags(request, isWhole: false) }
        await look(at: path, &session)
        if session.inspection?.needsTrust == true, try await trusts(&session) { await look(at: path, &session) }
        session.choices = await clients.app.loadChoices(path)
        session.runOptions = session.choices?.run ?? RunOptions()
        if let choices = session.choices { session.release.setLastChoice(choices) }
        if let inspection = session.inspection { session.secrets.setProject(inspection, choices: session.choices) }
        terminal.sayLines(LinearText.project(session.inspection))
        guard session.project != nil else { return terminal.say("open another folder: mixpack PATH --accessible") }
        try await askForRelease(&session)
        try await askForSecrets(&session)
        if try await terminal.confirm("Build \(session.release.image) now?", default: true) {
            try await build(&session)
        }
        try await afterwards(&session)
    }

    func look(at path: FilePath, _ session: inout Session) async {
        session.path = path
        terminal.say("Looking at \(path)")
        for await inspection in clients.project.inspect(path, session.release.context) {
            session.inspection = inspection
        }
        guard let inspection = session.inspection else { return }
        session.release.setProject(inspection)
        session.secrets.setProject(inspection, choices: nil)
    }

    /// Asks whether the project's code may run without a sandbox, and keeps a yes.
    func trusts(_ session: inout Session) async throws(LinearTerminal.Left) -> Bool {
        terminal.sayLines([
            "This machine has no sandbox. mixpack doctor says why and how to get one.",
            "Without one mix.exs and everything else of the project runs as you, with your files.",
        ])
        guard try await terminal.confirm("Trust \(session.path)?", default: false) else { return false }
        do {
            try await clients.project.trust(session.path)
            return true
        } catch {
            terminal.say("not kept: \(Failure(error, or: .refused))")
            return false
        }
    }

    func keepChoices(_ session: inout Session) async {
        let before = session.choices
        let choices = Choices(
            session.release, session.secrets, session.runOptions, before: before)
        guard choices != session.choices else { return }
        session.choices = choices
        await clients.app.saveChoices(session.path, choices)
    }
}
