import Diagnostics
import OCIImage

/// Chooses the run image of a call of `creator`: the one that is named, else the builder's, by the name that can be read and is
/// nearest to the output.
struct RunImageChoice {
    let call: CreatorCall
    let services: PlatformServices

    struct Chosen {
        var place: ImagePlace
        /// What the image's labels call it; `nil` is by its place.
        var names: (image: String, mirrors: [String])?
    }

    func choose() async throws -> Chosen {
        let file = try PhaseFiles.table(of: call.runImages).map { try RunImageFile($0) } ?? RunImageFile(images: [])
        let chosen = try await name(file)
        let entry = file.entry(of: chosen)
        return Chosen(place: call.place(chosen), names: entry.map { ($0.image, $0.mirrors) })
    }

    private func name(_ file: RunImageFile) async throws -> Reference {
        if let named = call.runImage { return named }
        let candidates = file.candidates(for: call.images[0])
        guard let first = candidates.first else {
            throw Failure(
                .usage, "-run-image is required when there is no run metadata available",
                advice: "\(call.runImages) names no run image")
        }
        // An engine pulls nothing here, so there is nothing to choose by.
        guard !call.usesDaemon else { return first }
        return try await candidates.firstReadable(services)
    }
}

extension [Reference] {
    /// The first that a registry has and gives.
    /// - Throws: `Failure` of code `analysisFailed` with what the last one said.
    func firstReadable(_ services: PlatformServices) async throws -> Reference {
        var last: Failure?
        for name in self {
            do {
                if try await services.existing(.registry(name)) != nil { return name }
            } catch let error as Failure {
                last = error
            }
        }
        let names = map(\.description).joined(separator: ", ")
        throw Failure(
            .analysisFailed, "failed to find accessible run image: \(last?.message ?? "there is no \(names)")",
            advice: last?.advice ?? "push it, or name another one with -run-image")
    }
}
