import Diagnostics
import Lifecycle
import OCIImage
import Synchronization
import SystemPackage
import Testing

@testable import Console
@testable import MixInspection

@Suite("The console as questions and lines", .timeLimit(.minutes(1)))
struct LinearTests {
    /// A user who gives these answers one after another, and then has no more to say.
    private final class User: Sendable {
        private let state: Mutex<(answers: [String], heard: [String])>

        init(_ answers: [String]) { state = Mutex((answers, [])) }

        var heard: String { state.withLock { $0.heard.joined(separator: "\n") } }

        private func answer(_ question: String) -> String? {
            state.withLock { state in
                state.heard.append(question)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
        }

        var terminal: LinearTerminal {
            LinearTerminal(
                say: { line in self.state.withLock { $0.heard.append(line) } }, ask: { self.answer($0) },
                askSecretly: { self.answer($0 + " (secretly)").map(SecretValue.init) })
        }
    }

    private static func run(
        _ answers: String..., world: World = World(builds: [Fixtures.finished()]),
        start: ConsoleStart = .project("/home/ann/shop"), change: (inout ConsoleClients) -> Void = { _ in }
    ) async -> (heard: String, outcome: BuildOutcome?) {
        await run(answers, world: world, start: start, change: change)
    }

    private static func run(
        _ answers: [String], world: World = World(builds: [Fixtures.finished()]),
        start: ConsoleStart = .project("/home/ann/shop"), change: (inout ConsoleClients) -> Void = { _ in }
    ) async -> (heard: String, outcome: BuildOutcome?) {
        let user = User(answers)
        var clients = world.clients()
        change(&clients)
        let outcome = await LinearConsole(clients: clients, terminal: user.terminal, start: start).run()
        return (user.heard, outcome)
    }

    @Test("trust, and links out of the project, are asked about; no leaves it at that")
    func consent() async throws {
        func failure(_ failure: BuildFailure) -> [LifecycleEvent] { [LifecycleEvent(at: 1, .failed(failure))] }
        let kept = Mutex(0)
        let world = World(builds: [
            failure(BuildFailure(exitCode: 3, message: "there is no sandbox", needsTrust: true)),
            failure(BuildFailure(exitCode: 3, message: "priv/k is a link", pathsToOpen: ["/home/ann/.ssh"])),
            Fixtures.finished(),
        ])
        let start = ConsoleStart.build(BuildRequest(image: try Reference("shop"), project: "/home/ann/shop"))
        let (heard, _) = await Self.run("y", "y", "0", world: world, start: start) { clients in
            clients.project.trust = { _ in kept.withLock { $0 += 1 } }
        }
        #expect(heard.contains("Trust /home/ann/shop?"))
        #expect(heard.contains("Follow links to /home/ann/.ssh?"))
        #expect(kept.withLock { $0 } == 1)
        #expect(world.look { $0.requests.map(\.selection.openedPaths) } == [[], [], ["/home/ann/.ssh"]])
        let refused = World(builds: [failure(BuildFailure(exitCode: 3, message: "no", needsTrust: true))])
        _ = await Self.run("n", "0", world: refused, start: start)
        #expect(refused.look { $0.requests.count } == 1)
    }

