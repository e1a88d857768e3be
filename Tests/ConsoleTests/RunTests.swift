import Diagnostics
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("The Run screen") struct RunTests {
    private typealias Session = HeadlessSession<ConsoleProgram>

    /// The console with an image that needs no variable.
    private static func state() throws -> ConsoleState {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: "/home/ann/shop")
        state.receive(.project(.inspected(Fixtures.inspection(Fixtures.application()))))
        var image = Fixtures.image()
        image.requiredVariables = []
        state.receive(.image(.opened(image)))
        return state
    }

    private static func ended(code: Int32, change: (inout ContainerStatus) -> Void = { _ in }) -> ContainerStatus {
        var status = Fixtures.container()
        status.isRunning = false
        status.exitCode = code
        change(&status)
        return status
    }

    // MARK: Why it ended

    @Test(
        "an end is said with its reason",
        arguments: [
            (Int32(0), "ended by itself (exit code 0)", false),
            (1, "crashed (exit code 1): ** (RuntimeError) no database", true),
            (125, "the engine could not start it (exit code 125): ** (RuntimeError) no database", true),
            (127, "its program is not in the image (exit code 127): ** (RuntimeError) no database", true),
            (139, "ended by signal 11, SEGV (exit code 139): ** (RuntimeError) no database", true),
        ])
    func reasons(code: Int32, text: String, isFailure: Bool) {
        let end = ContainerEnd(Self.ended(code: code), wasStopped: false, lastWords: "** (RuntimeError) no database")
        #expect(end.text == text)
        #expect(end.isFailure == isFailure)
    }

    @Test("memory, the engine's words and a stop come before the exit code")
    func causes() {
        let memory = ContainerEnd(Self.ended(code: 137) { $0.isOutOfMemory = true }, wasStopped: false)
        #expect(memory.text == "out of memory: the engine killed it (exit code 137)")
        let engine = ContainerEnd(Self.ended(code: 128) { $0.problem = "no space left on device" }, wasStopped: false)
        #expect(engine.text == "no space left on device (exit code 128)")
        #expect(
            ContainerEnd(Self.ended(code: 143), wasStopped: true) == ContainerEnd(Self.ended(code: 0), wasStopped: true)
        )
        let forced = ContainerEnd(Self.ended(code: 137), wasStopped: true)
        #expect(forced.text == "stopped by force: it did not end within 10 seconds" && !forced.isFailure)
    }

    @Test(
        "why the engine starts nothing is said in its words, with what to try",
        arguments: [
            (
                "0f3c\ndocker: Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated.\nSee 'docker run --help'.\n",
                "a port of this machine is taken: ", "choose another one in Ports on Run"
            ),
            (
                "Error: cannot listen on the TCP port: listen tcp4 :80: bind: address already in use\n",
                "a port of this machine is taken: cannot listen", "choose another one in Ports on Run"
            ),
            ("Error: shop: image not known\n", "podman does not have shop", "build it again (b)"),
            ("Error: network none-such not found\n", "podman did not start shop (status 125): network none-such", ""),
        ])
    func notStarted(output: String, message: String, advice: String) {
        let failure = Failure.notStarted("shop", by: "podman", status: 125, output: output)
        #expect(failure.message.hasPrefix(message), "\(failure.message)")
        #expect((failure.advice ?? "").hasPrefix(advice))
    }

    // MARK: The life of a container

    @Test("a container that crashes is told of with its last words, once")
    func crashes() throws {
        var state = try Self.state()
        state.receive(.perform(.run(.start)))
        #expect(state.screen == .run)
        state.receive(.run(.started(Fixtures.container())))
        #expect(state.run.running?.address == "http://localhost:4000")
        #expect(state.status?.text == "running on :4000")
        state.receive(.run(.output("boot\n** (RuntimeError) no database\n", at: 60)))
        state.receive(.run(.changed(Self.ended(code: 1))))
        #expect(state.run.running == nil)
        state.receive(.run(.concluded(Fixtures.container().id)))
        #expect(state.status?.text == "shop:latest: crashed (exit code 1): ** (RuntimeError) no database")
        #expect(state.status?.isProblem == true)
        let lines = state.run.log.text(in: state.run.output.lines, all: true)
        #expect(lines.hasSuffix("crashed (exit code 1): ** (RuntimeError) no database\n"))
    }

    @Test("an end that was asked for is no failure, and news of another container changes nothing")
    func stops() throws {
        var state = try Self.state()
        state.receive(.run(.started(Fixtures.container())))
        var other = Self.ended(code: 1)
        other.id = "another"
        state.receive(.run(.changed(other)))
        #expect(state.run.running != nil)
        state.receive(.perform(.run(.stop)))
        state.receive(.run(.changed(Fixtures.container())))
        #expect(state.run.life.isChanging, "a look from before the stop")
        state.receive(.run(.changed(Self.ended(code: 143))))
        state.receive(.run(.concluded(Fixtures.container().id)))
        #expect(state.status == StatusMessage(text: "shop:latest: stopped"))
        #expect(ContainerRows.elsewhere(state.run) == nil)
    }

    @Test("what the engine does not start leaves a reason, and a second start is possible")
    func refuses() throws {
        var state = try Self.state()
        state.receive(.perform(.run(.start)))
        state.receive(.perform(.run(.start)))
        #expect(state.status?.text == "the container is already starting or stopping")
        state.receive(.run(.refused(Failure(.refused, "a port is taken", advice: "choose another one"))))
        #expect(ContainerRows.facts(state, width: 60).map(\.text) == ["a port is taken", "choose another one"])
        state.receive(.perform(.run(.start)))
        #expect(state.run.life.isChanging)
    }

    @Test("a container that turned unhealthy is told of once")
    func sickens() throws {
        var state = try Self.state()
        state.receive(.run(.started(Fixtures.container())))
        var sick = Fixtures.container()
        sick.health = .unhealthy("connection refused")
        state.receive(.run(.changed(sick)))
        #expect(state.status?.text == "the container is unhealthy: connection refused")
        state.status = nil
        state.receive(.run(.changed(sick)))
        #expect(state.status == nil)
    }

    @Test("a container of an older image says so")
    func outdated() throws {
        var state = try Self.state()
        var status = Fixtures.container()
        state.receive(.run(.started(status)))
        let text = "the image was built again since: r starts the new one"
        #expect(!ContainerRows.facts(state, width: 80).map(\.text).contains(text))
        status.imageID = Fixtures.digests[5].description
        state.receive(.run(.changed(status)))
        #expect(ContainerRows.facts(state, width: 80).map { $0.text.filter { $0 != "`" } }.contains(text))
    }

    // MARK: By keys

    @Test("options go into the next container; a secret among them goes to Secrets and is never kept")
    func options() async throws {
        let world = World()
        var inspection = Fixtures.inspection(Fixtures.application())
        inspection.project?.variables = []
        let session = await Session(
            try ConsoleProgram(clients: world.clients(inspection), start: .project("/home/ann/shop")))
        try await session.press("6", "Tab", "e")
        await session.type("8080:4000 4001")
        try await session.press("Enter", "j", "e")
        await session.type("./data:/data")
        try await session.press("Enter", "j", "j", "j", "e")
        await session.type("REGION=eu")
        try await session.press("Enter", "e")
        await session.type("SECRET_KEY_BASE=pl4nted-value")
        #expect(!session.text.contains("pl4nted-value"))
        try await session.press("Enter")
        #expect(session.text.contains("SECRET_KEY_BASE is a secret"))
        try await session.press("r")
        await session.wait { $0.console.run.running != nil }
        let request = try #require(world.look { $0.containers.first })
        #expect(request.ports == ["8080:4000", "4001:4001"])
        #expect(request.options.volumes == ["./data:/data"])
        #expect(request.owner == "/home/ann/shop")
        #expect(Set(request.variables.keys) == ["REGION", "SECRET_KEY_BASE"])
        #expect(session.text.contains("http://localhost:8080"))
        #expect(!"\(world.look { $0.saved })".contains("pl4nted-value"))
        #expect(world.look { $0.saved.last?.run.variables } == ["REGION": "eu"])
    }

    @Test("the log of a container is searched, filtered and saved as that of a build is")
    func log() async throws {
        let world = World()
        var clients = world.clients()
        clients.run.find = { _, _ in Fixtures.container() }
        clients.run.log = { _, take in
            for number in 1...300 {
                await take("12:00:00.000 [\(number % 100 == 0 ? "error" : "info")] line \(number)\n")
            }
        }
        let session = await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("6")
        await session.wait { $0.console.run.output.lines.count == 300 }
        try await session.press("/")
        await session.type("line 15[0-9]")
        try await session.press("Enter")
        #expect(session.text.contains("/line 15[0-9]  1 of 10"))
        try await session.press("n")
        #expect(session.text.contains("2 of 10"))
        try await session.press("Esc", "L", "L")
        let shown = await session.state()?.console.run
        #expect(shown.map { $0.log.text(in: $0.output.lines, all: true).split(separator: "\n").count } == 3)
        try await session.press("s", "Enter")
        #expect(world.look { $0.texts["/state/saved/mixpack-container.log"] }?.contains("line 200") == true)
    }

    @Test("a command that runs once gives its output and exit code; one for the node needs the container")
    func once() async throws {
        let world = World()
        var clients = world.clients()
        clients.run.runOnce = { command, take in
            await take("ran \(command.words.joined(separator: " ")) in \(command.container ?? "its own")\n")
            return 3
        }
        let session = await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("6")
        try await session.press("x", "C-u")
        await session.type("rpc 1")
        try await session.press("Enter")
        #expect(session.text.contains("rpc asks the running node"))
        try await session.press("x", "C-u")
        await session.type("migrate --all")
        try await session.press("Enter")
        await session.wait { !$0.console.run.isRunningOnce && $0.console.run.output.lines.count == 3 }
        let folder = "/layers/io.github.carlo-colombo.mix-release/release/bin"
        let text =
            await session.state().map { $0.console.run.log.text(in: $0.console.run.output.lines, all: true) } ?? ""
        #expect(
            text == "$ migrate --all\nran \(folder)/migrate --all in its own\nmigrate --all ended with exit code 3\n")
    }

    @Test("without a browser the address is copied")
    func address() async throws {
        let world = World()
        var clients = world.clients()
        clients.run.find = { _, _ in Fixtures.container() }
        let session = await Session(try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("6")
        try await session.press("u")
        _ = await session.state()
        #expect(world.look { $0.copied } == ["http://localhost:4000"])
    }

    @Test("R and K on Image reach a container that was started elsewhere")
    func elsewhere() async throws {
        let world = World()
        var clients = world.clients()
        clients.run.find = { _, image in image == "shop:latest" ? Fixtures.container() : nil }
        clients.run.remoteCommand = { id, program in ["docker", "exec", "-it", id, program, "remote"] }
        let session = await Session(try ConsoleProgram(clients: clients, start: .image(place: "shop:latest")))
        try await session.press("R")
        await session.wait { _ in world.look { !$0.commands.isEmpty } }
        #expect(world.look { $0.commands.first?.words.contains(Fixtures.container().id) } == true)
        try await session.press("6", "q")
        #expect(session.text.contains("[5 Image]"), "back to the image, not out")
    }

    // MARK: Values

    @Test(
        "a command is split as a shell would, and leads to the release's script or one beside it",
        arguments: [
            (#"eval "Shop.Release.migrate()""#, ["/r/bin/shop", "eval", "Shop.Release.migrate()"]),
            ("migrate", ["/r/bin/migrate"]), ("/bin/ls -l '/a b'", ["/bin/ls", "-l", "/a b"]),
            ("eval ''", ["/r/bin/shop", "eval", ""]),
        ])
    func commands(text: String, words: [String]) {
        #expect(OneOffCommand(text)?.command(release: "/r/bin/shop") == words)
    }

    @Test("a command without words or with an open quote is none", arguments: ["", "  ", "eval \"1"])
    func noCommand(text: String) { #expect(OneOffCommand(text) == nil) }

    @Test(
        "options that an engine would misread are refused",
        arguments: [
            (RunOptions.Field.ports, "4000", true), (.ports, "127.0.0.1:8080:4000 4001:4001", true),
            (.ports, "0", false), (.ports, "4000:70000", false), (.ports, "-p", false),
            (.volumes, "data:/data:ro", true),
            (.volumes, "data", false), (.network, "--privileged", false), (.network, "host", true),
            (.variables, "A=1", true), (.variables, "1A=1", false), (.environmentFile, ".env.run", true),
        ])
    func optionTexts(field: RunOptions.Field, text: String, isRight: Bool) {
        #expect((field.problem(with: text) == nil) == isRight)
    }

    @Test("lines have the level that Logger writes, and what goes on with a line has that one's")
    func levels() {
        var log = ContainerLog()
        log.append("[info] a\n[error] b\n    (stack)\nplain\n** (Boom) c\n[warning] d\n", at: 1)
        let kinds = (0..<log.lines.endLine).compactMap { log.lines.kept($0)?.kind }
        #expect(kinds == [.output, .error, .error, .output, .error, .warning])
        #expect(log.lastWords == "** (Boom) c")
    }

    @Test("the log of a container stays within its bounds")
    func bounded() {
        var log = ContainerLog()
        let chunk = String(repeating: "12:00:00.000 [info] a line of the usual length, more or less\n", count: 1000)
        for time in 0..<120 { log.append(chunk, at: Double(time)) }
        #expect(log.lines.count <= 51_024)
        #expect(log.lines.footprint <= 17 << 20)
        log.append(String(repeating: String(repeating: "x", count: 9_999) + "\n", count: 4_000), at: 200)
        #expect(log.lines.footprint <= 17 << 20)
    }
}
