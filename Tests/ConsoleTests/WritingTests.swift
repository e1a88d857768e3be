import Lifecycle
import MixInspection
import Synchronization
import SystemPackage
import TerminalTesting
import TerminalUI
import TestSupport
import Testing

@testable import Console

@Suite("What the console writes and allows, after a yes", .timeLimit(.minutes(1)))
struct WritingTests {
    private static func session(
        _ clients: ConsoleClients, _ keys: String...
    ) async throws -> HeadlessSession<ConsoleProgram> {
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")))
        for key in keys { try await session.press(key) }
        return session
    }

    private static let leak = LifecycleEvent(
        at: 1,
        .failed(
            BuildFailure(
                phase: .export, exitCode: 1, message: "the value of BUILD_TOKEN is in the image: lib/a.beam",
                file: "lib/a.ex", line: 3, advice: "allow it with --allow-secret BUILD_TOKEN", secret: "BUILD_TOKEN")))

    @Test("A leaked secret is asked about; only y builds again and allows it")
    func allows() async throws {
        let world = World(builds: [[Self.leak], [Self.leak], Fixtures.finished()])
        let session = try await Self.session(world.clients(), "4", "b")
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Leave the value of BUILD_TOKEN in the image?"))
        try await session.press("Enter")
        #expect(world.look { $0.requests.count } == 1)
        try await session.press("b")
        await session.wait { $0.console.overlay != nil }
        try await session.press("y")
        await session.wait { if case .finished? = $0.outcome { true } else { false } }
        #expect(world.look { $0.requests.map(\.allowedSecrets) } == [[], [], ["BUILD_TOKEN"]])
    }

    private static func failure(_ failure: BuildFailure) -> [LifecycleEvent] {
        [LifecycleEvent(at: 1, .failed(failure))]
    }

    @Test("Links out of the project are asked about; only y builds again and follows them")
    func follows() async throws {
        let outside = Self.failure(
            BuildFailure(
                phase: .analyze, exitCode: 3,
                message: "priv/k is a link that leads out of the project, to /home/ann/.ssh",
                pathsToOpen: ["/home/ann/.ssh"]))
        let world = World(builds: [outside, outside, Fixtures.finished()])
        let session = try await Self.session(world.clients(), "4", "b")
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Follow links out of the project?"))
        #expect(session.text.contains("/home/ann/.ssh"))
        try await session.press("n", "b")
        await session.wait { $0.console.overlay != nil }
        #expect(world.look { $0.requests.map(\.selection.openedPaths) } == [[], []])
        try await session.press("y")
        await session.wait { if case .finished? = $0.outcome { true } else { false } }
        #expect(world.look { $0.requests.last?.selection.openedPaths } == ["/home/ann/.ssh"])
        let request = try #require(world.look { $0.requests.last })
        #expect(CommandLineText.text(for: request).contains("--follow-links /home/ann/.ssh"))
    }

    @Test("Nobody is asked for more places than fit the question")
    func manyLinks() async throws {
        let outside = Self.failure(
            BuildFailure(
                phase: .analyze, exitCode: 3, message: "a is a link that leads out of the project",
                pathsToOpen: (1...9).map { "/home/ann/\($0)" }))
        let session = try await Self.session(World(builds: [outside]).clients(), "4", "b")
        await session.wait { $0.outcome != nil }
        #expect(await session.state()?.console.overlay == nil)
        #expect(session.text.contains("a is a link that leads out of the project"))
    }

    @Test("Without a sandbox the console asks once whether it may trust the project; y is kept, and goes on")
    func trusts() async throws {
        var untrusted = Fixtures.inspection()
        untrusted.needsTrust = true
        untrusted.project?.evidence = .probable
        let kept = Mutex<[FilePath]>([])
        let world = World(builds: [Fixtures.finished()])
        var clients = world.clients()
        clients.project.trust = { path in kept.withLock { $0.append(path) } }
        clients.project.inspect = { [untrusted] _, _ in
            let next = kept.withLock { $0.isEmpty } ? untrusted : Fixtures.inspection()
            return AsyncStream {
                $0.yield(next); $0.finish()
            }
        }
        let session = try await Self.session(clients)
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Trust this project?"))
        try await session.press("n")
        #expect(kept.withLock { $0 } == [])
        // Looking again does not ask again; a build does.
        await session.send(ConsoleProgram.Message(content: .project(.inspected(untrusted))))
        #expect(await session.state()?.console.overlay == nil)
        try await session.press("b")
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Trust this project?"))
        #expect(world.look { $0.requests.isEmpty }, "asked before a phase starts")
        try await session.press("y")
        await session.wait { if case .finished? = $0.outcome { true } else { false } }
        #expect(kept.withLock { $0 } == ["/home/ann/shop"])
        #expect(await session.state()?.console.project.inspection?.project?.evidence == .evaluated)
    }

