import Lifecycle
import OCIImage
import SystemPackage

extension ReleaseState {
    /// The build that the choices ask for.
    /// - Throws: `ConsoleFailure` that names what is missing or wrong.
    func request(
        project: FilePath, variables: [PlatformVariable], withheld: [PlatformVariable] = []
    ) throws(ConsoleFailure) -> BuildRequest {
        do {
            guard !image.isEmpty else {
                throw ConsoleFailure("the image has no name", advice: "give it one on Release")
            }
            var request = try base ?? BuildRequest(image: Reference(image), project: project)
            request.image = try Reference(image)
            request.project = project
            request.variables = []
            if let chosen, needsReleaseVariable {
                request.variables.append(PlatformVariable(name: "RELEASE", value: chosen, isSecret: false))
            }
            if debug { request.variables.append(PlatformVariable(name: "DEBUG", value: "1", isSecret: false)) }
            if let distribution, distribution != usualProfile {
                request.variables.append(
                    PlatformVariable(name: Self.distributionVariable, value: distribution, isSecret: false))
            }
            let own: Set<String> = ["RELEASE", "DEBUG", Self.distributionVariable]
            request.variables += variables.filter { !own.contains($0.name) }
            request.withheldSecrets = withheld
            request.runImage = try runImage.map { try ReleaseState.runImage($0) }
            request.tags = try tags.map { try Reference($0) }
            request.outputs = try outputs.map { try ImagePlace($0) }
            request.usesEngine = usesEngine
            request.triesStart = triesStart
            request.clearsCache = clearsCache
            request.forbidsSecrets = forbidsSecrets
            request.allowedSecrets = allowedSecrets
            request.selection.openedPaths = openedPaths
            return request
        } catch {
            throw ConsoleFailure(error)
        }
    }

    /// A release that Mix makes up from `:app` is built by not naming one.
    private var needsReleaseVariable: Bool {
        guard let release = releases.first(where: { $0.name == chosen }) else { return true }
        return release.isDefined && !(releases.count == 1)
    }

    /// A run image: a place, or a name that a registry knows.
    static func runImage(_ text: String) throws -> ImagePlace {
        if let place = try? ImagePlace(text) { return place }
        return .registry(try Reference(text))
    }

    /// What is wrong with a field's text; `nil` where it can be taken.
    static func problem(with text: String, for purpose: Prompt.Purpose) -> String? {
        let words = text.split { $0 == " " || $0 == "," }.map(String.init)
        do {
            switch purpose {
            case .image: _ = try Reference(text)
            case .tags: for word in words { _ = try Reference(word) }
            case .outputs: for word in words { _ = try ImagePlace(word) }
            case .runImage where !text.isEmpty: _ = try runImage(text)
            default: break
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
