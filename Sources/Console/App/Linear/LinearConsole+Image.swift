import Diagnostics
import OCIImage
import Text

extension LinearConsole {
    /// What can be done with the image, or again.
    private typealias Step = (text: String, perform: (inout Session) async throws(LinearTerminal.Left) -> Void)

    func open(_ place: String, _ session: inout Session) async {
        do {
            session.image.contents = try await clients.image.open(place).joined(with: session.build)
        } catch {
            terminal.say("the image cannot be opened: \(Failure(error, or: .refused))")
        }
    }

    /// Step 5: asks what to do until the user leaves.
    func afterwards(_ session: inout Session) async throws(LinearTerminal.Left) {
        while true {
            let image = session.image.contents.flatMap { $0.manifestDigest == nil ? nil : $0 }
            let steps = (image.map(imageSteps) ?? []) + (session.inspection == nil ? [] : projectSteps)
            guard !steps.isEmpty else { return }
            terminal.sayLines(["", "Step 5, image: \(session.image.contents?.name ?? "none yet")"])
            let index = try await terminal.choose("What next? 0 leaves.", steps.map(\.text))
            try await steps[index].perform(&session)
        }
    }

    private var projectSteps: [Step] {
        [
            ("build", build), ("choose the release and the name again", askForRelease),
            ("where the image goes, its other names, its run image", askForPlaces),
            ("variables and secrets", askForSecrets), ("the same from the command line", { sayCommandLine($0) }),
        ]
    }

    private func imageSteps(_ image: ImageContents) -> [Step] {
        let name = image.name
        return [
            ("run it", { session throws(LinearTerminal.Left) in try await run(image, &session) }),
            ("open a shell on the running node", { _ in await openRemote(on: image) }),
            ("stop what runs", { _ in await attempt { [try await clients.containers.stop(name)] } }),
            ("its layers", { _ in terminal.sayLines(LinearText.layers(of: image)) }),
            ("the largest files of a layer", { _ throws(LinearTerminal.Left) in try await sayFiles(of: image) }),
            ("its processes and configuration", { sayFacts([.processes, .configuration], $0) }),
            ("its labels", { sayFacts([.labels], $0) }),
            ("the applications in it, with versions", { _ in await sayPackages(of: name) }),
            ("what is in it twice or for nothing", { await sayWaste(&$0) }),
            ("what differs from the previous image", { _ in await sayDifferences(image) }),
            ("save the report as JSON", { _ in await saveReport(on: name) }),
        ]
    }

    private func openRemote(on image: ImageContents) async {
        await interactively { try await clients.containers.remoteCommand(image.name, image.releaseProgram) }
    }

    private func sayPackages(of image: String) async {
        await attempt { try await clients.image.packages(image).map(LinearText.package) }
    }

    private func saveReport(on image: String) async {
        await attempt {
            let text = try await clients.image.report(image)
            let path = clients.app.savingFolder().appending("mixpack-image.json")
            return ["saved to \(try await clients.app.saveText(path, text))"]
        }
    }

    private func sayFacts(_ facts: [ImageState.Facts], _ session: Session) {
        var state = session.image
        for kind in facts {
            state.facts = kind
            terminal.sayLines([kind.rawValue] + ImageRows.facts(state, width: 400).map { "  " + $0.text })
        }
    }

    private func sayWaste(_ session: inout Session) async {
        guard let name = session.image.contents?.name else { return }
        do {
            session.image.setMeasure(try await clients.image.measure(name))
            sayFacts([.waste], session)
        } catch {
            terminal.say("\(Failure(error, or: .refused))")
        }
    }

    private func sayDifferences(_ contents: ImageContents) async {
        await attempt {
            let before = try await clients.image.other(contents.name, .previous)
            let comparison = try await clients.image.comparison(contents.name, .previous)
            let tree = comparison.tree
            let lines = tree.differences.map { id in
                let word = tree[id].change == .added ? "added" : tree[id].change == .removed ? "deleted" : "modified"
                return "\(word), \(tree.path(of: id)), \(Amount.bytes(tree[id].size))"
            }
            let sums = ComparisonSums(comparison).text
            return ["compared with \(before.title): \(lines.count) files differ\(sums.isEmpty ? "" : ": ")\(sums)"]
                + lines
        }
    }

    private func sayFiles(of contents: ImageContents) async throws(LinearTerminal.Left) {
        let rows = zip(contents.layers, LinearText.layers(of: contents)).filter { $0.0.source != nil }
        let index = try await terminal.choose("Which layer?", rows.map(\.1), default: rows.count - 1)
        guard let source = rows[index].0.source else { return }
        await attempt {
            let tree = try await clients.image.files(contents.name, source, false)
            return tree.largestFiles(20).map { "\(Amount.bytes(tree[$0].size)), \(tree.path(of: $0))" }
        }
    }

    private func run(_ contents: ImageContents, _ session: inout Session) async throws(LinearTerminal.Left) {
        for name in session.secrets.missing(for: contents) {
            guard let value = await terminal.askSecretly("The container needs \(name), not shown while you type: "),
                !value.isEmpty
            else { return terminal.say("not run: \(name) is not set") }
            session.secrets.setForRun(name, value)
        }
        let values = session.secrets.runValues
        await interactively(values) {
            try await clients.containers.runCommand(contents.name, contents.ports, values.keys.sorted())
        }
    }

    private func interactively(_ values: [String: SecretValue] = [:], _ words: () async throws -> [String]) async {
        await attempt {
            let command = InteractiveCommand(try await words(), environment: values)
            return ["ended with status \(try await clients.app.runOnTerminal(command))"]
        }
    }

    private func sayCommandLine(_ session: Session) {
        do {
            let request = try session.release.request(
                project: session.path, variables: session.secrets.shownVariables)
            let missing = MissingPart.all(
                release: session.release, secrets: session.secrets, inspection: session.inspection)
            terminal.sayLines(
                CommandLineText.Shown(
                    request, secretCommands: session.secrets.commands, engine: session.release.engine,
                    missing: missing
                ).lines)
        } catch {
            terminal.say("\(error)")
        }
    }

    /// Says what `body` gives, or why it gives nothing.
    private func attempt(_ body: () async throws -> [String]) async {
        do {
            terminal.sayLines(try await body())
        } catch {
            terminal.say("that did not work: \(Failure(error, or: .refused))")
        }
    }
}
