import BuildpackAPI
import Diagnostics
import LayerArchive
import OCIImage
import SystemPackage
import Text

/// The image of one platform, and what it was put together from.
struct PlatformImage {
    let image: Image
    let runImage: PlatformServices.RunImage
    let layers: WrittenLayers
    /// The layers that this machine's image does not have.
    var others: [LayerSummary] = []
    /// The folders in place of this machine's that the layers were made from.
    var folders: [FilePath: FilePath] = [:]
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
                    toolchainImage: request.toolchainImage,
                    contextPath: request.selection.context?.path ?? "", variables: request.variableValues,
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
        let layers = try await layers(parts, own.layers, platform)
        let image = try ImageAssembly(
            runImage: runImage, built: built, layers: layers, services: services, request: request,
            secretNames: secretNames
        ).image()
        tell(image, platform, own.image)
        let others = ofRunImage(runImage, own.image, platform) + layers.all.map(\.summary).filter { $0.platform != nil }
        return PlatformImage(image: image, runImage: runImage, layers: layers, others: others, folders: parts.layers)
    }

    /// The layers of the run image that this machine's does not have.
    private func ofRunImage(
        _ runImage: PlatformServices.RunImage, _ own: Image, _ platform: Platform
    ) -> [LayerSummary] {
        let shared = Set(own.layers.map(\.diffID))
        return runImage.image.layers.enumerated().filter { !shared.contains($0.element.diffID) }.map { index, layer in
            var summary = LayerSummary(
                buildpack: nil, name: ImageOrigins.name(ofRunImageLayer: index, in: runImage.image), types: [],
                size: layer.descriptor.size, diffID: layer.diffID, reason: runImage.place.description)
            summary.platform = platform.description
            emit(.layer(.reused, summary))
            return summary
        }
    }

    private func check(_ parts: PlatformServices.ForeignParts, _ platform: Platform) throws(Failure) {
        parts.problems.forEach { emit(.diagnostic($0)) }
        guard let first = parts.problems.first(where: { $0.severity == .error }) else { return }
        throw Failure(
            .exportFailed, "the release does not fit the run image for \(platform): \(first.text)",
            advice: first.advice)
    }

    /// This machine's layers, with others in place of those that have native code.
    private func layers(
        _ parts: PlatformServices.ForeignParts, _ own: WrittenLayers, _ platform: Platform
    ) async throws -> WrittenLayers {
        var layers = own
        try await replace(&layers.launcher, by: .launcher(parts.launcher), platform)
        for index in layers.launch.indices {
            guard case .folder(let folder) = layers.launch[index].source, let other = parts.layers[folder],
                let buildpack = layers.launch[index].summary.buildpack
            else { continue }
            let isExternal = built.parts.first { $0.buildpack.id == buildpack }?.isExternal ?? false
            let contents = LayerContents.layer(
                other, buildpack: buildpack, name: layers.launch[index].summary.name, isExternal: isExternal, form)
            try await replace(&layers.launch[index], by: contents, platform)
        }
        return layers
    }

    private func replace(_ layer: inout WrittenLayer, by contents: LayerContents, _ platform: Platform) async throws {
        let (written, content, wasThere) = try await transaction.addLayer(contents, expecting: nil)
        layer.layer = written
        layer.summary.diffID = written.diffID
        layer.summary.size = content.bytes
        layer.summary.files = content.files
        layer.summary.reason = nil
        layer.summary.directory = nil
        layer.summary.platform = platform.description
        emit(.layer(wasThere ? .reused : .exported, layer.summary))
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