    @Test("all that a build needs is asked for before it begins; without an answer nothing is built")
    func asksFirst() async throws {
        var project = Fixtures.umbrella()
        project.defaultRelease = nil
        project.variables.append(
            ProjectVariable(name: "API_TOKEN", phase: .build, need: .required, file: "config/config.exs", line: 3))
        let inspection = Fixtures.inspection(project)
        let look: @Sendable (FilePath, FilePath?) -> AsyncStream<ProjectInspection> = { _, _ in
            AsyncStream {
                $0.yield(inspection); $0.finish()
            }
        }
        let start = ConsoleStart.build(BuildRequest(image: try Reference("shop"), project: "/home/ann/shop"))
        let world = World(builds: [Fixtures.finished()])
        let (heard, _) = await Self.run("2", "t0ken-value", "0", world: world, start: start) {
            $0.project.inspect = look
        }
        #expect(heard.contains("Which release?"))
        #expect(heard.contains("The build reads API_TOKEN (config/config.exs:3)."))
        let request = try #require(world.look { $0.requests.first })
        #expect(request.release == "worker_rel" && request.variables.map(\.name) == ["API_TOKEN"])
        let refused = World(builds: [Fixtures.finished()])
        let (words, _) = await Self.run("1", "", "0", world: refused, start: start) { $0.project.inspect = look }
        #expect(words.contains("not built: API_TOKEN is not set"))
        #expect(refused.look { $0.requests.isEmpty })
    }

    @Test("from the project to the image, with a choice, a secret and the build")
    func walk() async {
        let world = World(builds: [Fixtures.finished()])
        let (heard, outcome) = await Self.run(
            // release 2, the name as proposed, BUILD_TOKEN typed, go on, build, layers, leave
            "2", "", "2", "1", "pl4nted-s3cret", "1", "y", "inside", "layers", "0", world: world)
        #expect(heard.contains("it is: umbrella of 3 applications, Phoenix 1.7.14"))
        #expect(heard.contains("Erlang/OTP: 25.2.3, wanted 26 by .tool-versions: this does not fit"))
        #expect(heard.contains("warning: config/runtime.exs line 22: web binds a literal loopback address"))
        #expect(heard.contains("  try: read the address from a variable"))
        #expect(heard.contains("1. web_rel 0.2.0, the default, with web, core"))
        #expect(heard.contains("BUILD_TOKEN, read while building, optional: not set"))
        #expect(heard.contains("warning: read while building"))
        #expect(heard.contains("BUILD_TOKEN is set, 14 characters"))
        #expect(heard.contains("release, by mix-release, 14.1 MB, new, because: the source changed"))
        #expect(heard.hasSuffix("left"))
        #expect(!heard.contains("pl4nted"))
        let request = world.look { $0.requests.first }
        #expect(request?.release == "worker_rel")
        #expect(request?.variables.first { $0.name == "BUILD_TOKEN" }?.value == "pl4nted-s3cret")
        if case .finished? = outcome {} else { Issue.record("\(String(describing: outcome))") }
    }

    @Test("nothing is told by a glyph: every line is ASCII, but for what the project itself says")
    func words() async {
        let inside = ["layers", "files", "", "processes", "labels", "applications", "waste", "differences"]
        let answers =
            ["", "", "1", "y"] + inside.flatMap { $0.isEmpty ? [$0] : ["inside", $0] }
            + ["as a", "container", "options", "back", "images", "back", "0"]
        let (heard, _) = await Self.run(answers) { $0.images.holdings = { try ImagesScenes.holdings() } }
        #expect(heard.hasSuffix("left"))
        #expect(heard.utf8.allSatisfy { $0 < 0x80 }, "\(heard.filter { !$0.isASCII })")
    }

    @Test("an answer that is none is told and asked for again; 0 leaves")
    func wrongAnswers() async {
        let (heard, outcome) = await Self.run("7", "two", "1", "Shop:", "shop", "0")
        #expect(heard.contains("7 is not a number from 1 to 2; 0 leaves"))
        #expect(heard.contains("two is not a number from 1 to 2, and not how one choice begins; 0 leaves"))
        #expect(heard.contains("not taken: "))
        #expect(outcome == nil)
    }

    @Test("the end of the input leaves at any place", arguments: 0..<7)
    func ends(answers: Int) async {
        let all = ["1", "", "2", "1", "s3cret-value", "1", "n"]
        let user = User(Array(all.prefix(answers)))
        let console = LinearConsole(
            clients: World().clients(), terminal: user.terminal, start: .project("/home/ann/shop"))
        #expect(await console.run() == nil)
        #expect(user.heard.hasSuffix("left"))
    }

