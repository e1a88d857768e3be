import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage

/// The last phase: the layers become an image, which stands in the store and where else it is asked for.
struct Exporter {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let engine: EngineQuestion
    let cache: ProjectCache
    let emit: EventEmitter
    /// The names of the secrets that cannot be looked for.
    var uncheckable: Set<String> = []
    /// The digest of the project's files; `nil` if nobody asked for it.
    var source: String?
    /// Who owns what buildpacks made; `nil` is the user of the platform's form.
    var owner: Owner?

    /// Makes the image.
    ///
    /// Layers are staged while they are hashed; the image becomes visible at the end, by one rename.
    func export(_ built: BuiltLayers, plan: ResolvedPlan, analysis: Analysis) async throws -> ExportedImage {
        try checkNotes()
        try checkDefaultProcess(of: built)
        let (fitting, fit) = try await fit(of: built, in: analysis.runImage)
        let runImage = try await publish(fitting)
        try omitSource(built)
        async let trials = tryApplication(built, runImage)
        let transaction = try services.store.begin()
        let layers = try await ImageLayerWriter(
            transaction: transaction, built: built, launcher: services.launcher,
            links: links(of: built, taken: fit.takenPaths), cache: cache, previous: analysis.previous,
            form: form, emit: emit
        ).write()
        try Task.checkCancellation()
        let secrets = try await SecretCheck(
            request: request, built: built, cache: cache, store: services.store, emit: emit, uncheckable: uncheckable
        ).check(layers)
        var tried = try await trials
        let own = try ImageAssembly(
            runImage: runImage, built: built, layers: layers, services: services, request: request,
            secretNames: secrets.names
        ).image()
        let all = try await PlatformImages(
            request: request, services: services, built: built, transaction: transaction, cache: cache, form: form,
            secretNames: secrets.names, emit: emit
        ).all(from: PlatformImage(image: own, runImage: runImage, layers: layers))
        try tried.add(await tryOthers(all, built))
        let images = all.count > 1 ? try MultiPlatformImage(all.map(\.image)) : nil
        let image = images?.image() ?? all[0].image
        let main = all.first { $0.image == image } ?? all[0]
        // What cannot be kept to compare with is no reason to fail.
        try? services.store.keepPrevious(of: request.image, before: image)
        let held = try await commit(transaction, image, images)
        let before = BuildRecord.read(for: request.image, in: cache)?.size
        let files = ImageFiles(image, blobs: held)
        let efficiency = try await files.efficiency()
        let summaries = summaries(of: image, on: main.runImage, main.layers, efficiency)
        let record = BuildRecord(
            key: analysis.key, manifestDigest: image.digest, imageID: image.id, layers: summaries,
            otherLayers: all.count > 1 ? all.flatMap(\.others) : nil, plan: plan,
            diagnostics: built.diagnostics + fit.problems + tried.problems + secrets.diagnostics,
            requiredVariables: built.requiredVariables, exposedPorts: built.exposedPorts,
            isTried: tried.isStarted, blobs: services.store.stamp(of: image, images),
            size: ImageSize(efficiency, previousBytes: before?.bytes))
        try record.write(for: request.image, in: cache, masking: emit.redactor)
        async let kept: Void = keepSizes(of: record, image, files)
        try await LayerCaching(cache: cache, form: form, emit: emit).store(built)
        var exported = try await deliver(held, images, record)
        await kept
        exported.notTried = tried.notTried
        return exported
    }

    private func commit(
        _ transaction: StoreTransaction, _ image: Image, _ images: MultiPlatformImage?
    ) async throws -> HeldImage {
        let names = [request.image] + request.tags
        if let images { return try await transaction.commit(images, as: names) }
        return try await transaction.commit(image, as: names)
    }

    /// The form of the image: a builder's user owns what its buildpacks made.
    private var form: ImageForm {
        var form = services.form
        form.owner = owner ?? form.owner
        return form
    }

    /// A label or an annotation with a secret's value would show it to everybody who has the image.
    private func checkNotes() throws(Failure) {
        let secrets = (request.variables + request.withheldSecrets).filter { $0.isSecret && $0.value.utf8.count >= 6 }
        for note in request.labels + request.annotations {
            guard let secret = secrets.first(where: { note.text.contains($0.value) }) else { continue }
            throw Failure(
                .exportFailed, "the label or annotation \(note.name) has the value of the secret \(secret.name)",
                advice: "everybody who has the image can read it: leave it out")
        }
    }

