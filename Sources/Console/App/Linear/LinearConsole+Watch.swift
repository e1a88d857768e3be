import Lifecycle
import Synchronization

/// Builds after each saved file, and starts what runs again.
extension LinearConsole {
    /// Watches until Enter; asks nothing meanwhile.
    func watch(_ session: inout Session) async {
        terminal.say("Watching \(session.path): builds again when you save a file. Enter ends it.")
        let round = SavedFile()
        let saves = clients.build.changes(session.path, session.release.context)
        let saving = Task { for await file in saves { round.saved(file) } }
        let asking = Task { [terminal] in
            _ = await terminal.ask("")
            round.end()
        }
        while let file = await round.next() {
            terminal.say("\(file) was saved")
            await rebuild(&session)
        }
        saving.cancel()
        await asking.value
        terminal.say("no longer watching")
    }

    private func rebuild(_ session: inout Session) async {
        let missing = MissingPart.all(
            release: session.release, secrets: session.secrets, inspection: session.inspection)
        if let part = missing.first { return terminal.say(part.refusal) }
        let request: BuildRequest
        do {
            request = try session.release.request(
                project: session.path, variables: session.secrets.buildVariables,
                withheld: session.secrets.withheldSecrets)
        } catch {
            return terminal.say("not built: \(error)")
        }
        await carryOut(request, &session)
        guard case .finished(let report)? = session.build.outcome else {
            let isRunning = await clients.run.find(session.path.string, session.image.contents?.name) != nil
            return terminal.say(isRunning ? "not restarted: the last image keeps running" : "not built")
        }
        await open(report.image, &session)
        if BuildScreen.isNewImage(session.build.outcome) { await restart(&session) }
    }

    private func restart(_ session: inout Session) async {
        guard let image = session.image.contents,
            await clients.run.find(session.path.string, image.name) != nil
        else { return }
        if let name = missingVariables(of: image, session).first {
            return terminal.say("not restarted: \(name) is not set; run asks for it")
        }
        await start(image, &session, word: "restarted")
    }
}

/// The file that was saved last and is not built yet; several saves during a build are one.
private final class SavedFile: Sendable {
    private struct State {
        var file: String?
        var isOver = false
    }

    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init() { (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func saved(_ file: String) {
        state.withLock { $0.file = file }
        wake.yield()
    }

    func end() {
        state.withLock { $0.isOver = true }
        wake.yield()
    }

    /// Waits for a saved file; `nil` at the end.
    func next() async -> String? {
        while true {
            let (file, isOver) = state.withLock { state in
                defer { state.file = nil }
                return (state.file, state.isOver)
            }
            if isOver { return nil }
            if let file { return file }
            var iterator = wakes.makeAsyncIterator()
            guard await iterator.next() != nil else { return nil }
        }
    }
}