    @Test("mixpack build asks only for what is missing, and builds again with the answer")
    func missing() async throws {
        let world = World(builds: [[BuildScenes.ambiguous], Fixtures.finished()])
        let request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        let (heard, outcome) = await Self.run("2", "0", world: world, start: .build(request))
        #expect(heard.contains("2. worker_rel"))
        #expect(world.look { $0.requests.count } == 2)
        if case .finished? = outcome {} else { Issue.record("\(String(describing: outcome))") }
    }

    @Test("a container's variables are asked for without echo; it runs in the background with them")
    func runs() async {
        let world = World(builds: [Fixtures.finished()])
        let (heard, _) = await Self.run("", "", "1", "y", "run", "s3cret-key-base", "0", world: world)
        #expect(heard.contains("The container needs SECRET_KEY_BASE, not shown while you type:  (secretly)"))
        #expect(heard.contains("running on :4000, http://localhost:4000, container 0f3c1a2b3c4d"))
        let request = world.look { $0.containers.first }
        #expect(request?.variables["SECRET_KEY_BASE"]?.count == 15)
        #expect(request?.owner == "/home/ann/shop" && request?.ports == ["4000:4000"])
        #expect(!heard.contains("s3cret-key-base"))
    }

    @Test("secrets of the container are looked for in the image, and not given to the build")
    func withheld() async throws {
        let world = World(builds: [Fixtures.finished()])
        _ = await Self.run("", "", "3", "1", "run-time-s3cret-value", "1", "y", "0", world: world)
        let request = try #require(world.look { $0.requests.first })
        #expect(request.withheldSecrets.map(\.name) == ["SECRET_KEY_BASE"])
        #expect(request.withheldSecrets.first?.value == "run-time-s3cret-value")
        #expect(!request.variables.contains { $0.name == "SECRET_KEY_BASE" })
    }

    @Test("a secret that is in the image is asked about; only y builds again and allows it", arguments: ["", "n", "y"])
    func leak(answer: String) async throws {
        let leak = LifecycleEvent(
            at: 1,
            .failed(
                BuildFailure(
                    phase: .export, exitCode: 1, message: "the value of BUILD_TOKEN is in the image: lib/a.beam",
                    secret: "BUILD_TOKEN")))
        let world = World(builds: [[leak], Fixtures.finished()])
        let request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        let (heard, _) = await Self.run(answer, "0", world: world, start: .build(request))
        #expect(heard.contains("Leave the value of BUILD_TOKEN in the image?, y or n [n]"))
        #expect(world.look { $0.requests.map(\.allowedSecrets) } == (answer == "y" ? [[], ["BUILD_TOKEN"]] : [[]]))
    }

    @Test("what does not work is said, and the console goes on")
    func failures() async {
        let (heard, _) = await Self.run(
            "", "", "2", "3", "3", "4", "pass show x", "1", "y", "run", "s3cret", "stop", "0"
        ) {
            $0.run.start = { _ in throw Failure(.refused, "port 4000 is taken", advice: "choose another") }
            $0.secrets.generate = { _ in throw Failure(.refused, "no random source", advice: "mount /dev") }
        }
        #expect(heard.contains("not set: no random source; mount /dev"))
        #expect(heard.contains("that did not work: port 4000 is taken; choose another"))
        #expect(heard.contains("no container of shop:latest is running: run starts one"))
    }

    @Test("a folder without a project says what it looked for")
    func noProject() async {
        let inspection = ProjectInspection(
            path: "/tmp", stage: .settled,
            problems: [.init(.error, "no mix.exs in /tmp", advice: "name another folder")])
        let user = User([])
        let console = LinearConsole(
            clients: World().clients(inspection), terminal: user.terminal, start: .project("/tmp"))
        _ = await console.run()
        #expect(user.heard.contains("error: no mix.exs in /tmp"))
        #expect(user.heard.contains("try: name another folder"))
    }
}
