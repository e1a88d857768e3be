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
        try await store(image, request)
        let (places, notLoaded) = try await deliver(image, request)
        return RebaseReport(
            image: image, runImage: runImage.name,
            keptLayers: image.layers.count - runImage.image.layers.count, warnings: problems,
            isUnchanged: image.digest == request.image.digest, places: places, notLoaded: notLoaded)
    }

    /// The run image that is asked for, else the one that the image names; `nil` is the machine's.
    private func place(_ request: RebaseRequest, _ metadata: LifecycleMetadata) throws -> ImagePlace? {
        if let place = request.runImage { return place }
        guard let name = metadata.runImageName else {
            throw Failure(
                .rebaseFailed, "the image \(request.name) does not say which run image it uses",
                advice: "name the new one with --run-image")
        }
        if RunImageName(name).isOfMachine { return nil }
        if let place = try? ImagePlace(name) { return place }
        return .registry(try Reference(name))
    }

    private func store(_ image: Image, _ request: RebaseRequest) async throws {
        let transaction = try services.store.begin()
        try await transaction.addLayers(of: request.image, from: request.blobs)
        try await transaction.commit(image, as: [request.name] + request.tags)
    }

    /// - Returns: where the image stands, and why no engine got it.
    private func deliver(_ image: Image, _ request: RebaseRequest) async throws -> ([String], notLoaded: Diagnostic?) {
        var places = ["oci:\(services.store.layout(of: request.name).path)"]
        for place in request.outputs {
            try await services.destination(place, request.name).write(image, from: services.store, progress: nil)
            places.append(place.description)
        }
        guard request.usesEngine else { return (places, nil) }
        switch await services.engine() {
        case .unwanted: return (places, nil)
        case .silent(let failure, let isNamed):
            return (places, Diagnostic(isNamed ? .error : .note, failure.message, advice: failure.advice))
        case .answers(let engine):
            for name in [request.name] + request.tags {
                try await engine.destination(name).write(image, from: services.store, progress: nil)
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
