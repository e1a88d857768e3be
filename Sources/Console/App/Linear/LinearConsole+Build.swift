import Lifecycle
import SystemPackage

extension LinearConsole {
    /// Step 4: the build, as plain lines; asks only for what is missing, and builds again with the answer.
    func build(_ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.sayLines(["", "Step 4, build"])
        while true {
            let request: BuildRequest
            do {
                request = try session.release.request(
                    project: session.path, variables: session.secrets.buildVariables,
                    withheld: session.secrets.withheldSecrets)
            } catch {
                return terminal.say("not built: \(error)")
            }
            await run(request, &session)
            guard case .failed(let failure)? = session.build.outcome else { break }
            if let name = failure.secret {
                terminal.say("\(failure.message). Whoever has the image can read it.")
                guard try await terminal.confirm("Leave the value of \(name) in the image?", default: false) else {
                    break
                }
                session.release.allowedSecrets.insert(name)
                continue
            }
            if failure.needsTrust == true {
                guard try await trusts(&session) else { break }
                continue
            }
            if let paths = failure.pathsToOpen {
                terminal.say("\(failure.message). What is there goes into the build, and may go into the image.")
                guard try await terminal.confirm("Follow links to \(paths.joined(separator: ", "))?", default: false)
                else { break }
                session.release.openedPaths += paths.map { FilePath($0) }
                continue
            }
            guard !failure.choices.isEmpty else { break }
            let index = try await terminal.choose(failure.message, failure.choices)
            session.answer(failure, with: failure.choices[index])
        }
        session.image.contents = ImageContents(build: session.build)
        if case .finished(let report)? = session.build.outcome { await open(report.image, &session) }
    }

    private func run(_ request: BuildRequest, _ session: inout Session) async {
        session.build = BuildState()
        let handle = await clients.build.start(request)
        let (plain, continuation) = AsyncStream.makeStream(of: LifecycleEvent.self)
        let interrupts = InterruptCounter(handle)
        async let printed = clients.build.printPlainly(plain) { interrupts.next() }
        for await event in handle.events {
            session.build.fold(event)
            continuation.yield(event)
        }
        session.build.foldEnd()
        continuation.finish()
        _ = await printed
    }
}

extension LinearConsole.Session {
    /// Takes the answer to what a build could not settle by itself.
    mutating func answer(_ failure: BuildFailure, with choice: String) {
        if let name = failure.choiceVariable, name != BuildVariable.release.rawValue {
            secrets.set(SecretValue(choice), for: SecretRow.Identity(name: name, phase: .build), origin: .typed)
        } else {
            release.chosen = choice
        }
    }
}
