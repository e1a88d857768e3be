import Diagnostics
import Lifecycle
import OCIImage
import Synchronization
import TerminalTesting
import TerminalUI
import Testing

@testable import Console
@testable import MixInspection

@Suite struct ReleaseTests {
    static func state(_ project: MixProject = Fixtures.umbrella()) -> ReleaseState {
        var state = ReleaseState()
        state.image = "shop"
        state.setProject(Fixtures.inspection(project))
        return state
    }

    @Test("the default release is chosen; one alone is; several without a default leave the choice open")
    func chooses() {
        #expect(Self.state().chosen == "web_rel")
        var project = Fixtures.umbrella()
        project.defaultRelease = nil
        #expect(Self.state(project).chosen == nil)
        project.releases = Array(project.releases.suffix(1))
        #expect(Self.state(project).chosen == "worker_rel")
    }

    @Test("a choice stays when the project is looked at again, unless the release is gone")
    func keepsChoice() {
        var state = Self.state()
        state.chosen = "worker_rel"
        state.setProject(Fixtures.inspection())
        #expect(state.chosen == "worker_rel")
        state.chosen = "gone_rel"
        state.setProject(Fixtures.inspection())
        #expect(state.chosen == "web_rel")
    }

    @Test("what project.toml names comes before the last choice, and after a flag and what is chosen now")
    func projectFile() throws {
        var inspection = Fixtures.inspection()
        inspection.fileRelease = "worker_rel"
        inspection.fileDistribution = "cluster"
        let last = Choices(release: "web_rel", buildVariables: ["BP_DISTRIBUTION": "none"])
        var state = ReleaseState()
        state.image = "shop"
        state.setProject(inspection)
        state.setLastChoice(last)
        #expect(state.chosen == "worker_rel")
        #expect(ReleaseRows.form(state)[8].text.contains("cluster"))
        func profile() throws -> String? { try state.request(project: "/p", variables: []).distribution }
        #expect(try profile() == nil, "the build reads it there itself")
        state.chosen = "web_rel"
        state.chooseNextProfile()
        state.chooseNextProfile()
        state.setProject(inspection)
        #expect(state.chosen == "web_rel")
        #expect(try profile() == "loopback", "said, because project.toml says otherwise")

        var request = BuildRequest(image: try Reference("shop"), project: "/p")
        request.release = "web_rel"
        state = ReleaseState()
        state.setFlags(request, isWhole: true)
        state.setProject(inspection)
        #expect(state.chosen == "web_rel")
    }

    @Test(
        "a builder of the form comes before project.toml's, which the build reads itself; none of both is mixpack's own"
    )
    func builder() throws {
        var state = ReleaseState()
        state.image = "shop"
        func request() throws -> BuildRequest { try state.request(project: "/p", variables: []) }
        func row() -> String { ReleaseRows.form(state)[4].text }
        #expect(row().contains("mixpack's own buildpacks"))
        #expect(try request().builder == nil && !request().refusesBuilder)
        var inspection = Fixtures.inspection()
        inspection.namedBuilder = "docker://builders/of-project"
        state.setProject(inspection)
        #expect(row().hasSuffix("docker://builders/of-project") && state.namedBuilder == nil)
        #expect(try request().builder == nil && !request().refusesBuilder, "the build reads it there itself")
        state.setText("oci:/b:1", of: .builder)
        #expect(try request().builder == .layout("/b", tag: "1"))
        #expect(CommandLineText.text(for: try request()).contains("--builder oci:/b:1"))
        #expect(state.asksToGiveSecrets([PlatformVariable(name: "KEY", value: "value", isSecret: true)]))
        state.rememberBuilder()
        state.setText("team/builder", of: .builder)
        #expect(try request().builder == .store(Reference("team/builder")))
        state.rememberBuilder()
        #expect(state.lastBuilders == ["oci:/b:1", "team/builder"])
        state.setText("", of: .builder)
        #expect(try request().refusesBuilder && request().builder == nil)
        #expect(CommandLineText.text(for: try request()).contains("--builder host"))
        var again = ReleaseState()
        again.setLastChoice(Choices(builder: state.namedBuilder, lastBuilders: state.lastBuilders))
        #expect(again.namedBuilder == "host" && again.lastBuilders.count == 2 && again.builder == nil)
        again.image = "shop"
        again.setProject(inspection)
        #expect(again.namedBuilder == nil && again.builder == inspection.namedBuilder, "the file counts more")
        #expect(try !again.request(project: "/p", variables: []).refusesBuilder)
        #expect(ReleaseState.Field.builder.problem(with: "not a NAME") != nil)
    }

