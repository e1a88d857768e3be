import Lifecycle
import MixInspection
import OCIImage
import Testing

@testable import Console

@Suite struct ReleaseTests {
    static func state(_ project: MixProject = Fixtures.umbrella()) -> ReleaseState {
        var state = ReleaseState()
        state.image = "shop"
        state.take(project)
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
        state.choose("worker_rel")
        state.take(Fixtures.umbrella())
        #expect(state.chosen == "worker_rel")
        state.choose("gone_rel")
        state.take(Fixtures.umbrella())
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
        state.take(inspection)
        state.take(last)
        state.take(inspection)
        #expect(state.chosen == "worker_rel")
        #expect(ReleaseRows.form(state, engine: nil)[5].text.contains("cluster"))
        func profile() throws -> String? { try state.request(project: "/p", variables: []).distribution }
        #expect(try profile() == nil, "the build reads it there itself")
        state.choose("web_rel")
        state.nextProfile()
        state.nextProfile()
        state.take(inspection)
        #expect(state.chosen == "web_rel")
        #expect(try profile() == "loopback", "said, because project.toml says otherwise")

        var request = BuildRequest(image: try Reference("shop"), project: "/p")
        request.release = "web_rel"
        state = ReleaseState()
        state.take(request)
        state.take(inspection)
        #expect(state.chosen == "web_rel")
    }

    @Test("the equivalent command line says all, and names secrets without their values")
    func commandLine() throws {
        var state = Self.state()
        state.tags = ["shop:1.0"]
        state.outputs = ["oci:/tmp/out dir"]
        state.runImage = "docker://debian:12"
        state.triesStart = true
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
        #expect(!CommandLineText.text(for: request, currentFolder: "/home/ann/shop").contains("--path"))
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
            ("Shop", Prompt.Purpose.image), ("", .image), ("a b:", .tags), ("nowhere:x", .outputs), ("oci:", .outputs),
            ("X Y", .runImage),
        ] as [(String, Prompt.Purpose)])
    func rejects(text: String, purpose: Prompt.Purpose) {
        #expect(ReleaseState.problem(with: text, for: purpose) != nil)
    }

    @Test("a build without a name for the image is refused with what to do")
    func needsName() {
        var state = Self.state()
        state.image = ""
        let error = #expect(throws: ConsoleFailure.self) { _ = try state.request(project: "/p", variables: []) }
        #expect("\(String(describing: error))".contains("the image has no name"), "\(String(describing: error))")
    }

    @Test("the snippet for an umbrella without releases names the application that starts it")
    func snippet() {
        let text = ReleaseRows.snippet(for: Fixtures.umbrella())
        #expect(text.contains("  web: [\n"))
        #expect(text.contains("    applications: [web: :permanent]\n"))
    }
}
