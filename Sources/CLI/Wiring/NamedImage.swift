import Diagnostics
import ImageTransports
import OCIImage

/// An image that an option names: a place, or a name alone.
enum NamedImage {
    private static let kinds = ["oci:", "oci-archive:", "docker-archive:", "docker-daemon:", "docker://"]

    /// Reads one; a name alone is one of the image store until it is looked for (`Wiring.located`).
    /// - Throws: `Failure` that names the kinds of place there are.
    static func place(_ text: String) throws(Failure) -> ImagePlace {
        guard !kinds.contains(where: text.hasPrefix) else { return try ImagePlace(text) }
        do {
            return .store(try Reference(text))
        } catch {
            throw Failure(
                .malformed, "neither an image's name nor a place: \(error.message)",
                advice: "give a name such as debian:12, or oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, "
                    + "docker-daemon:NAME:TAG or docker://REF")
        }
    }
}

extension Wiring {
    /// Where an image is that has only a name: in the image store, else in the engine, else in its registry.
    ///
    /// The registry is named in full before it is asked. Any other place stays as it is.
    func located(_ place: ImagePlace, _ notice: (String) -> Void) async -> ImagePlace {
        guard case .store(let name) = place else { return place }
        if (try? store.image(for: name)) != nil { return place }
        var lacking = ["the image store"]
        switch await EngineSearch(machine: machine).find() {
        case .found(let found):
            if (try? await found.engine.imageID(of: name.description)) != nil { return .engine(name) }
            lacking.append(found.version.name)
        case .silent(let silence):
            if silence.isNamed { notice("warning: \(silence.failure.message)") }
        }
        let who = lacking.joined(separator: " nor ")
        let words = lacking.count == 1 ? "\(who) does not have" : "neither \(who) has"
        notice("\(words) \(name); asking its registry for \(name.engineName)")
        return .registry(name)
    }
}
