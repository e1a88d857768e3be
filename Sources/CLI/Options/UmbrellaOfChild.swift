import Diagnostics
import Lifecycle
import MixInspection
import SystemPackage

/// The umbrella that a build makes if it is started in the folder of a child: with the release that contains the child.
struct UmbrellaOfChild {
    let child: FilePath
    let root: FilePath
    let wiring: Wiring

    /// - Returns: `nil` for a folder that is not a child's, or whose context is named.
    init?(_ project: FilePath, wiring: Wiring) throws(Failure) {
        guard try wiring.contexts.context(of: project) == nil, let root = MixInspector.umbrella(of: project) else {
            return nil
        }
        self.child = project
        self.root = root
        self.wiring = wiring
    }

    private var name: String { (try? MixInspector.staticLook(child))?.app ?? child.lastComponent?.string ?? "" }

    /// Leads a request to the umbrella.
    /// - Returns: what is built, for the user.
    /// - Throws: `Failure` if no release, or none above others, has the child in it.
    func take(_ request: inout BuildRequest) async throws(Failure) -> String {
        let alone = "--child builds \(name) alone"
        request.project = root
        guard request.release == nil else {
            return "\(name) is a child of the umbrella \(root), which is built; \(alone)"
        }
        let detection = await Detection.make(root, release: nil, wiring: wiring)
        guard let umbrella = detection.project, umbrella.releases.contains(where: \.isDefined) else {
            // The build says what is wrong with the umbrella.
            return "\(name) is a child of the umbrella \(root), which is built; \(alone)"
        }
        if let release = umbrella.preferredRelease(with: name) {
            request.release = release.name
            return "\(name) is a child of the umbrella \(root): building its release \(release.name); \(alone)"
        }
        let names = umbrella.releases(with: name).map(\.name)
        guard names.isEmpty else {
            throw Failure(
                .ambiguousRelease,
                "\(name) is in several releases of the umbrella \(root): \(names.joined(separator: ", "))",
                advice: "name one with --release; \(alone)", choices: names)
        }
        throw Failure(.cannotPlan, "no release of the umbrella \(root) has \(name) in it", advice: alone)
    }
}