    @Test("Secrets of the container are looked for in the image, and not given to the build")
    func withheld() async throws {
        let world = World(builds: [Fixtures.finished()])
        let session = try await Self.session(world.clients(), "3", "j", "e")
        await session.send(.paste("run-time-s3cret-value"))
        try await session.press("Enter", "b")
        await session.wait { $0.outcome != nil }
        let request = try #require(world.look { $0.requests.first })
        #expect(request.withheldSecrets.map(\.name) == ["SECRET_KEY_BASE"])
        #expect(request.withheldSecrets.first?.value == "run-time-s3cret-value")
        #expect(!request.variables.contains { $0.name == "SECRET_KEY_BASE" })
    }

    @Test("A start of the finished release is tried where the form says so")
    func triesStart() async throws {
        let world = World(builds: [Fixtures.finished(), Fixtures.finished()])
        let session = try await Self.session(world.clients(), "2", "Tab")
        let fields = ReleaseState.Field.allCases.filter { $0 != .publishedRunImages }
        let steps = try #require(fields.firstIndex(of: .tryStart))
        for _ in 0..<steps { try await session.press("j") }
        #expect(session.text.contains("Try to start it   [ ]"))
        try await session.press("Space")
        #expect(session.text.contains("Try to start it   [x]  once"))
        try await session.press("Space")
        #expect(session.text.contains("Try to start it   [x]  if possible"))
        try await session.press("Space")
        #expect(session.text.contains("Try to start it   [ ]"))
        try await session.press("Space")
        try await session.press("b")
        await session.wait { $0.outcome != nil }
        #expect(world.look { $0.requests.map(\.startTrial) } == [.required])
    }

    @Test("The change of mix.exs is shown first; y writes it, anything else does not")
    func release() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("mix.exs").write(
                "defmodule A do\n  use Mix.Project\n  def project, do: [apps_path: \"apps\"]\nend\n")
            let written = Mutex(0)
            var clients = World().clients(Fixtures.inspection(ProjectScenes.unreleased))
            clients.release.propose = { try MixFileEdit(addingReleaseTo: $1, in: folder) }
            clients.release.write = { edit in
                written.withLock { $0 += 1 }
                try edit.write()
            }
            let session = try await Self.session(clients, "2", "W")
            await session.wait { $0.console.overlay != nil }
            #expect(session.text.contains("Write this to mix.exs?"))
            #expect(session.text.contains("+  def project, do: [apps_path: \"apps\", releases: [web:"))
            try await session.press("Esc")
            #expect(written.withLock { $0 } == 0)
            try await session.press("W")
            await session.wait { $0.console.overlay != nil }
            try await session.press("y")
            await session.wait { _ in written.withLock { $0 } == 1 }
            #expect(try folder.appending("mix.exs").readText().contains("releases: [web:"))
        }
    }

    @Test("project.toml is written on w, and replaced only after a yes")
    func projectFile() async throws {
        let asked = Mutex<[Bool]>([])
        var clients = World().clients()
        clients.project.writeFile = { folder, _, replaces in
            asked.withLock { $0.append(replaces) }
            return replaces ? folder.appending("project.toml") : nil
        }
        let session = try await Self.session(clients, "1", "w")
        await session.wait { $0.console.overlay != nil }
        #expect(session.text.contains("Replace project.toml?"))
        try await session.press("y")
        await session.wait { $0.console.status?.text.hasPrefix("wrote") == true }
        #expect(asked.withLock { $0 } == [false, true])
    }

    @Test("All releases are built one after the other, each with a name of its own; a failure ends it")
    func allReleases() async throws {
        let world = World(builds: [Fixtures.finished(), Fixtures.finished()])
        let session = try await Self.session(world.clients(), "2", "A")
        await session.wait { state in world.look { $0.requests.count } == 2 && state.outcome != nil }
        #expect(world.look { $0.requests.map { "\($0.image)" } } == ["shop-web_rel:latest", "shop-worker_rel:latest"])
        #expect(world.look { $0.requests.map(\.release) } == ["web_rel", "worker_rel"])
        let failing = World(builds: [Fixtures.failed()])
        let other = try await Self.session(failing.clients(), "2", "A")
        await other.wait { $0.outcome != nil }
        #expect(failing.look { $0.requests.count } == 1)
    }
}
