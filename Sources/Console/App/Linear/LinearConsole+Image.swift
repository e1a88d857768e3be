import Diagnostics
import OCIImage
import Text

extension LinearConsole {
    /// What can be done with the image, or again: a choice, and what it does.
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
            guard image != nil || session.inspection != nil else { return }
            let steps =
                (image.map(imageSteps) ?? []) + (session.inspection == nil ? [] : projectSteps)
                + [("images and caches of this machine", { _ throws(LinearTerminal.Left) in try await keepHouse() })]
            terminal.sayLines(["", "Step 5, image: \(session.image.contents?.name ?? "none yet")"])
            try await choose("What next? A number, or how a choice begins. 0 leaves.", from: steps, &session)
        }
    }

    private func choose(
        _ title: String, from steps: [Step], _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        let index = try await terminal.choose(title, steps.map(\.text))
        try await steps[index].perform(&session)
    }

    private func chooseOrGoBack(
        _ title: String, from steps: [Step], _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        try await choose(title, from: [("back", { _ in })] + steps, &session)
    }

    private func imageSteps(_ image: ImageContents) -> [Step] {
        [
            (
                "run: start a container of it in the background",
                { session throws(LinearTerminal.Left) in try await start(image, &session) }
            ),
            ("log of the container", { await followLog(of: image, $0) }),
            ("stop the container", { await stop(image, $0) }),
            (
                "container: shells, a command, ports and volumes",
                { session throws(LinearTerminal.Left) in try await askAboutContainer(image, &session) }
            ),
            (
                "inside the image: layers, files, labels, waste",
                { session throws(LinearTerminal.Left) in try await lookInside(image, &session) }
            ),
            (
                "push it to a registry, load it into an engine, or save it",
                { _ throws(LinearTerminal.Left) in try await send(image.name) }
            ),
            (
                "name: give it another name",
                { session throws(LinearTerminal.Left) in try await name(image.name, session) }
            ),
        ]
    }

    private var projectSteps: [Step] {
        [
            ("build", build), ("watch: build again whenever you save a file", { await watch(&$0) }),
            ("release: choose it and the name again", askForRelease),
            ("places where the image goes, its other names, its run image", askForPlaces),
            ("variables and secrets", askForSecrets), ("as a command line", { sayCommandLine($0) }),
        ]
    }

    private func askAboutContainer(
        _ image: ImageContents, _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        try await chooseOrGoBack(
            "What about the container?",
            from: [
                ("remote: open a shell on the running node", { await openRemote(on: image, $0) }),
                ("shell of the system in the container", { await openShell(in: image, $0) }),
                (
                    "once: run a command, such as eval or migrate",
                    { session throws(LinearTerminal.Left) in try await runOnce(image, session) }
                ),
                (
                    "options: ports, volumes, network, process, variables",
                    { session throws(LinearTerminal.Left) in try await changeRunOptions(image, &session) }
                ),
            ], &session)
    }

    private func lookInside(_ image: ImageContents, _ session: inout Session) async throws(LinearTerminal.Left) {
        try await chooseOrGoBack(
            "What do you want to know?",
            from: [
                ("layers", { _ in terminal.sayLines(LinearText.layers(of: image)) }),
                (
                    "files: the largest of a layer",
                    { _ throws(LinearTerminal.Left) in try await sayFiles(of: image) }
                ),
                ("extract a file", { _ throws(LinearTerminal.Left) in try await extract(from: image) }),
                (
                    image.builder.isEmpty
                        ? "processes and configuration" : "what the builder has, and its configuration",
                    { sayFacts([image.builder.isEmpty ? .processes : .builder, .configuration], $0) }
                ),
                ("labels", { sayFacts([.labels], $0) }),
                ("applications in it, with versions", { _ in await sayPackages(of: image.name) }),
                ("waste: what is in it twice or for nothing", { await sayWaste(&$0) }),
                ("differences from the previous image", { _ in await sayDifferences(image) }),
                ("report: save it as JSON", { _ in await saveReport(on: image.name) }),
            ], &session)
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
            session.image.duplicates = try await clients.image.duplicates(name)
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

    func interactively(_ words: () async throws -> [String]) async {
        await attempt {
            let command = InteractiveCommand(try await words())
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
    func attempt(_ body: () async throws -> [String]) async {
        if let lines = await answer(body) { terminal.sayLines(lines) }
    }

    /// What `body` gives; `nil` after saying why it gives nothing.
    func answer<Value>(_ body: () async throws -> Value) async -> Value? {
        do {
            return try await body()
        } catch {
            terminal.say("that did not work: \(Failure(error, or: .refused))")
            return nil
        }
    }
}