    /// A process that nobody made cannot be what the image starts.
    private func checkDefaultProcess(of built: BuiltLayers) throws(Failure) {
        let types = built.processes.map(\.process.type)
        guard let wanted = request.defaultProcess, !types.contains(wanted) else { return }
        throw Failure(
            .exportFailed, "no process \(wanted), which the image is to start",
            advice: types.isEmpty ? "the image has no processes" : "there are: \(types.joined(separator: ", "))")
    }

    /// Pushes the run image where that is asked for, so that the image's labels name something that others can pull.
    private func publish(_ runImage: PlatformServices.RunImage) async throws -> PlatformServices.RunImage {
        var published: Digest?
        for name in request.publishedRunImages {
            emit(.notice("pushing the run image to \(name.fullName)"))
            let place = ImagePlace.registry(name)
            let outcome = try await write(
                services.store.hold(runImage.image), nil, to: services.destination(place, name),
                named: place.description)
            published = published ?? outcome.manifestDigest
        }
        guard let published else { return runImage }
        var runImage = runImage
        runImage.published = (request.publishedRunImages, published)
        return runImage
    }

    /// Asks whether the run image has what the launch layers need.
    /// - Returns: the run image that has it, and what came of the comparison: nothing that keeps it from starting.
    private func fit(
        of built: BuiltLayers, in runImage: PlatformServices.RunImage
    ) async throws -> (PlatformServices.RunImage, PlatformServices.Fit) {
        let programs = ProcessPrograms(built: built, layers: services.form.layers)
        try programs.check()
        let fit = try await runImage.fit(
            .init(layers: built.launchFolders, programs: programs.files, links: built.links.keys.sorted())
        ) {
            emit(.notice($0))
        }
        fit.problems.forEach { emit(.diagnostic($0)) }
        let errors = fit.problems.filter { $0.severity == .error }
        guard let first = errors.first else {
            guard let better = fit.better else { return (runImage, fit) }
            return (PlatformServices.RunImage(place: better.place, held: better.image), fit)
        }
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        throw Failure(
            .exportFailed, "the release does not fit the run image \(runImage.place): \(first.text)\(more)",
            advice: first.advice)
    }

    /// The links of the image, but for those in whose place the run image has something.
    private func links(of built: BuiltLayers, taken: Set<String>) -> [String: String] {
        let dropped = built.links.keys.filter(taken.contains).sorted()
        if !dropped.isEmpty {
            let names = dropped.joined(separator: ", ")
            emit(.notice("the run image has its own \(names), so the image gets no link of that name to the release"))
        }
        return built.links.filter { !taken.contains($0.key) }
    }

    /// Tries the application beside the writing of its layers.
    private func tryApplication(
        _ built: BuiltLayers, _ runImage: PlatformServices.RunImage
    ) async throws -> TrialRun.Outcome {
        try await TrialRun(
            request: request, built: built, buildpacks: buildpacks, runImage: runImage, services: services,
            cache: cache, emit: emit
        ).run()
    }

    /// Tries the images for other platforms, one after the other, if that is asked for.
    private func tryOthers(_ images: [PlatformImage], _ built: BuiltLayers) async throws -> [TrialRun.Outcome] {
        guard request.startTrial != .no else { return [] }
        var outcomes: [TrialRun.Outcome] = []
        for image in images where !image.image.configuration.platform.isThisMachine {
            var trial = TrialRun(
                request: request, built: built, buildpacks: buildpacks, runImage: image.runImage, services: services,
                cache: cache, emit: emit)
            trial.folders = image.folders
            outcomes.append(try await trial.run())
        }
        return outcomes
    }

    /// A buildpack that put all the application needs into layers keeps its sources out of the image.
    private func omitSource(_ built: BuiltLayers) throws {
        guard built.omitsSource, !cache.isGiven else { return }
        try WorkspaceCopy(project: request.project, selection: request.selection, folder: cache.workspace)
            .removeSource()
    }

    /// Takes the image that is there to where it is asked for.
    func repeatExport(of record: BuildRecord) async throws -> ExportedImage {
        guard let image = try services.store.image(for: request.image) else {
            throw Failure(.notFound, "no image \(request.image) in the image store")
        }
        let images = request.platforms.count > 1 ? try services.store.images(for: request.image) : nil
        let held = try images.map(services.store.hold) ?? services.store.hold(image)
        try await tagAgain(image)
        var record = record
        let bytes = record.size?.bytes
        record.size?.previousBytes = bytes
        for var layer in record.layers + (record.otherLayers ?? []) {
            layer.reason = "nothing changed"
            emit(.layer(.reused, layer))
        }
        return try await deliver(held, images, record)
    }

