import Diagnostics
import Lifecycle
import OCIImage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import MixInspection

@Suite("Secrets", .timeLimit(.minutes(1)))
struct SecretTests {
    static let planted = "pl4nted-s3cret-value"

    /// Every key of the table, so that every screen and overlay is drawn on the way.
    static let everyKey: [String] = ["1", "2", "3", "4", "5"].flatMap { screen in
        [screen] + ["Tab", "j", "?", "Esc", ":", "Esc", "y", "Y", "i", "Esc", "e", "Esc", "z", "z"]
    }

    @Test(
        "variables of the build come before those of the container, the ones that are needed most first, then by name")
    func order() {
        let needs: [(String, ProjectVariable.Need)] = [
            ("O", .optional), ("F", .flag), ("D", .default), ("R", .required), ("A", .flag), ("C", .conditional),
        ]
        var project = Fixtures.umbrella()
        project.variables = [ProjectVariable.Phase.run, .build].flatMap { phase in
            needs.map { ProjectVariable(name: $0, phase: phase, need: $1, file: "config/x.exs", line: 1) }
        }
        var state = SecretsState()
        state.setProject(Fixtures.inspection(project), choices: nil)
        #expect(state.rows.map(\.name) == ["R", "C", "D", "A", "F", "O", "R", "C", "D", "A", "F", "O"])
        #expect(
            state.rows.map(\.identity.phase) == Array(repeating: .build, count: 6) + Array(repeating: .run, count: 6))
    }

    @Test("a build is told the secrets of the container that it does not get, and nothing else of the container")
    func withheld() {
        var state = SecretsState()
        for (name, phase) in [
            ("API_TOKEN", ProjectVariable.Phase.run), ("PORT", .run), ("SHARED_KEY", .run), ("SHARED_KEY", .build),
            ("BUILD_TOKEN", .build),
        ] { state.set(SecretValue("of \(name)"), for: .init(name: name, phase: phase), origin: .typed) }
        #expect(state.withheldSecrets.map { "\($0.name)=\($0.value)" } == ["API_TOKEN=of API_TOKEN"])
        #expect(state.withheldSecrets.map(\.isSecret) == [true])
        #expect(Set(state.buildVariables.map(\.name)) == ["BUILD_TOKEN", "SHARED_KEY"])
    }

    @Test(
        "a typed or pasted secret is in no cell, no copied text, no choice and no command's words",
        arguments: [Size(width: 60, height: 16), Size(width: 80, height: 24), Size(width: 200, height: 60)])
    func neverShown(size: Size) async throws {
        let world = World(builds: [Fixtures.finished()])
        let program = try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: size)
        var seen = ""
        func look() { seen += session.text + session.roleText + (session.terminal.frame?.title ?? "") }
        try await session.press("3", "e")
        for character in Self.planted {
            await session.type(String(character))
            look()
        }
        try await session.press("Enter", "j", "e")
        await session.send(.paste(Self.planted + "\n"))
        look()
        try await session.press("Enter")
        for key in Self.everyKey {
            try await session.press(key)
            look()
        }
        try await session.press("b")
        await session.wait { $0.outcome != nil }
        try await session.press("5", "r")
        await session.wait { _ in world.look { !$0.containers.isEmpty } }
        look()
        #expect(!seen.contains(Self.planted))
        #expect(!seen.contains(String(Self.planted.dropLast(4))))
        let record = world.look { $0 }
        #expect(
            !"\(record.copied) \(record.saved) \(record.commands.map(\.words)) \(record.containers) \(record.texts)"
                .contains(Self.planted))
        #expect(record.requests.first?.variables.first { $0.name == "BUILD_TOKEN" }?.value == Self.planted)
        #expect(record.requests.first?.variables.contains { $0.name == "SECRET_KEY_BASE" } == false)
        var dumped = ""
        dump(await session.state()?.console.secrets, to: &dumped)
        #expect(!dumped.contains(Self.planted))
    }

    @Test("what chance or a command gives is a secret, whatever its variable is called")
    func secretByOrigin() async throws {
        let world = World()
        var clients = world.clients()
        clients.secrets.runCommand = { _ in SecretValue(Self.planted) }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("3", "j", "j", "s")
        #expect(session.text.contains("PORT"))
        #expect(!session.text.contains("ssss"))
        try await session.press("i", "j", "j", "Enter")
        await session.type("pass show port")
        try await session.press("Enter")
        _ = await session.state()
        #expect(session.text.contains("••• (\(Self.planted.count) chars)"))
        #expect(!session.text.contains(Self.planted))
        #expect(world.look { $0.saved }.allSatisfy { $0.runVariables["PORT"] == nil })
        try await session.press("x", "e")
        await session.type("4100")
        #expect(session.text.contains("4100"))
    }

    @Test("the command line that Release shows is made without the value of a secret")
    func shownWithoutValue() throws {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: "/home/ann/shop")
        state.receive(.project(.inspected(Fixtures.inspection())))
        let identity = SecretRow.Identity(name: "BUILD_TOKEN", phase: .build)
        state.receive(.secrets(.typed(identity, SecretValue(Self.planted))))
        state.receive(.secrets(.add("GREETING=hello")))
        #expect(state.secrets.shownVariables.first { $0.name == "BUILD_TOKEN" }?.value.isEmpty == true)
        #expect(state.secrets.buildVariables.first { $0.name == "BUILD_TOKEN" }?.value == Self.planted)
        state.receive(.app(.show(.release)))
        let command = try state.release.commandLine.get()
        #expect(command.text.contains("-e BUILD_TOKEN") && command.text.contains("-e GREETING=hello"))
        #expect(command.needs == ["needs BUILD_TOKEN in the environment"])
    }

    @Test("a variable that is added shows its value while it is typed, unless its name is a secret's")
    func addedSecret() async throws {
        let session = await HeadlessSession(
            try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop")))
        try await session.press("3", "a")
        await session.type("MIX_TARGET=rpi4")
        #expect(session.text.contains("MIX_TARGET=rpi4"))
        try await session.press("C-u")
        await session.type("API_TOKEN=")
        for character in Self.planted {
            await session.type(String(character))
            #expect(!session.text.contains("API_TOKEN=p"))
        }
        #expect(session.text.contains("API_TOKEN=" + String(repeating: "•", count: Self.planted.count)))
        try await session.press("Enter")
        #expect(session.text.contains("••• (\(Self.planted.count) chars)"))
        #expect(!session.text.contains(Self.planted))
    }

    @Test("a paste never triggers keys and a newline in it does not submit")
    func paste() async throws {
        let session = await HeadlessSession(
            try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop")))
        await session.send(.paste("Q4b"))
        #expect(await session.state()?.console.screen == .project)
        try await session.press("3", "e")
        #expect(session.terminal.frame?.wantsPaste == true)
        await session.send(.paste("abc\n"))
        #expect(session.text.contains("••• (3 chars)"))
        try await session.press("Esc")
        #expect(session.terminal.frame?.wantsPaste == false)
        #expect(await session.state()?.console.secrets.rows.first?.value == nil)
    }

    @Test("values come from the environment, a file or a command; only the command is remembered")
    func imports() async throws {
        let world = World()
        var clients = world.clients()
        clients.secrets.variable = { $0 == "BUILD_TOKEN" ? SecretValue("from-env") : nil }
        clients.secrets.readVariables = { _ in ["PORT": SecretValue("8080"), "OTHER": SecretValue("x")] }
        clients.secrets.runCommand = { _ in SecretValue("from-pass") }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("3", "i", "j", "Enter")
        #expect(session.text.contains("1 values from environment"))
        try await session.press("i", "Enter", "Enter")
        #expect(session.text.contains("1 that the project does not read were left out"))
        try await session.press("j", "i", "j", "j", "Enter")
        await session.type("pass show shop")
        try await session.press("Enter")
        #expect(session.text.contains("SECRET_KEY_BASE: 9 characters, command: pass show shop"))
        let saved = try #require(world.look { $0.saved.last })
        #expect(saved.secretSources == ["SECRET_KEY_BASE": .command("pass show shop"), "BUILD_TOKEN": .environment])
        #expect(saved.runVariables == ["PORT": "8080"])
        #expect(saved.buildVariables.isEmpty)
    }

    /// Choices of an earlier start, with a source of each kind.
    private static let sources = Choices(
        secretSources: ["SECRET_KEY_BASE": .command("pass show shop"), "BUILD_TOKEN": .environment])

    @Test("one key fetches all secrets whose source is known; what fails keeps its source and says why")
    func fetches() async throws {
        let world = World()
        var clients = world.clients(choices: Self.sources)
        clients.secrets.variable = { _ in nil }
        clients.secrets.runCommand = { $0 == "pass show shop" ? SecretValue(Self.planted) : SecretValue("") }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("3")
        #expect(session.text.contains("2 with a source and not fetched yet; f fetches all"))
        try await session.press("f")
        #expect(session.text.contains("BUILD_TOKEN: BUILD_TOKEN is not in the environment"))
        let state = try #require(await session.state()?.console)
        #expect(state.secrets.unfetched.map(\.name) == ["BUILD_TOKEN"])
        #expect(state.secrets.runValues["SECRET_KEY_BASE"]?.count == Self.planted.count)
        #expect(state.secrets.sources(before: [:]) == Self.sources.secretSources)
        #expect(!session.text.contains(Self.planted))
    }

    @Test("a container that needs a secret with a source fetches it and starts")
    func fetchesForRun() async throws {
        let world = World()
        var clients = world.clients(choices: Self.sources)
        clients.secrets.variable = { _ in SecretValue("token-value") }
        clients.secrets.runCommand = { _ in SecretValue(Self.planted) }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("6")
        try await session.press("r")
        await session.wait { $0.console.run.running != nil }
        #expect(world.look { $0.containers.first?.variables["SECRET_KEY_BASE"]?.count } == Self.planted.count)
    }

    @Test("what is known of the sources stays while the project's variables are not known")
    func sourcesStay() {
        #expect(SecretsState().sources(before: Self.sources.secretSources) == Self.sources.secretSources)
    }

    @Test("what cannot be had says why", arguments: ["s", "i"])
    func failures(key: String) async throws {
        var clients = World().clients()
        clients.secrets.generate = { _ in throw Failure(.refused, "no random source", advice: "mount /dev") }
        clients.secrets.readVariables = { _ in throw Failure(.refused, "cannot read .env") }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        try await session.press("3", key)
        if key == "i" { try await session.press("Enter", "Enter") }
        #expect(session.text.contains(key == "s" ? "no random source; mount /dev" : "cannot read .env"))
    }

    @Test(
        "warnings are plain",
        arguments: [
            ("SECRET_KEY_BASE", ProjectVariable.Phase.run, "short", "5 characters: Phoenix wants 64 or more"),
            ("API_KEY", .run, "abc", "shorter than 6 characters"),
            ("API_KEY", .build, "abcdefgh", "may be compiled into the image"),
        ])
    func warns(name: String, phase: ProjectVariable.Phase, value: String, warning: String) {
        let row = SecretRow(
            identity: .init(name: name, phase: phase), uses: [], isSecret: true, value: SecretValue(value))
        #expect(SecretAdvice.warnings(for: row).contains { $0.contains(warning) })
    }

    @Test("Run asks for what the container needs, and says so when it is not given")
    func runAsks() async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop")))
        try await session.press("4", "b")
        await session.wait { $0.outcome != nil && $0.console.image.contents?.manifestDigest != nil }
        try await session.press("5", "r")
        #expect(session.text.contains("Run needs SECRET_KEY_BASE"))
        try await session.press("Enter")
        #expect(session.text.contains("not run: SECRET_KEY_BASE is not set"))
        try await session.press("r")
        await session.type("0123456789")
        try await session.press("Enter")
        await session.wait { _ in world.look { !$0.containers.isEmpty } }
        #expect(world.look { $0.containers.first?.variables["SECRET_KEY_BASE"]?.count } == 10)
    }

    @Test("a variable given on the command line is there, and shown only if it is no secret")
    func givenOnCommandLine() async throws {
        var request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        request.variables = [
            PlatformVariable(name: "FOO", value: "plain"), PlatformVariable(name: "MY_TOKEN", value: Self.planted),
        ]
        request.release = "worker_rel"
        let world = World(builds: [Fixtures.finished()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(), start: .build(request)))
        await session.wait { $0.outcome != nil }
        try await session.press("3")
        #expect(session.text.contains("FOO"))
        #expect(session.text.contains("plain"))
        #expect(session.text.contains("••• (20 chars)"))
        #expect(!session.text.contains(Self.planted))
        let sent = try #require(world.look { $0.requests.first })
        #expect(Set(sent.variables.map(\.name)) == ["FOO", "MY_TOKEN"])
        #expect(sent.release == "worker_rel")
    }
}
