import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TerminalUI

/// The Image screen: an image opened up, its layers, files and facts.
struct ImageScreen: Sendable {
    let client: ImageClient
    /// Tells the command that runs an image.
    let containers: ContainersClient

    enum Action: String, Sendable, CaseIterable {
        case run = "image.run"
        case remote = "image.remote"
        case stop = "image.stop"
        case nextFacts = "image.facts"
        case packages = "image.packages"
        case compare = "image.compare"
        case platform = "image.platform"
        case waste = "files.waste"
        case treemap = "image.treemap"
        case growth = "image.growth"
        case export = "image.export"
        case send = "image.send"
        case tag = "image.tag"
        case copyText = "image.copy-text"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .image(.run), ["r"], hint: "run", "start a container of the image, in the background",
                flag: "docker run -d IMAGE",
                unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.remote), ["R"], hint: "remote", "open a shell on the running node",
                flag: "docker exec -it CONTAINER …/bin/RELEASE remote", unless: "no image yet: b builds one",
                when: hasImage),
            KeyBinding(.image(.stop), ["K"], "stop what runs", flag: "docker stop CONTAINER"),
            KeyBinding(
                .image(.nextFacts), ["i"], hint: "facts",
                "next: layer, processes, configuration, labels, packages, waste, growth"),
            KeyBinding(
                .image(.packages), ["B"], "bill of materials: the applications in it, with versions",
                flag: "mixpack inspect --packages, --sbom", unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.compare), ["P"], hint: "compare",
                "compare with the previous image, a past build or another image, or stop",
                flag: "mixpack inspect --compare IMAGE", unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.platform), ["L"], hint: "platform",
                "the image of the next platform, where the name has several",
                flag: "mixpack inspect --platform", unless: "the image is for one platform alone"
            ) { $0.image.contents?.platforms.isEmpty == false },
            KeyBinding(
                .image(.waste), ["W"], hint: "waste", "what is in the image twice or for nothing",
                flag: "mixpack inspect --ci", unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.treemap), ["t"], hint: "treemap",
                "where the bytes are: a treemap in place of the files, or not",
                unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.growth), ["H"], hint: "bigger", "what made it bigger: sizes over the last builds",
                unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.export), ["J"], "save the report as JSON", flag: "mixpack inspect --json",
                unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.send), ["s"], hint: "send",
                "push it, save it as an archive or a folder, load it into an engine",
                flag: "mixpack images copy IMAGE PLACE", unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.tag), ["a"], "give the image another name", flag: "mixpack images tag IMAGE NAME",
                unless: "no image yet: b builds one", when: hasImage),
            KeyBinding(
                .image(.copyText), ["C"], "copy the digest, the command that runs it, or the reference to pull it by",
                unless: "no image yet: b builds one", when: hasImage),
        ]

        private static let hasImage: @Sendable (ConsoleState) -> Bool = { $0.image.contents?.manifestDigest != nil }
    }

    enum Message: Sendable {
        case open(String)
        /// Open an image and compare it.
        case openToCompare(String, Comparand)
        /// The screen is shown: it opens the image of the build, or the one that a build would make.
        case shown(proposal: String)
        /// Show what there is of the build's image.
        case showBuild
        /// A layer of the build, opened up.
        case openLayer(LayerSummary.Identity?)
        case treemapOpened(TreemapState.Key, SizeTree)
        case treemapFailed(TreemapState.Key, Failure)
        case zoomOut
        // The files
        case openNode
        case search(SearchAction)
        case searchTyped(String, from: FileTree.ID?), searchDone(String), searchLeft(FileTree.ID?)
        case searchEnded
        case filterTyped(String)
        case filterLeft
        case extract(FileLocation, to: FilePath)

        case opened(ImageContents)
        case failed(Failure)
        case filesOpened(FilesState.Key, FileTree)
        case comparisonOpened(FilesState.Key, ImageComparison)
        case filesFailed(FilesState.Key, Failure)
        case fileRead(path: String, [UInt8])
        /// The layers of an image were read, or could not be.
        case measured(String, ImageMeasure)
        case measureFailed(String, Failure)
        case packagesKnown([ImagePackage])
        case growthKnown(SizeGrowth)
        /// The files with the same content were found, or could not be.
        case duplicatesKnown(String, [DuplicateContent])
        case duplicatesFailed(String, Failure)
        /// The images of the store that can be compared with are known.
        case comparable([ComparableImage])
        case askForPlace
        case compareWith(Comparand)
        case earlierOpened(EarlierImage)
        /// The store has no earlier image: the last build's own account of its layers has to do.
        case noEarlierImage
        case earlierBuildLoaded(age: String, [LifecycleEvent])
        /// About sending, naming and copying the finished image.
        case send(SendMessage)
    }

    func perform(
        _ action: Action, _ state: inout ImageState, inspection: ProjectInspection?
    ) -> Outcome {
        switch action {
        case .run: run(state)
        case .remote: .send(.run(.reach(.remote)))
        case .stop: .send(.run(.reach(.stop)))
        case .nextFacts: show(nextFacts(state), &state, inspection)
        case .packages: show(.packages, &state, inspection)
        case .compare: compare(&state)
        case .platform: state.contents?.otherPlatforms.first.map { open($0.place, &state) } ?? .none
        case .waste: show(.waste, &state, inspection)
        case .growth: show(.growth, &state, inspection)
        case .treemap: toggleTreemap(&state)
        case .export: export(state)
        case .send: askWhereToSend(state)
        case .tag: .send(.image(.send(.askForName)))
        case .copyText: askWhatToCopy(state)
        }
    }

    func receive(
        _ message: Message, _ state: inout ImageState, build: BuildScreenState, project: FilePath
    ) -> Outcome {
        switch message {
        case .open(let place): return open(place, &state)
        case .openToCompare(let place, let comparand):
            let opening = open(place, &state)
            state.comparand = comparand
            return opening
        case .shown(let proposal):
            guard state.contents == nil, !state.isLoading, state.inspectedPlace == nil else { return .none }
            guard !build.hasBuild else { return receive(.showBuild, &state, build: build, project: project) }
            return proposal.isEmpty ? .none : open(proposal, &state)
        case .showBuild: state.contents = ImageContents(build: build.build)
        case .openLayer(let identity): return openLayer(identity, &state, build)
        case .treemapOpened(let key, let tree): if key == state.treemap.key { state.treemap.show(tree) }
        case .treemapFailed(let key, let failure): if key == state.treemap.key { state.treemap.failure = failure }
        case .zoomOut: if state.treemap.isZoomed { state.treemap.zoomOut() } else { state.showsTreemap = false }
        case .openNode: return state.showsTreemap ? zoomIn(&state) : openNode(&state.files)
        case .search(let action): return search(action, &state.files)
        case .searchTyped(let text, let start): return searchFor(text, from: start, &state.files)
        case .searchDone(let text): return finishSearch(text, &state.files)
        case .searchLeft(let start):
            state.files.setSearch(nil)
            if let start { state.files.reveal(start) }
        case .searchEnded: state.files.setSearch(nil)
        case .filterTyped(let text): return filter(text, &state.files)
        case .filterLeft: state.files.setFilter(nil)
        case .extract(let location, let path):
            return .ask({ try await client.extract(location, path) }) { .app(.saved($0)) }
        case .opened(let contents):
            state.isLoading = false
            state.setContents(contents.joined(with: build.build))
            guard let comparand = state.comparand else { return measure(state) }
            state.comparand = nil
            return .batch(measure(state), compare(with: comparand, state))
        case .failed(let failure):
            state.isLoading = false
            state.failure = failure
            state.contents = build.hasBuild ? ImageContents(build: build.build) : nil
            return .send(.app(.problem("\(failure)", on: .image)))
        case .filesOpened(let key, let tree): if key == state.files.key { state.files.show(tree) }
        case .comparisonOpened(let key, let found):
            if key == state.files.key { state.files.show(found.tree, found) }
        case .filesFailed(let key, let failure): if key == state.files.key { state.files.failure = failure }
        case .fileRead(let path, let bytes): return openViewer(on: path, bytes)
        case .measured(let name, let measure): if name == state.contents?.name { state.setMeasure(measure) }
        case .measureFailed(let name, let failure):
            if name == state.contents?.name { state.measureProblem = "\(failure)" }
        case .duplicatesKnown(let name, let found): if name == state.contents?.name { state.duplicates = found }
        case .duplicatesFailed(let name, let failure):
            if name == state.contents?.name { state.duplicatesProblem = "\(failure)" }
        case .growthKnown(let growth): state.growth = growth
        case .packagesKnown(let packages): state.packages = packages
        case .comparable(let images): return askWhatToCompareWith(images, state, build, project)
        case .askForPlace: return askForPlace()
        case .compareWith(let comparand): return compare(with: comparand, state)
        case .earlierOpened(let image):
            state.previous = image
            let words = image.hasFiles ? "A added, M modified, D deleted" : "its files are gone"
            return .say("compared with \(image.title): \(words); P ends it")
        case .noEarlierImage:
            return .send(.build(.findEarlier(thanDigest: state.contents?.manifestDigest?.short)))
        case .earlierBuildLoaded(let age, let events):
            state.previous = EarlierImage("the build of \(age)", .previous, events: events)
            state.previous?.hasFiles = false
            return .say("compared with the layers of the build of \(age); its files are gone")
        case .send(let message): return receive(message, &state, project: project)
        }
        return .none
    }

    private func run(_ state: ImageState) -> Outcome {
        if let shown = state.contents?.platform, shown.platform.architecture != Platform.current.architecture {
            return .say("\(shown.platform) does not run on this machine; L shows another platform")
        }
        return .send(.run(.start))
    }

    private func open(_ place: String, _ state: inout ImageState) -> Outcome {
        state.isLoading = true
        state.failure = nil
        state.comparand = nil
        return .ask(id: "image", { try await client.open(place) }, failed: { .image(.failed($0)) }) {
            .image(.opened($0))
        }
    }

    private func openLayer(
        _ identity: LayerSummary.Identity?, _ state: inout ImageState, _ build: BuildScreenState
    ) -> Outcome {
        guard let identity else { return .none }
        if state.contents == nil || build.build.isRunning { state.contents = ImageContents(build: build.build) }
        let layers = state.contents?.layers ?? []
        let index = layers.firstIndex { $0.identity == identity } ?? 0
        state.layers.select(index, count: layers.count, height: 10)
        return .focus(.files, on: .image)
    }

    // MARK: Facts

    private func nextFacts(_ state: ImageState) -> ImageState.Facts {
        let all = ImageState.Facts.all(of: state.contents)
        let index = all.firstIndex(of: state.facts) ?? -1
        return all[(index + 1) % all.count]
    }

    /// Shows facts; what takes time to find out is looked up when it is first asked for.
    private func show(
        _ facts: ImageState.Facts, _ state: inout ImageState, _ inspection: ProjectInspection?
    ) -> Outcome {
        state.facts = facts
        state.factsTop = 0
        return .batch(.send(.app(.reveal(.facts, on: .image))), lookUp(facts, state, inspection))
    }

    private func lookUp(
        _ facts: ImageState.Facts, _ state: ImageState, _ inspection: ProjectInspection?
    ) -> Outcome {
        guard let contents = state.contents else { return .none }
        let name = contents.name
        switch facts {
        case .packages where state.packages == nil && contents.manifestDigest != nil:
            return .ask(id: "packages", { try await client.packages(name) }) { .image(.packagesKnown($0)) }
        case .growth:
            guard let project = inspection?.path, state.inspectedPlace == nil else { return .none }
            return .ask(id: "growth", { try await client.growth(project, name) }) { .image(.growthKnown($0)) }
        case .waste: return .batch(measure(state), findDuplicates(state))
        case .layer, .processes, .configuration, .labels, .packages, .builder: return .none
        }
    }

    /// Reads the layers of the image: what they hold is shown as soon as it is known.
    private func measure(_ state: ImageState) -> Outcome {
        guard let contents = state.contents, contents.manifestDigest != nil, state.measure == nil else { return .none }
        let name = contents.name
        return .ask(id: "measure", { try await client.measure(name) }, failed: { .image(.measureFailed(name, $0)) }) {
            .image(.measured(name, $0))
        }
    }

    private func findDuplicates(_ state: ImageState) -> Outcome {
        guard let contents = state.contents, contents.manifestDigest != nil, state.duplicates == nil else {
            return .none
        }
        let name = contents.name
        return .ask(
            id: "duplicates", { try await client.duplicates(name) }, failed: { .image(.duplicatesFailed(name, $0)) }
        ) { .image(.duplicatesKnown(name, $0)) }
    }

    /// Compares layers and files with those of the image before, or stops doing so.
    private func compare(_ state: inout ImageState) -> Outcome {
        guard state.previous == nil else {
            state.previous = nil
            return .none
        }
        guard let contents = state.contents, contents.manifestDigest != nil else {
            return .say("no image to compare")
        }
        return .ask({ try await client.comparable(contents.name) }) { .image(.comparable($0)) }
    }

    /// Asks what to compare with: the previous image first, then past builds, then the images of the store.
    private func askWhatToCompareWith(
        _ images: [ComparableImage], _ state: ImageState, _ build: BuildScreenState, _ project: FilePath
    ) -> Outcome {
        let builds = build.kept.pastBuilds.filter { $0.ending == .finished && $0.id != build.shownPast }
        let past = builds.prefix(20).map { build in
            ComparableImage(
                .build(project: project, id: build.id), name: "build of \(build.age)",
                detail: build.size.map { ImageSizeText.brief($0) } ?? build.image)
        }
        let previous = images.first { $0.comparand == .previous }
        let others = images.filter { $0.comparand != .previous }
        var items = [
            Picker.Item(
                text: "the previous image", detail: previous?.detail ?? "", chosen: .image(.compareWith(.previous)))
        ]
        items += (state.contents?.otherPlatforms ?? []).map { other in
            Picker.Item(
                text: "\(other.platform)", detail: "the same build", chosen: .image(.compareWith(.image(other.place))))
        }
        items += (past + others).map { image in
            Picker.Item(text: image.name, detail: image.detail, chosen: .image(.compareWith(image.comparand)))
        }
        items.append(Picker.Item(text: "another one…", detail: "oci:DIR, an archive", chosen: .image(.askForPlace)))
        return .pick("Compare with", items)
    }

    private func askForPlace() -> Outcome {
        .prompt(
            Prompt("Compare with", help: "a name of the image store, oci:DIR[:TAG], oci-archive:FILE, docker://REF") {
                .image(.compareWith(.image($0)))
            })
    }

    private func compare(with comparand: Comparand, _ state: ImageState) -> Outcome {
        guard let name = state.contents?.name else { return .none }
        return .ask(
            id: "compare", { try await client.other(name, comparand) },
            failed: { comparand == .previous ? .image(.noEarlierImage) : .app(.problem("\($0)")) }
        ) { .image(.earlierOpened($0)) }
    }

    /// Saves what `mixpack inspect --json` would print.
    private func export(_ state: ImageState) -> Outcome {
        guard let contents = state.contents, contents.manifestDigest != nil else {
            return .say("no image to report on")
        }
        return .ask({ try await client.report(contents.name) }) {
            .app(.askToSave(name: "mixpack-image.json", text: $0))
        }
    }
}
