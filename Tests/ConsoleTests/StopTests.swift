import Diagnostics
import Lifecycle
import Synchronization
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("Why a build stopped") struct StopTests {
    private static func stopped(
        _ events: [LifecycleEvent], size: Size = Scene.sizes[1], change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> (HeadlessSession<ConsoleProgram>, World) {
        let world = World(builds: [events, Fixtures.finished()])
        var clients = world.clients()
        change(&clients)
        let session = await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop")), size: size)
        try await session.press("4", "b")
        await session.wait { $0.outcome != nil }
        _ = await session.state()
        return (session, world)
    }

    /// A text without frames and line ends, as one reads it.
    private static func words(_ text: String) -> String {
        text.map { "│┌┐└┘─\n".contains($0) ? " " : $0 }.split(separator: " ").map { String($0) }.joined(separator: " ")
    }

    @Test("reason and advice are whole at every size", arguments: Scene.sizes)
    func whole(size: Size) async throws {
        let advice = Array(repeating: "try this", count: 12).joined(separator: " ") + " at last"
        let why = Array(repeating: "it is so", count: 12).joined(separator: " ") + " after all"
        let failure = BuildFailure(phase: .detect, exitCode: 22, message: why, advice: advice)
        let (session, _) = try await Self.stopped(Fixtures.stopped(failure), size: size)
        let stop = try #require(await session.state()?.console)
        let rows = StopContent.rows(stop, width: StopContent.usualWidth(size), height: 30)
        #expect(Self.words(rows.map(\.text).joined(separator: " ")).contains("Try \(advice)"))
        #expect(session.text.contains("after all") && session.text.contains("at last"))
    }

    @Test("e goes to the next error with its source, r builds again and the pane goes")
    func editAndRetry() async throws {
        let (session, world) = try await Self.stopped(Fixtures.failedToCompile())
        #expect(session.text.contains("Stopped: lib/shop/cart.ex:9"))
        #expect(session.text.contains("▸  9 │     |> Enum.map(&render/2)"))
        try await session.press("e")
        #expect(session.text.contains("Stopped: lib/shop/cart.ex:2"))
        #expect(session.text.contains("▸ 2 │   @moduledoc"))
        try await session.press("r")
        await session.wait { if case .finished? = $0.outcome { true } else { false } }
        #expect(!session.text.contains("Stopped"))
        #expect(world.look { $0.requests.count } == 2)
    }

    @Test("the source is read again after the editor")
    func readsAgain() async throws {
        let texts = Mutex(["after", "before"])
        let (session, world) = try await Self.stopped(Fixtures.failedToCompile()) { clients in
            clients.build.source = { _, place, _ in
                SourceExcerpt(firstLine: place.line, lines: [texts.withLock { $0.popLast() } ?? "again"])
            }
        }
        #expect(session.text.contains("▸ 9 │ before"))
        try await session.press("E")
        await session.wait { $0.console.build.excerpt.lines?.lines == ["after"] }
        #expect(session.text.contains("▸ 9 │ after"))
        #expect(world.look { $0.commands.count } == 1)
    }

    @Test("the footer of a failure has one key to build again, and what to do about it")
    func footer() async throws {
        let (session, _) = try await Self.stopped(Fixtures.failedToCompile(), size: Scene.sizes[0])
        let footer = session.text.split(separator: "\n").last.map(String.init) ?? ""
        for hint in ["E:edit", "e:next error", "C:copy command", "r:retry ▸"] {
            #expect(footer.contains(hint), "\(footer)")
        }
        #expect(!footer.contains("b:"), "\(footer)")
    }

    @Test("source is shown without control characters, what turns its direction, and cuts of the line that failed")
    func safe() throws {
        let text = "one\n\tif x\u{202E}y \u{1B}[31m \u{7}\r\nthree"
        let excerpt = try #require(SourceExcerpt(of: text, around: 2))
        #expect(excerpt.lines == ["one", "  if x·y ·[31m ·", "three"])
        #expect(SourceExcerpt(of: text, around: 4) == nil)
        #expect(SourceExcerpt(of: text, around: 0) == nil)
    }

    @Test("every secret that is known is masked in the source, one name's two values too")
    func masks() {
        var state = SecretsState()
        state.set(SecretValue("build-value"), for: .init(name: "API_TOKEN", phase: .build), origin: .typed)
        state.set(SecretValue("run-value"), for: .init(name: "API_TOKEN", phase: .run), origin: .typed)
        state.set(SecretValue("plain"), for: .init(name: "PORT", phase: .run), origin: .typed)
        let values = state.secretValues.map { secret in secret.value.withValue { $0 } }
        #expect(values.sorted() == ["build-value", "run-value"])
    }
}
