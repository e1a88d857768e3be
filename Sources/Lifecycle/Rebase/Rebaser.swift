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
        let metadata = LifecycleMetadata(of: request.image)
        var runImage = try await services.runImage(
            .init(
                place: try place(request, metadata), needsBash: request.image.needsBash,
                libraries: request.image.moreLibraries, programs: request.image.runPrograms), notice)
        if let whole = runImage.whole { runImage.image = try await whole(notice) }
        let problems = RebaseCheck(app: request.image, metadata: metadata, runImage: runImage).problems()
        guard problems.isEmpty || request.forces else {
            throw Failure(
                .rebaseFailed, problems.joined(separator: "; "),
                advice: "give --force to rebase it anyway, or build the image again")
        }
        let image = try RebasedImage(
            app: request.image, metadata: metadata, runImage: runImage, isForced: !problems.isEmpty
        ).image()
        let held = try await store(image, request)
        let (outputs, pushed) = try await write(held, request)
        let (engines, notLoaded) = try await load(held, request)
        return RebaseReport(
            image: image, runImage: runImage.place.description,
            keptLayers: image.layers.count - runImage.image.layers.count, warnings: problems,
            isUnchanged: image.digest == request.image.digest, places: outputs + engines, pushed: pushed,
            notLoaded: notLoaded)
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

    private func store(_ image: Image, _ request: RebaseRequest) async throws -> HeldImage {
        let transaction = try services.store.begin()
        try await transaction.addLayers(of: request.image, from: request.blobs)
        return try await transaction.commit(image, as: [request.name] + request.tags)
    }

    /// - Returns: where the image stands now, and what the registries have.
    private func write(
        _ image: HeldImage, _ request: RebaseRequest
    ) async throws -> (places: [String], pushed: [BuildReport.Pushed]) {
        var places = ["oci:\(services.store.layout(of: request.name).path)"]
        var pushed: [BuildReport.Pushed] = []
        for place in request.outputs {
            let outcome = try await services.destination(place, request.name)
                .write(image.image, from: image, progress: nil)
            places.append(place.description)
            if case .registry(let name) = place { pushed.append(.init(name, outcome)) }
        }
        return (places, pushed)
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

extension Image {
    /// The programs that its run image was asked to have.
    fileprivate var runPrograms: [String] {
        let label = configuration.config.labels["io.mixpack.run-image.programs"] ?? ""
        return label.split(separator: ",").map(String.init)
    }

    /// The libraries that its run image has besides the usual ones.
    fileprivate var moreLibraries: [String] {
        let label = configuration.config.labels["io.mixpack.run-image.libraries"] ?? ""
        return label.split(separator: ",").map(String.init)
    }

    /// Whether a process of the image may need bash: its run image has it, or its label tells of a shell.
    fileprivate var needsBash: Bool {
        configuration.config.labels["io.mixpack.run-image.tools"] != nil
            || configuration.config.labels["io.buildpacks.build.metadata"]?.contains("\"direct\":false") ?? false
    }
}
