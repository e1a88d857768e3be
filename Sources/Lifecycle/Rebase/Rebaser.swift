import Diagnostics
import OCIImage

/// Puts an application image on another run image, without building it again
/// ([CNB Platform specification, Rebaser](https://github.com/buildpacks/spec/blob/main/platform.md#rebaser)).
package struct Rebaser: Sendable {
    private let services: PlatformServices

    package init(services: PlatformServices) { self.services = services }

    /// Rebases an image; until it is done, every name keeps the image it had.
    /// - Parameter notice: takes lines for the user.
    /// - Throws: `BuildFailure` with exit code 72 where the images do not fit together, `Failure`.
    package func rebase(
        _ request: RebaseRequest, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> RebaseReport {
        let apps = request.images?.images ?? [request.image]
        var parts: [Part] = []
        for app in apps { parts.append(try await part(of: app, request, notice)) }
        guard let main = parts.first(where: { $0.app.digest == request.image.digest }) else {
            throw Failure(.rebaseFailed, "the image is none of those of \(request.name)")
        }
        let images = request.images == nil ? nil : try MultiPlatformImage(parts.map(\.image))
        var report = RebaseReport(
            image: main.image, digest: images?.digest ?? main.image.digest, runImage: main.runImage.place.description,
            keptLayers: main.keptLayers, packages: main.packages, warnings: parts.flatMap(\.problems),
            isUnchanged: parts.allSatisfy(\.isUnchanged), places: [], pushed: [])
        report.others = parts.filter { $0.app.digest != main.app.digest }.map(\.outcome)
        let result = Result(image: main.image, images: images)
        if let place = request.place {
            let blobs = RebasedBlobs(parts: parts, store: services.store, app: request.blobs)
            try await write(result, from: blobs, to: [place] + request.outputs, request, &report)
        } else {
            let held = try await store(result, parts, request)
            report.places = ["oci:\(services.store.layout(of: request.name).path)"]
            try await write(result, from: held, to: request.outputs, request, &report)
            let (engines, notLoaded) = try await load(held, request)
            report.places += engines
            report.notLoaded = notLoaded
        }
        return report
    }

    /// What stands under the name afterwards: an image, or those of several platforms.
    private struct Result {
        let image: Image
        let images: MultiPlatformImage?
    }

    /// One image on its new run image.
    fileprivate struct Part {
        let app: Image
        let runImage: PlatformServices.RunImage
        /// What has the run image's layers, if that is not the store.
        let base: (any BlobSource)?
        let image: Image
        /// What was overruled.
        let problems: [String]
        let packages: [PackageChange]?

        var keptLayers: Int { image.layers.count - runImage.image.layers.count }
        var isUnchanged: Bool { image.id == app.id }
        var outcome: RebasedPlatform {
            RebasedPlatform(
                image: image, runImage: runImage.place.description, keptLayers: keptLayers, packages: packages,
                isUnchanged: isUnchanged)
        }
    }

    private func part(
        of app: Image, _ request: RebaseRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Part {
        let metadata = LifecycleMetadata(of: app)
        let (runImage, base) = try await runImage(app, request, metadata, notice)
        let platform = request.images == nil ? "" : "\(app.configuration.platform): "
        let problems = RebaseCheck(app: app, metadata: metadata, runImage: runImage).problems().map { platform + $0 }
        guard problems.isEmpty || request.forces else {
            throw Failure(
                .rebaseFailed, problems.joined(separator: "; "),
                advice: "give --force to rebase it anyway, or build the image again")
        }
        let image = try RebasedImage(
            app: app, metadata: metadata, runImage: runImage, isForced: !problems.isEmpty
        ).image()
        return Part(
            app: app, runImage: runImage, base: base, image: image, problems: problems,
            packages: await packageChanges(app, request, metadata, runImage, isHere: base == nil))
    }

    /// The new run image, and what has its layers, if that is not the store.
    ///
    /// If both images are in registries, only manifest and configuration are fetched: the layers stay there.
    private func runImage(
        _ app: Image, _ request: RebaseRequest, _ metadata: LifecycleMetadata,
        _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> (PlatformServices.RunImage, (any BlobSource)?) {
        let place = try place(request, metadata)
        let platform = app.configuration.platform
        if request.place?.isRegistry == true, let place, place.isRegistry, platform.isThisMachine,
            app.list(RunImageLabel.programs).isEmpty
        {
            guard let found = try await services.existing(place) else {
                throw Failure(.rebaseFailed, "there is no run image \(place)", advice: "name one with --run-image")
            }
            return (PlatformServices.RunImage(place: place, image: found.image), found.blobs)
        }
        var wanted = PlatformServices.RunImageRequest(
            place: place, needsBash: app.needsBash, libraries: app.list(RunImageLabel.libraries),
            programs: app.list(RunImageLabel.programs))
        wanted.platform = platform
        var runImage = try await services.runImage(wanted, notice)
        try await runImage.makeWhole(notice)
        return (runImage, nil)
    }

    /// What changed between the run images, as their labels say or, if the layers of both are on this machine, their own
    /// lists; `nil` if that is not known.
    private func packageChanges(
        _ app: Image, _ request: RebaseRequest, _ metadata: LifecycleMetadata, _ runImage: PlatformServices.RunImage,
        isHere: Bool
    ) async -> [PackageChange]? {
        let top = app.layers.lastIndex { $0.diffID.description == metadata.runImage?.topLayer }
        let lower = app.layers.prefix(top.map { $0 + 1 } ?? 0)
        if lower.map(\.diffID) == runImage.image.layers.map(\.diffID) { return [] }
        if let old = app.listedPackages, let new = runImage.image.listedPackages {
            return PackageChange.changes(from: old, to: new)
        }
        if case .registry? = request.place { return nil }
        guard isHere, !lower.isEmpty else { return nil }
        var builder = ImageBuilder(platform: app.configuration.platform)
        for layer in lower { builder.append(layer) }
        guard let old = try? await services.packages(try builder.image(), request.blobs),
            let new = try? await services.packages(runImage.image, services.store), !old.isEmpty, !new.isEmpty
        else { return nil }
        return PackageChange.changes(from: old, to: new)
    }

    /// The run image that is asked for, else the one that the image names; `nil` is the machine's.
    private func place(_ request: RebaseRequest, _ metadata: LifecycleMetadata) throws -> ImagePlace? {
        if let place = request.runImage { return place }
        guard let name = metadata.runImageName else {
            throw Failure(
                .rebaseFailed, "the image \(request.name) does not say which run image it uses",
                advice: "name the new one with --run-image")
        }
        let known = RunImageName(name)
        if known.isOfMachine { return nil }
        guard !known.isOfFile else {
            throw Failure(
                .rebaseFailed, "the run image of \(request.name) was a file, \(name), and the image does not say where",
                advice: "name it, or a newer one, with --run-image")
        }
        if let place = try? ImagePlace(name) { return place }
        let reference = try Reference(name)
        // The ID of an engine's image has no repository.
        let isOfEngine = metadata.runImage.map { $0.reference.hasPrefix("sha256:") } ?? false
        return isOfEngine ? .engine(reference) : .registry(reference)
    }

    private func store(_ result: Result, _ parts: [Part], _ request: RebaseRequest) async throws -> HeldImage {
        let transaction = try services.store.begin()
        for part in parts { try await transaction.addLayers(of: part.app, from: request.blobs) }
        let names = [request.name] + request.tags
        if let images = result.images { return try await transaction.commit(images, as: names) }
        return try await transaction.commit(result.image, as: names)
    }

    private func write(
        _ result: Result, from blobs: any BlobSource, to places: [ImagePlace], _ request: RebaseRequest,
        _ report: inout RebaseReport
    ) async throws {
        for place in places {
            let destination = try await services.destination(place, request.name)
            let outcome =
                if let images = result.images {
                    try await destination.write(images, from: blobs, progress: nil)
                } else {
                    try await destination.write(result.image, from: blobs, progress: nil)
                }
            if place == request.place { report.digest = outcome.manifestDigest }
            report.places.append(place.description)
            if case .registry(let name) = place { report.pushed.append(.init(name, outcome)) }
        }
    }

    /// - Returns: the engine's names of the image, and why no engine got it.
    private func load(_ image: HeldImage, _ request: RebaseRequest) async throws -> ([String], notLoaded: Diagnostic?) {
        guard request.usesEngine else { return ([], nil) }
        switch await services.engine() {
        case .unwanted: return ([], nil)
        case .silent(let failure, let isNamed):
            return ([], Diagnostic(isNamed ? .error : .note, failure.message, advice: failure.advice))
        case .answers(let engine):
            var places: [String] = []
            for name in [request.name] + request.tags {
                try await engine.destination(name).write(image.image, from: image, progress: nil)
                places.append("docker-daemon:\(name)")
            }
            return (places, nil)
        }
    }
}

/// The layers of the new run images from where they are, and all others from where the images are.
private struct RebasedBlobs: BlobSource {
    let parts: [Rebaser.Part]
    let store: ImageStore
    let app: any BlobSource

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        let part = parts.first { $0.runImage.image.layers.contains { $0.descriptor.digest == descriptor.digest } }
        return try await (part.map { $0.base ?? store } ?? app).blob(descriptor)
    }
}

extension Image {
    /// Whether a process of the image may need bash: its run image has it, or its label tells of a shell.
    fileprivate var needsBash: Bool {
        configuration.config.labels[RunImageLabel.tools] != nil
            || configuration.config.labels["io.buildpacks.build.metadata"]?.contains("\"direct\":false") ?? false
    }
}
