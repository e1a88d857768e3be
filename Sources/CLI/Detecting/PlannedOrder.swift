import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// The buildpacks of a build in order, as far as that can be said before it.
struct PlannedOrder {
    /// One buildpack.
    struct Entry {
        var id: String
        /// Its version; empty where it is not known yet.
        var version: String
        /// Where it comes from; `nil` is mixpack itself.
        var source: String?
        /// Why no build can use it, where that is known.
        var failure: Failure?
    }

    /// The buildpacks.
    let entries: [Entry]

    /// Works the order out from what flags and project.toml say; without either it is the built-in order.
    init(
        _ descriptor: ProjectDescriptor?, given: [BuildpackChoice] = [], builder: ImagePlace? = nil, wiring: Wiring
    ) {
        let own =
            builder.map { [Entry(id: "order", version: "", source: "of the builder \($0)")] }
            ?? wiring.buildpackNames.map { Entry(id: $0, version: ProgramVersion.text) }
        let middle = given.isEmpty ? descriptor?.buildpacks ?? [] : given
        let choices =
            (descriptor?.firstBuildpacks ?? []) + (middle.isEmpty ? [.builder] : middle)
            + (descriptor?.lastBuildpacks ?? [])
        entries = choices.flatMap { Self.entries(of: $0, own, wiring) }
    }

    /// Whether a request names buildpacks of others.
    static func hasOthers(_ request: BuildRequest, _ wiring: Wiring) -> Bool {
        request.builder != nil
            || (request.firstBuildpacks + request.buildpacks + request.lastBuildpacks).contains { choice in
                switch choice {
                case .builder, .own: false
                case .named(let reference): !wiring.buildpacks.all.contains { $0.id == reference.id }
                case .folder, .archive, .image, .script: true
                }
            }
    }

    private static func entries(of choice: BuildpackChoice, _ own: [Entry], _ wiring: Wiring) -> [Entry] {
        switch choice {
        case .builder: return own
        case .own: return wiring.buildpackNames.map { Entry(id: $0, version: ProgramVersion.text) }
        case .folder(let path):
            do {
                let found = try DirectoryBuildpack(path, runner: wiring.runner).descriptor
                return [Entry(id: found.id, version: found.version, source: "in \(path)")]
            } catch {
                let failure = error as? Failure ?? Failure(.cannotPlan, "\(error)")
                return [Entry(id: path.string, version: "", source: failure.message, failure: failure)]
            }
        case .named(let reference):
            guard let known = wiring.buildpacks.all.first(where: { $0.id == reference.id }) else {
                return [Entry(id: reference.id, version: reference.version ?? "", source: "of that name")]
            }
            return known.order.isEmpty ? own.filter { $0.id == known.id } : own
        case .archive(let name): return [Entry(id: name, version: "", source: "a tar")]
        case .image(let place): return [Entry(id: place.description, version: "", source: "a buildpackage")]
        case .script(let script): return [Entry(id: script.id, version: script.version, source: "a script")]
        }
    }
}
