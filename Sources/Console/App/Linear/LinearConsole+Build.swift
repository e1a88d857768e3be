import Lifecycle
import MixInspection
import SystemPackage

extension LinearConsole {
    /// Step 4: the build, as plain lines; asks only for what is missing, and builds again with the answer.
    func build(_ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.sayLines(["", "Step 4, build"])
        while true {
            guard try await askForMissing(&session) else { break }
            let request: BuildRequest
            do {
                request = try session.release.request(
                    project: session.path, variables: session.secrets.buildVariables,
                    withheld: session.secrets.withheldSecrets)
            } catch {
                return terminal.say("not built: \(error)")
            }
            await carryOut(request, &session)
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

    /// Asks for all that the build needs and does not have; gives whether it can begin.
    private func askForMissing(_ session: inout Session) async throws(LinearTerminal.Left) -> Bool {
        while let part = MissingPart.all(
            release: session.release, secrets: session.secrets, inspection: session.inspection
        ).first {
            guard try await ask(for: part, &session) else {
                terminal.say(part.refusal)
                return false
            }
        }
        if session.release.asksToGiveSecrets(session.secrets.buildVariables) {
            terminal.say(ReleaseState.secretsReason)
            session.release.givesSecrets = try await terminal.confirm(ReleaseState.secretsQuestion, default: false)
        }
        return true
    }

    private func ask(for part: MissingPart, _ session: inout Session) async throws(LinearTerminal.Left) -> Bool {
        switch part {
        case .trust:
            guard try await trusts(&session) else { return false }
            await look(at: session.path, &session)
            return true
        case .umbrella(let child, let root):
            guard try await terminal.confirm("\(child) is a child of the umbrella \(root). Build that?", default: true)
            else { return false }
            session.release = session.release.moved(to: root)
            session.release.child = child
            await look(at: root, &session)
            return true
        case .context(let names, let folder):
            terminal.say("\(MissingPart.outside(names)). A build would copy \(folder), which has all of it.")
            guard try await terminal.confirm("Copy \(folder)?", default: false) else { return false }
            session.release.copiesContext(folder)
            await look(at: session.path, &session)
            return true
        case .releases: return false
        case .image:
            try await askForImage(&session)
            return true
        case .release(let names):
            session.release.chosen = names[try await terminal.choose("Which release?", names)]
            return true
        case .variable(let variable):
            terminal.say("The build reads \(variable.name) (\(variable.file):\(variable.line)).")
            guard let value = try await typed(variable.name), !value.isEmpty else { return false }
            let identity = SecretRow.Identity(name: variable.name, phase: .build)
            session.secrets.set(value, for: identity, origin: .typed)
            return true
        }
    }

    /// A value that is typed: without echo if the name is a secret's.
    private func typed(_ name: String) async throws(LinearTerminal.Left) -> SecretValue? {
        guard !PlatformVariable.isSecretName(name) else {
            return await terminal.askSecretly("\(name), not shown while you type: ")
        }
        return SecretValue(try await terminal.text(name))
    }

    /// Builds, as plain lines.
    func carryOut(_ request: BuildRequest, _ session: inout Session) async {
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