    @Test(
        "the registry of a builder is asked only for a name that was typed, not for what a file or the last time names")
    func asksRegistry() async throws {
        let asked = Mutex<[String]>([])
        var clients = World().clients()
        clients.app.loadChoices = { _ in Choices(builder: "docker://builders/last") }
        clients.release.builder = { name, asksRegistry in
            asked.withLock { $0.append("\(name) \(asksRegistry)") }
            return nil
        }
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")), size: Size(width: 120, height: 40))
        #expect(
            session.text.contains("docker://builders/last")
                && session.text.contains("not on this machine; a build fetches"))
        #expect(asked.withLock { $0 } == ["docker://builders/last false"])
        try await session.press("2", "Tab", "Down", "Down", "Down", "Down", "e", "Ctrl-U")
        await session.type("team/builder")
        try await session.press("Enter")
        #expect(session.text.contains("looking for docker.io/team/builder:latest"), "\(session.text)")
        #expect(asked.withLock { $0 }.last == "team/builder true")
    }

    @Test("the platforms go from this machine's to all, to the other alone, and back; the command line says the same")
    func platforms() throws {
        var state = ReleaseState()
        state.image = "shop"
        let other = Platform(architecture: "other")
        let known = [other, Platform.current]
        func row() -> String { ReleaseRows.form(state)[5].text }
        #expect(row().hasSuffix("this machine's"))
        state.chooseNextPlatforms(of: known)
        #expect(state.platforms == [.current, other] && row().hasSuffix("an index of both"))
        let request = try state.request(project: "/p", variables: [])
        #expect(CommandLineText.text(for: request).contains("--platform \(Platform.current),linux/other"))
        var again = ReleaseState()
        again.setLastChoice(Choices(platforms: state.platforms.map(\.description)))
        #expect(again.platforms == state.platforms)
        state.chooseNextPlatforms(of: known)
        #expect(state.platforms == [other] && row().hasSuffix("not this machine's"))
        state.chooseNextPlatforms(of: known)
        #expect(try state.platforms == [] && state.request(project: "/p", variables: []).platforms == [])
    }

    @Test("programs of project.toml are shown and not named again; a form that is emptied shows them again")
    func programs() throws {
        var inspection = Fixtures.inspection()
        inspection.filePrograms = ["curl"]
        var state = ReleaseState()
        state.image = "shop"
        state.setLastChoice(Choices(runPrograms: ["git"]))
        func named() throws -> [String] { try state.request(project: "/p", variables: []).runPrograms }
        #expect(try named() == ["git"])
        state.setProject(inspection)
        #expect(state.text(of: .runPrograms) == "curl")
        #expect(ReleaseRows.form(state)[7].text.contains("curl"))
        #expect(try named() == [])
        state.setText("curl, jq", of: .runPrograms)
        #expect(try named() == ["curl", "jq"])
        var request = try state.request(project: "/p", variables: [])
        request.healthCheck = try HealthCheck("http://:4000/health")
        #expect(
            CommandLineText.text(for: request).hasSuffix(
                "--run-program curl --run-program jq --health-check http://:4000/health"))
        state.setText("", of: .runPrograms)
        #expect(try named() == [] && state.text(of: .runPrograms) == "curl")
        #expect(ReleaseState.Field.runPrograms.problem(with: "curl /bin/sh")?.contains("\"/bin/sh\" is a path") == true)
        #expect(ReleaseState.Field.runPrograms.problem(with: "curl jq") == nil)
        let digest = "app@sha256:" + String(repeating: "a", count: 64)
        #expect(ReleaseState.Field.image.problem(with: digest)?.contains("leave the digest out: app") == true)
        #expect(ReleaseState.Field.tags.problem(with: "a:1 \(digest)")?.contains("leave the digest out: app") == true)
    }

    @Test("of several sources the one that counts most decides, in whichever order they become known")
    func precedence() {
        let sources = ReleaseState.Source.allCases
        #expect(
            sources == [.form, .flag, .environment, .projectFile, .configuration, .lastChoice, .proposal])
        for order in [sources, sources.reversed(), sources.shuffled()] {
            var state = ReleaseState()
            #expect(state.usesEngine)
            for source in order { state[source] = Self.values(named: "\(source)") }
            for source in sources {
                #expect(state.image == "\(source)")
                #expect(state.chosen == "\(source)")
                #expect(state.tags == ["\(source)"] && state.outputs == ["\(source)"])
                #expect(state.runImage == "\(source)" && state.profile == "\(source)")
                state[source] = ReleaseState.Values()
            }
            #expect(state.image.isEmpty && state.tags.isEmpty && state.profile == "loopback")
        }
    }

    private static func values(named name: String) -> ReleaseState.Values {
        ReleaseState.Values(
            release: name, image: name, outputs: [name], tags: [name], runImage: name, distribution: name)
    }

    @Test(
        "flags that only open the console leave the image's name to the last choice; a build that is asked for does not"
    )
    func flagsAndLastChoice() throws {
        var request = BuildRequest(image: try Reference("flagged"), project: "/p")
        request.tags = [try Reference("flagged:2")]
        let last = Choices(image: "kept", runImage: "docker://debian:12", tags: ["kept:2"], usesEngine: false)
        for flagsFirst in [true, false] {
            var prepared = ReleaseState()
            if !flagsFirst { prepared.setLastChoice(last) }
            prepared.setFlags(request, isWhole: false)
            if flagsFirst { prepared.setLastChoice(last) }
            #expect(prepared.image == "kept" && prepared.tags == ["flagged:2"])
            #expect(prepared.runImage == "docker://debian:12" && !prepared.usesEngine)
        }
        var asked = ReleaseState()
        asked.setFlags(request, isWhole: true)
        asked.setLastChoice(last)
        #expect(asked.image == "flagged:latest" && asked.runImage == nil && asked.usesEngine)
    }

    @Test("the equivalent command line says all, and names secrets without their values")
    func commandLine() throws {
        var state = Self.state()
        state.tags = ["shop:1.0"]
        state.outputs = ["oci:/tmp/out dir"]
        state.runImage = "docker://debian:12"
        state.startTrial = .required
        state.clearsCache = true
        state.debug = true
        let variables = [
            PlatformVariable(name: "API_TOKEN", value: "hush-hush"),
            PlatformVariable(name: "GREETING", value: "it's me"),
        ]
        let request = try state.request(project: "/home/ann/shop", variables: variables)
        let text = CommandLineText.text(for: request)
        #expect(
            text == "mixpack build shop --path /home/ann/shop --release web_rel -e DEBUG=1 -e API_TOKEN "
                + #"-e 'GREETING=it'\''s me' --run-image docker://debian:12 --tag shop:1.0 --output 'oci:/tmp/out dir' --try-start --clear-cache"#
        )
        #expect(!text.contains("hush"))
        state.startTrial = .ifPossible
        let other = CommandLineText.text(for: try state.request(project: "/home/ann/shop", variables: []))
        #expect(other.contains(" --try-start=if-possible "))
    }

    @Test("Space switches a row of the form or chooses a release, and does nothing on the command line")
    func toggles() throws {
        var state = try ConsoleState(settings: ConsoleSettings(), keys: KeyTable(), path: "/home/ann/shop")
        state.receive(.project(.inspected(Fixtures.inspection())))
        state.receive(.app(.show(.release)))
        state.receive(.perform(.list(.down)))
        for pane in [Pane.commandLine, .releases] {
            state.focus[.release] = pane
            state.receive(.perform(.release(.toggle)))
            #expect(state.release.chosen == (pane == .releases ? "worker_rel" : "web_rel"))
        }
        state.focus[.release] = .form
        state.receive(.perform(.list(.down)))
        state.receive(.perform(.release(.toggle)))
        #expect(!state.release.usesEngine)
    }

    @Test("a release that Mix makes up is built without naming one")
    func madeUp() throws {
        let project = MixProject(
            kind: .application, evidence: .evaluated, app: "hello",
            releases: [MixRelease(name: "hello", isDefined: false)])
        let request = try Self.state(project).request(project: "/p", variables: [])
        #expect(request.platformVariables.isEmpty)
    }

    @Test(
        "what cannot be taken is said where it is typed",
        arguments: [
            ("Shop", ReleaseState.Field.image), ("", .image), ("a b:", .tags), ("nowhere:x", .outputs),
            ("oci:", .outputs),
            ("X Y", .runImage),
        ] as [(String, ReleaseState.Field)])
    func rejects(text: String, field: ReleaseState.Field) {
        #expect(field.problem(with: text) != nil)
    }

    @Test("where the image goes to a registry, Release offers to push its run image, for others to rebase on")
    func pushedRunImage() throws {
        var state = Self.state()
        #expect(!state.fields.contains(.publishedRunImages))
        state.setText("docker://host.example/team/shop:1", of: .outputs)
        let rows = ReleaseRows.form(state).map(\.text)
        #expect(rows.contains { $0.hasPrefix("Push it to") && $0.contains("nowhere: others cannot pull it") })
        #expect(ReleaseState.Field.publishedRunImages.problem(with: "oci:/tmp/x") != nil)
        state.setText("docker://host.example/team/run:1", of: .publishedRunImages)
        let request = try state.request(project: "/home/ann/shop", variables: [])
        #expect(request.publishedRunImages == [try Reference("host.example/team/run:1")])
        #expect(CommandLineText.text(for: request).contains("--publish-run-image host.example/team/run:1"))
        // The row stays as long as it says something, so that it can be emptied.
        state.setText("", of: .outputs)
        #expect(state.fields.contains(.publishedRunImages))
        state.platforms = [.current]
        let error = #expect(throws: Failure.self) { _ = try state.request(project: "/p", variables: []) }
        #expect(error?.advice?.contains("Push it to") == true)
    }

    @Test("a build without a name for the image is refused with what to do")
    func needsName() {
        var state = Self.state()
        state.image = ""
        let error = #expect(throws: Failure.self) { _ = try state.request(project: "/p", variables: []) }
        #expect("\(String(describing: error))".contains("the image has no name"), "\(String(describing: error))")
    }

    @Test("the snippet for an umbrella without releases names the application that starts it")
    func snippet() {
        let text = ReleaseRows.snippet(for: Fixtures.umbrella())
        #expect(text.contains("  web: [\n"))
        #expect(text.contains("    applications: [web: :permanent]\n"))
    }
}
