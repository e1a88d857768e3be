import OCIImage

extension LinearConsole {
    /// What can be done with the image, or again.
    private enum Step: CaseIterable {
        case run, remote, stop, layers, files, facts, labels, packages, waste, compare, report, build, release, places,
            secrets, command

        var text: String {
            switch self {
            case .run: "run it"
            case .remote: "open a shell on the running node"
            case .stop: "stop what runs"
            case .layers: "its layers"
            case .files: "the largest files of a layer"
            case .facts: "its processes and configuration"
            case .labels: "its labels"
            case .packages: "the applications in it, with versions"
            case .compare: "what differs from the image before"
            case .waste: "what is in it twice or for nothing"
            case .report: "save the report as JSON"
            case .build: "build"
            case .release: "choose the release and the name again"
            case .places: "where the image goes, its other names, its run image"
            case .secrets: "variables and secrets"
            case .command: "the same from the command line"
            }
        }

        var needsImage: Bool {
            switch self {
            case .run, .remote, .stop, .layers, .files, .facts, .labels, .packages, .waste, .compare, .report:
                true
            case .build, .release, .places, .secrets, .command: false
            }
        }
    }

    func open(_ place: String, _ session: inout Session) async {
        do {
            session.image.contents = try await clients.image.open(place).joined(with: session.build)
        } catch {
            terminal.say("the image cannot be opened: \(ConsoleFailure(error))")
        }
    }

    /// Step 5: asks what to do until the user leaves.
    func afterwards(_ session: inout Session) async throws(LinearTerminal.Left) {
        while true {
            let hasImage = session.image.contents?.manifestDigest != nil
            let steps = Step.allCases.filter {
                $0.needsImage ? hasImage : session.inspection != nil
            }
            guard !steps.isEmpty else { return }
            terminal.sayLines(["", "Step 5, image: \(session.image.contents?.name ?? "none yet")"])
            let index = try await terminal.choose("What next? 0 leaves.", steps.map(\.text))
            try await perform(steps[index], &session)
        }
    }

    private func perform(_ step: Step, _ session: inout Session) async throws(LinearTerminal.Left) {
        switch step {
        case .build: try await build(&session)
        case .release: try await askForRelease(&session)
        case .places: try await askForPlaces(&session)
        case .secrets: try await askForSecrets(&session)
        case .command: sayCommandLine(session)
        case .run, .remote, .stop, .layers, .files, .facts, .labels, .packages, .waste, .compare, .report:
            guard let contents = session.image.contents else { return terminal.say("there is no image") }
            try await perform(step, on: contents, &session)
        }
    }

    private func perform(
        _ step: Step, on contents: ImageContents, _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        let name = contents.name
        switch step {
        case .run: try await run(contents, &session)
        case .remote:
            await interactively { try await clients.containers.remoteCommand(name, contents.releaseProgram) }
        case .stop: await attempt { [try await clients.containers.stop(name)] }
        case .layers: terminal.sayLines(contents.layers.map(LinearText.layer))
        case .files: try await sayFiles(of: contents)
        case .facts: sayFacts([.processes, .configuration], session)
        case .labels: sayFacts([.labels], session)
        case .waste: await sayWaste(&session)
        case .packages:
            await attempt {
                try await clients.image.packages(name).map { package in
                    [package.name, package.version, package.origin, package.summary].filter { !$0.isEmpty }
                        .joined(separator: ", ")
                }
            }
        case .compare: await sayDifferences(contents)
        case .report:
            await attempt {
                let text = try await clients.image.report(name)
                return ["saved to \(try await clients.app.saveText("mixpack-image.json", text))"]
            }
        case .build, .release, .places, .secrets, .command: break
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
            session.image.efficiency = try await clients.image.efficiency(name)
            sayFacts([.waste], session)
        } catch {
            terminal.say("\(ConsoleFailure(error))")
        }
    }

    private func sayDifferences(_ contents: ImageContents) async {
        await attempt {
            let before = try await clients.image.previous(contents.name)
            let tree = try await clients.image.comparison(contents.name)
            let lines = tree.differences.map { id in
                let word = tree[id].change == .added ? "added" : tree[id].change == .removed ? "deleted" : "modified"
                return "\(word), \(tree.path(of: id)), \(ByteCount.text(tree[id].size))"
            }
            return ["compared with the image of \(before.age): \(lines.count) files differ"] + lines
        }
    }

    private func sayFiles(of contents: ImageContents) async throws(LinearTerminal.Left) {
        let layers = contents.layers.filter { $0.source != nil }
        let index = try await terminal.choose("Which layer?", layers.map(LinearText.layer), default: layers.count - 1)
        guard let source = layers[index].source else { return }
        await attempt {
            let tree = try await clients.image.files(contents.name, source, false)
            return tree.largestFiles(20).map { "\(ByteCount.text(tree[$0].size)), \(tree.path(of: $0))" }
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
            terminal.say(CommandLineText.text(for: request, secretCommands: session.secrets.commands))
        } catch {
            terminal.say("\(error)")
        }
    }

    /// Says what `body` gives, or why it gives nothing.
    private func attempt(_ body: () async throws -> [String]) async {
        do {
            terminal.sayLines(try await body())
        } catch {
            terminal.say("that did not work: \(ConsoleFailure(error))")
        }
    }
}
