import MixInspection
import SystemPackage

/// What a build cannot do without and does not have: mixpack asks for it before a phase starts.
enum MissingPart: Sendable {
    /// The folder is a child of the umbrella in this folder, and only the umbrella can be built.
    case umbrella(child: String, root: FilePath)
    /// These dependencies are outside of what is copied, and this folder has all.
    case context([String], folder: FilePath)
    /// mix.exs of an umbrella has no releases.
    case releases
    /// The image has no name.
    case image
    /// There are several releases, and none is chosen.
    case release([String])
    /// The configuration reads a variable while the project is built.
    case variable(ProjectVariable)
    /// There is no sandbox, and the user has not said that the project may run without one.
    case trust

    /// All that is missing, in the order in which it is asked for.
    static func all(
        release: ReleaseState, secrets: SecretsState, inspection: ProjectInspection?
    ) -> [MissingPart] {
        var parts: [MissingPart] = []
        if inspection?.needsTrust == true { parts.append(.trust) }
        if let project = release.project {
            if project.kind == .umbrellaChild, let root = project.umbrellaRoot {
                let path = (inspection?.path ?? release.path ?? ".").pushing(FilePath(root)).lexicallyNormalized()
                return [.umbrella(child: project.app ?? "this folder", root: path)]
            }
            if let folder = project.proposedContext {
                parts.append(.context(project.outsideNames, folder: FilePath(folder)))
            }
            if project.kind == .umbrella, project.evidence == .evaluated, release.releases.isEmpty {
                return parts + [.releases]
            }
        }
        if release.image.isEmpty { parts.append(.image) }
        if release.releases.count > 1, release.chosen == nil { parts.append(.release(release.releases.map(\.name))) }
        return parts + secrets.unset(for: release).map(MissingPart.variable)
    }

    /// What the command line needs besides, in a line.
    var need: String {
        switch self {
        case .umbrella(let child, let root): "--path \(root): \(child) is a child of an umbrella"
        case .context(let names, let folder): "--context \(folder): \(Self.outside(names))"
        case .releases: "releases in mix.exs: --write-releases writes them, or W here"
        case .image: "a name for the image"
        case .release(let names): "--release NAME: \(names.joined(separator: ", "))"
        case .variable(let variable):
            "-e \(variable.name)=VALUE: the build reads it (\(variable.file):\(variable.line))"
        case .trust: "--trust-project: there is no sandbox here"
        }
    }

    static func outside(_ names: [String]) -> String {
        "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") outside the project"
    }

    /// Why nothing was built, if the user does not answer.
    var refusal: String {
        switch self {
        case .umbrella(let child, _): "not built: \(child) is a child of an umbrella"
        case .context(let names, _): "not built: \(Self.outside(names))"
        case .releases: "not built: mix.exs has no releases"
        case .image: "not built: the image has no name"
        case .release: "not built: no release is chosen"
        case .variable(let variable): "not built: \(variable.name) is not set"
        case .trust: "not built: there is no sandbox, and the project is not trusted"
        }
    }
}

extension SecretsState {
    /// The variables without which the configuration of a release cannot be read while it is built.
    fileprivate func unset(for release: ReleaseState) -> [ProjectVariable] {
        guard let project = release.project, project.evidence == .evaluated else { return [] }
        let chosen = release.releases.first { $0.name == release.chosen }
        let variables = chosen.map { project.variables(of: $0) } ?? project.variables
        var names = Set(rows.filter { $0.identity.phase == .build && $0.value != nil }.map(\.name))
        return variables.filter { variable in
            variable.phase == .build && variable.need == .required
                && variable.file.hasSuffix(".exs") && names.insert(variable.name).inserted
        }
    }
}
