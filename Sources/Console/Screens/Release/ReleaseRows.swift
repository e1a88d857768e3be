import MixInspection
import TerminalUI

/// What the panes of the Release screen say.
enum ReleaseRows {
    /// The releases, with the applications of each.
    static func releases(_ state: ReleaseState, project: MixProject?) -> [PaneRow] {
        guard !state.releases.isEmpty else { return none(project) }
        return state.releases.map { release in
            let isChosen = release.name == state.chosen
            var line = StyledLine(isChosen ? "(x) " : "( ) ", isChosen ? .stateOK : .textDim).adding(
                release.name, .textStrong)
            if let version = release.version { line.append(" \(version)", .number) }
            if release.name == state.defaultRelease { line.append("  default", .textDim) }
            if !release.isDefined { line.append("  made up by Mix from :app", .textDim) }
            return PaneRow(line)
        }
    }

    private static func none(_ project: MixProject?) -> [PaneRow] {
        guard let project, project.kind == .umbrella else {
            return [PaneRow(StyledLine("no release known yet", .textDim))]
        }
        let advice = [
            "An umbrella needs its releases in mix.exs.",
            "Paste this into `project` of the root's mix.exs; `y` copies it, `W` writes it there:", "",
        ]
        return advice.map { PaneRow(StyledLine($0, .stateWarning)) }
            + snippet(for: project).split(separator: "\n").map { PaneRow(StyledLine(String($0), .code)) }
    }

    /// A `releases:` entry that fits the umbrella's children.
    static func snippet(for project: MixProject) -> String { ReleaseSnippet(project).text }

    /// The project's applications in a release with their versions, and others that the release names; each with the
    /// mode in which it is started.
    static func applications(of release: MixRelease?, in project: MixProject?) -> [StyledLine] {
        guard let release, let project else { return [] }
        let own = ownApplications(of: release, in: project)
        let modes = Dictionary(release.applications.map { ($0.name, $0.mode) }, uniquingKeysWith: { $1 })
        let others = release.applications.filter { other in !own.contains { $0.name == other.name } }
        return own.map { app in
            let version = app.version.map { " \($0)" } ?? ""
            return StyledLine(app.name).adding(version, .number).adding("  \(modes[app.name] ?? app.mode)", .textDim)
        } + others.map { StyledLine($0.name).adding("  \($0.mode)", .textDim) }
            + [StyledLine("and the dependencies of these", .textDim)]
    }

    /// With the mode that Mix gives an application that the release does not name.
    private static func ownApplications(
        of release: MixRelease, in project: MixProject
    ) -> [(name: String, version: String?, mode: String)] {
        guard project.kind == .umbrella else {
            return project.app.map { [($0, project.version, "permanent")] } ?? []
        }
        return project.children(of: release).map { ($0.name, $0.version, "permanent, as a dependency") }
    }

    /// The form: image name, destination, tags, run image.
    static func form(_ state: ReleaseState, engine: String?) -> [PaneRow] {
        ReleaseState.Field.allCases.map { field in
            let line = StyledLine(field.title.padded(to: 18), .textDim)
            return PaneRow(line + value(of: field, state, engine: engine))
        }
    }

    private static func value(of field: ReleaseState.Field, _ state: ReleaseState, engine: String?) -> StyledLine {
        switch field {
        case .image:
            state.image.isEmpty
                ? StyledLine("Enter gives it a name", .fieldPlaceholder) : StyledLine(state.image, .textStrong)
        case .engine: StyledLine(mark(state.usesEngine)).adding(engine.map { "  \($0)" } ?? "  none answers", .textDim)
        case .outputs:
            list(
                state.outputs,
                placeholder: "image store only; oci:DIR, oci-archive:FILE, docker-archive:FILE, docker://REF")
        case .tags: list(state.tags, placeholder: "none")
        case .runImage: state.runImage.map { StyledLine($0) } ?? StyledLine("made from this machine", .fieldPlaceholder)
        case .distribution: distribution(state.distribution ?? state.usualProfile)
        case .tryStart: StyledLine(mark(state.triesStart)).adding("  once, with made-up values", .textDim)
        case .clearCache: StyledLine(mark(state.clearsCache))
        case .debug: StyledLine(mark(state.debug))
        }
    }

    private static func distribution(_ profile: String) -> StyledLine {
        let meaning: String =
            switch profile {
            case "none": "no port, no remote shell"
            case "cluster": "port 9100, for nodes with the same cookie"
            default: "remote shell from inside the container only"
            }
        return StyledLine(profile).adding("  \(meaning)", .textDim)
    }

    private static func mark(_ isOn: Bool) -> String { isOn ? "[x]" : "[ ]" }

    private static func list(_ values: [String], placeholder: String) -> StyledLine {
        values.isEmpty ? StyledLine(placeholder, .fieldPlaceholder) : StyledLine(values.joined(separator: ", "))
    }
}
