import Diagnostics
import OCIImage

/// Rebases an image for a platform that started `rebaser`.
package struct PlatformRebaser: Sendable {
    private let call: RebaserCall
    private let services: PlatformServices

    package init(_ call: RebaserCall, services: PlatformServices) {
        self.call = call
        self.services = services
    }

    /// Rebases the image and writes report.toml.
    /// - Throws: `Failure`.
    package func run(notice: @escaping @Sendable (String) -> Void) async throws -> RebaseReport {
        let first = call.images[0]
        let source = place(call.previousImage ?? first)
        guard let (image, blobs) = try await services.existing(source) else {
            throw Failure(.rebaseFailed, "there is no image \(source)", advice: "build it first")
        }
        var request = RebaseRequest(name: first, image: image, blobs: blobs)
        request.place = place(first)
        request.outputs = call.images.dropFirst().map(place)
        request.usesEngine = false
        request.forces = call.forces
        request.runImage = place(try await runImage(of: image))
        let report = try await Rebaser(services: services).rebase(request, notice: notice)
        let isAsPushed = !call.usesDaemon && report.image.digest == report.digest
        let file = PhaseFiles.Report(
            tags: call.images.map(\.description), digest: call.usesDaemon ? nil : "\(report.digest)",
            manifestSize: isAsPushed ? Int64(report.image.manifestBytes.count) : nil,
            imageID: call.usesDaemon ? "\(report.image.id)" : nil)
        try PhaseFiles.write(PhaseFiles.report(file), to: call.report)
        return report
    }

    /// The new run image: the one that is named, else the image's own, by the name that is nearest to the output.
    private func runImage(of image: Image) async throws -> Reference {
        if let named = call.runImage { return named }
        let metadata = LifecycleMetadata(of: image)
        guard let name = metadata.runImageName else {
            throw Failure(
                .rebaseFailed, "the image does not say which run image it uses", advice: "name one with -run-image")
        }
        let mirrors = metadata.runImage?.mirrors ?? metadata.stack?.runImage.mirrors ?? []
        let names = RunImageFile(images: [.init(image: name, mirrors: mirrors)]).candidates(for: call.images[0])
        guard let first = names.first else {
            throw Failure(.rebaseFailed, "the image's run image has no name that can be read: \(name)")
        }
        return names.count == 1 || call.usesDaemon ? first : try await names.firstReadable(services)
    }

    private func place(_ name: Reference) -> ImagePlace { call.usesDaemon ? .engine(name) : .registry(name) }
}
