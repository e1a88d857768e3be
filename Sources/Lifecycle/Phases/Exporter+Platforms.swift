import BuildpackAPI
import Diagnostics
import LayerArchive
import OCIImage
import Text

/// The image of one platform, and what it was put together from.
struct PlatformImage {
    let image: Image
    let runImage: PlatformServices.RunImage
    let layers: WrittenLayers
}

/// The images of the platforms that are asked for, from what was built once on this machine.
///
/// Layers without native code are those of this machine's image, byte for byte.
struct PlatformImages {
    let request: BuildRequest
    let services: PlatformServices
    let built: BuiltLayers
    let transaction: StoreTransaction
    let cache: ProjectCache
    let form: ImageForm
    /// The secrets whose values are in the layers.
    let secretNames: Set<String>
    let emit: EventEmitter

    /// Makes them, in the order that was asked for; this machine's image alone where nothing was.
    /// - Throws: `Failure` that names what has no counterpart for another processor.
    func all(from own: PlatformImage) async throws -> [PlatformImage] {
        var images: [PlatformImage] = []
        for platform in request.platforms {
            images.append(platform.isThisMachine ? own : try await image(for: platform, from: own))
        }
        return images.isEmpty ? [own] : images
    }

    private func image(for platform: Platform, from own: PlatformImage) async throws -> PlatformImage {
        try Task.checkCancellation()
        let programs = ProcessPrograms(built: built, layers: services.form.layers)
        let parts: PlatformServices.ForeignParts
        do {
            parts = try await services.foreign(
                PlatformServices.ForeignRequest(
                    platform: platform, runImage: own.runImage, project: request.project,
                    variables: request.variableValues,
                    needs: .init(layers: built.launchFolders, programs: programs.files),
                    folder: cache.foreignLayers(for: platform))
            ) { emit(.notice($0)) }
        } catch let error as Failure {
            throw error.failing("no image for \(platform)", as: .exportFailed)
        }
        try check(parts, platform)
        var runImage = parts.runImage
        // A builder's own name for it leads to all platforms.
        if runImage.place == own.runImage.place { runImage.named = own.runImage.named }
        let layers = try await layers(parts, own.layers)
        let image = try ImageAssembly(
            runImage: runImage, built: built, layers: layers, services: services, request: request,
            secretNames: secretNames
        ).image()
        tell(image, platform, own.image)
        return PlatformImage(image: image, runImage: runImage, layers: layers)
    }

    private func check(_ parts: PlatformServices.ForeignParts, _ platform: Platform) throws(Failure) {
        parts.problems.forEach { emit(.diagnostic($0)) }
        guard let first = parts.problems.first(where: { $0.severity == .error }) else { return }
        throw Failure(
            .exportFailed, "the release does not fit the run image for \(platform): \(first.text)",
            advice: first.advice)
    }

    /// This machine's layers, with others in place of those that have native code.
    private func layers(_ parts: PlatformServices.ForeignParts, _ own: WrittenLayers) async throws -> WrittenLayers {
        var layers = own
        layers.launcher.layer = try await transaction.addLayer(.launcher(parts.launcher)).layer
        layers.launcher.summary.diffID = layers.launcher.layer.diffID
        for index in layers.launch.indices {
            guard case .folder(let folder) = layers.launch[index].source, let other = parts.layers[folder],
                let buildpack = layers.launch[index].summary.buildpack
            else { continue }
            let isExternal = built.parts.first { $0.buildpack.id == buildpack }?.isExternal ?? false
            let contents = LayerContents.layer(
                other, buildpack: buildpack, name: layers.launch[index].summary.name, isExternal: isExternal, form)
            let (layer, content, _) = try await transaction.addLayer(contents, expecting: nil)
            layers.launch[index].layer = layer
            layers.launch[index].summary.diffID = layer.diffID
            layers.launch[index].summary.size = content.bytes
        }
        return layers
    }

    private func tell(_ image: Image, _ platform: Platform, _ own: Image) {
        let shared = Set(own.layers.map(\.diffID))
        let others = image.layers.filter { !shared.contains($0.diffID) }
        let bytes = others.reduce(0) { $0 + $1.descriptor.size }
        emit(
            .notice(
                "image for \(platform): \(image.layers.count - others.count) of \(image.layers.count) layers are those of "
                    + "\(own.configuration.platform), \(Amount.bytes(bytes)) are its own"))
    }
}
