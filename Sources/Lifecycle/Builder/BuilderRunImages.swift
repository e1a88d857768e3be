import Diagnostics
import OCIImage

/// The run image of a build that a builder names: the one that is nearest to where the image goes.
struct BuilderRunImages {
    let builder: PlatformServices.Builder
    let request: BuildRequest

    /// A run image as it is named, and a place where it can be had.
    typealias Candidate = (named: PlatformServices.Builder.NamedRunImage, place: ImagePlace)

    /// The places to look at, in order: those on a registry that the image goes to come first.
    /// - Throws: `Failure` for a builder that names none.
    func candidates() throws -> [Candidate] {
        guard let named = builder.runImages.first else {
            throw Failure(
                .analysisFailed, "the builder \(builder.place) names no run image",
                advice: "name one that fits it: --run-image")
        }
        return candidates(for: named)
    }

    /// The places of an image that an extension names, by the mirrors that the builder knows for it.
    func candidates(for name: Reference) -> [Candidate] {
        candidates(for: builder.runImages.first { $0.image == name } ?? .init(image: name, mirrors: []))
    }

    private func candidates(for named: PlatformServices.Builder.NamedRunImage) -> [Candidate] {
        let names = [named.image] + named.mirrors
        let near = names.filter { registries.contains(Self.registry(of: $0)) }
        let far = names.filter { !registries.contains(Self.registry(of: $0)) }
        return (near + far).map { (named, .store($0)) }
    }

    /// What is said when none of them can be read.
    func failure(after refusals: [Failure]) -> Failure {
        guard let first = refusals.first else { return Failure(.analysisFailed, "no run image") }
        guard refusals.count > 1 else { return first }
        return Failure(
            .analysisFailed,
            "none of the builder's run images can be used: \(refusals.map(\.message).joined(separator: "; "))",
            advice: first.advice ?? "name another one: --run-image")
    }

    /// The registries that the image goes to.
    private var registries: Set<String> {
        let outputs = request.outputs.compactMap { if case .registry(let name) = $0 { name } else { nil } }
        return Set((outputs + [request.image]).map(Self.registry))
    }

    private static func registry(of name: Reference) -> String {
        String(name.fullRepository.prefix { $0 != "/" })
    }
}