    private func tagAgain(_ image: Image) async throws {
        let missing = try request.tags.filter { try services.store.image(for: $0)?.digest != image.digest }
        guard !missing.isEmpty else { return }
        try await services.store.copy(request.image, as: missing)
    }

    private func deliver(
        _ image: HeldImage, _ images: MultiPlatformImage?, _ record: BuildRecord
    ) async throws -> ExportedImage {
        var exported = ExportedImage(request: request, image: image.image, record: record)
        exported.images = images
        var attested: Set<String> = []
        emit(.imageWritten(place: "image store: \(request.image)"))
        for place in request.outputs {
            if case .registry(let name) = place, name.registry == nil {
                emit(.notice("pushing to \(name.engineName)"))
            }
            let destination = try await services.destination(place, request.image)
            let outcome = try await write(image, images, to: destination, named: place.description)
            exported.places.append(place.description)
            if images != nil, case .dockerArchive = place {
                emit(
                    .notice("\(place) has the image for \(image.image.configuration.platform): it cannot hold several"))
            }
            guard case .registry(let name) = place else { continue }
            exported.pushed.append(.init(name, outcome))
            // Several tags of a repository are one image there.
            guard request.attests, attested.insert("\(name.fullRepository)@\(outcome.manifestDigest)").inserted else {
                continue
            }
            try await attest(image, images, as: name, outcome)
        }
        let isForHere = image.image.configuration.platform.isThisMachine
        if request.usesEngine, !isForHere {
            emit(.notice("no container engine gets the image: it is for \(image.image.configuration.platform)"))
        }
        if request.usesEngine, isForHere, let engine = await engine.engine() {
            for reference in [request.image] + request.tags {
                let place = "docker-daemon:\(reference)"
                let outcome = try await write(image, nil, to: engine.destination(reference), named: place)
                exported.engineImageID = outcome.imageID
                exported.places.append(place)
            }
        }
        exported.engineCommand = await engine.engine()?.command
        exported.notLoaded = isForHere ? await engine.silence() : nil
        exported.layoutCommand = services.layoutCommand
        exported.storeLayout = services.store.layout(of: request.image).path
        return exported
    }

    private func write(
        _ image: HeldImage, _ images: MultiPlatformImage?, to destination: any ImageDestination, named place: String
    ) async throws -> WriteOutcome {
        try Task.checkCancellation()
        let step = "writing \(place) (kB)"
        let kilobyte: Int64 = 1024
        let progress: BlobProgress = { done, total in
            emit(.progress(step: step, done: Int(done / kilobyte), total: Int(total / kilobyte)))
        }
        let outcome =
            if let images {
                try await destination.write(images, from: image, progress: progress)
            } else {
                try await destination.write(image.image, from: image, progress: progress)
            }
        emit(.imageWritten(place: place))
        return outcome
    }

    /// Keeps how large the image is, to see later what made it bigger; what cannot be kept is no reason to fail.
    private func keepSizes(of record: BuildRecord, _ image: Image, _ files: ImageFiles) async {
        guard let size = record.size else { return }
        let names = ShortNames.layers(record.layers)
        let layers = zip(zip(names, record.layers), image.layers).map { named, layer in
            SizeHistory.Build.Layer(name: named.0, bytes: named.1.size, diffID: layer.diffID)
        }
        let build = SizeHistory.Build(image: request.image.description, size: size, layers: layers)
        try? await SizeHistory(cache).add(build, of: files, masking: emit.redactor)
    }

    /// The layers as people are told of them, with what each holds.
    private func summaries(
        of image: Image, on runImage: PlatformServices.RunImage, _ layers: WrittenLayers, _ efficiency: ImageEfficiency
    ) -> [LayerSummary] {
        let base = runImage.image.layers.indices.map { index in
            LayerSummary(
                buildpack: nil, name: ImageOrigins.name(ofRunImageLayer: index, in: runImage.image), types: [],
                diffID: runImage.image.layers[index].diffID, reason: runImage.place.description)
        }
        var summaries = base + layers.all.map(\.summary)
        for (index, content) in efficiency.layers.enumerated() where summaries.indices.contains(index) {
            summaries[index].size = content.bytes
            summaries[index].files = content.files
        }
        summaries.prefix(base.count).forEach { emit(.layer(.reused, $0)) }
        return summaries
    }
}
