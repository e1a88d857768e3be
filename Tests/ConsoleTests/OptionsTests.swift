import Diagnostics
import Lifecycle
import OCIImage
import TerminalTesting
import Testing

@testable import Console
@testable import TerminalUI

@Suite("Options, and what flags set", .timeLimit(.minutes(1)))
struct OptionsTests {
    private static func session(
        _ clients: ConsoleClients = World().clients(), settings: ConsoleSettings = ConsoleSettings()
    ) async throws -> HeadlessSession<ConsoleProgram> {
        await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"), settings: settings))
    }

    @Test("O shows how everything stands, and Enter changes it and stays")
    func options() async throws {
        let session = try await Self.session()
        try await session.press("O")
        #expect(session.text.contains("ASCII only"))
        try await session.press("j", "Enter")
        #expect(session.text.contains(">ASCII only"))
        #expect(session.text.contains("+-Options"))
        #expect(session.text.utf8.allSatisfy { $0 < 0x80 })
        try await session.press("Enter", "Esc")
        #expect(session.text.contains("┌"))
    }

    @Test("every option can be changed", arguments: 1...10)
    func changes(row: Int) async throws {
        let session = try await Self.session()
        try await session.press("O")
        for _ in 0..<row { try await session.press("j") }
        let before = session.text
        try await session.press("Enter")
        #expect(session.text != before)
        #expect(session.text.contains("Options"))
    }

    @Test("with --no-mouse the mouse is never taken, and M says why")
    func noMouse() async throws {
        let session = try await Self.session(settings: ConsoleSettings.with { $0.allowsMouse = false })
        #expect(session.terminal.frame?.wantsMouse == false)
        try await session.press("M")
        #expect(session.terminal.frame?.wantsMouse == false)
        #expect(session.text.contains("--no-mouse"))
    }

    @Test("a theme's file that was edited shows when the window gets the keyboard; a mistake is told")
    func reloads() async throws {
        var clients = World().clients()
        clients.app.themes = { [Theme(name: "terminal", roles: [.text: RoleStyle(attributes: [.bold])])] }
        let session = try await Self.session(clients)
        #expect(session.terminal.frame?.theme[.text].attributes != [.bold])
        await session.send(.focus(true))
        #expect(session.terminal.frame?.theme[.text].attributes == [.bold])
        clients.app.themes = { throw Failure(.refused, "dusk.toml:3:1: unknown key colour") }
        let broken = try await Self.session(clients)
        await broken.send(.focus(true))
        #expect(broken.text.contains("dusk.toml:3:1: unknown key colour"))
    }

    @Test("--watch watches from the start, and builds when a file is saved")
    func watches() async throws {
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        let (changes, save) = AsyncStream.makeStream(of: String.self)
        clients.build.changes = { _, _ in changes }
        let session = try await Self.session(clients, settings: ConsoleSettings.with { $0.watches = true })
        save.yield("lib/shop.ex")
        await session.wait { $0.outcome != nil }
        #expect(world.look { $0.requests.count } == 1)
        #expect(await session.state()?.console.build.kept.watches == true)
    }

    @Test("flags fill in the form before what was chosen last time; the rest is as it was")
    func prepared() async throws {
        var request = BuildRequest(image: try Reference("suggested"), project: "/home/ann/shop")
        request.buildpacks = [.folder("/packs/one"), .builder]
        request.tags = [try Reference("shop:2")]
        request.release = "worker_rel"
        request.usesEngine = false
        let choices = Choices(
            image: "kept", release: "web_rel", runImage: "docker://debian:12", tags: ["kept:1"], usesEngine: true,
            buildVariables: ["BP_DISTRIBUTION": "cluster"])
        let world = World(builds: [Fixtures.finished()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(choices: choices), start: .prepared(request)))
        #expect(await session.state()?.console.screen == .project)
        try await session.press("b")
        await session.wait { $0.outcome != nil }
        let built = try #require(world.look { $0.requests.first })
        #expect(built.image == (try Reference("kept")))
        #expect(built.tags == request.tags)
        #expect(built.runImage == .registry(try Reference("debian:12")))
        #expect(built.buildpacks == request.buildpacks)
        #expect(built.release == "worker_rel")
        #expect(built.distribution == "cluster")
        #expect(
            CommandLineText.text(for: built).contains("--buildpack /packs/one --buildpack from=builder"))
    }

    @Test("what a build's flags say goes into the build whole")
    func wholeRequest() async throws {
        var request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        request.buildpacks = [.folder("/packs/one")]
        request.executionEnvironment = "test"
        let world = World(builds: [Fixtures.finished()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(), start: .build(request)))
        await session.wait { $0.outcome != nil }
        let built = try #require(world.look { $0.requests.first })
        #expect(built.buildpacks == request.buildpacks)
        #expect(built.executionEnvironment == "test")
    }

    @Test("buildpacks of others get the build's secrets only after a yes, and n builds without", arguments: ["y", "n"])
    func secretsForBuildpacks(answer: String) async throws {
        var request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        request.buildpacks = [.folder("/packs/one")]
        request.variables = [PlatformVariable(name: "API_TOKEN", value: "value-of-the-token")]
        let world = World(builds: [Fixtures.finished()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(), start: .build(request)))
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Give buildpacks the secrets?"))
        #expect(world.look { $0.requests.isEmpty }, "asked before a phase starts")
        try await session.press(answer)
        await session.wait { $0.outcome != nil }
        let built = try #require(world.look { $0.requests.first })
        #expect(built.secretBuildpacks == (answer == "y" ? ["*"] : []))
        #expect(built.variables.map(\.name) == ["API_TOKEN"])
    }
}
