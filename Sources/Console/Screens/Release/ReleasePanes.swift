import Lifecycle
import MixInspection
import OCIImage
import TerminalUI

extension Screen {
    static let release: Screen = .init(
        number: 2, title: "Release", keys: .release, panes: [.releases, .form, .commandLine], firstPane: .releases,
        status: { ReleaseRows.status($0.release) }, next: { _ in Next(title: "Secrets", action: .app(.showSecrets)) },
        place: { _ in FilePlace(file: "mix.exs") }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked: return request.column([.releases, .form, .commandLine], in: body)
        case .two, .three:
            let width = kind == .two ? 46 : 72
            let (left, right) = body.split(left: width + request.growth(left: [.releases]))
            return request.column([.releases], in: left) + request.column([.form, .commandLine], in: right)
        }
    }
}

extension Pane {
    static let releases: Pane = .init(
        name: "releases", title: { _ in "Release" },
        content: ListContent(cursor: \.release.list) { ReleaseRows.releases($0.release) },
        height: { max(1, $0.release.releases.count) },
        choose: { $0.release.releases.isEmpty ? nil : .release(.chooseSelected) },
        copy: { state in
            guard state.release.releases.isEmpty else { return nil }
            let snippet = state.release.project.map { ReleaseRows.snippet(for: $0) + "\n" }
            return snippet.map { .app(.copy($0)) } ?? .release(.copyCommandLine)
        })

    static let form: Pane = .init(
        name: "form", title: { _ in "Image" },
        content: ListContent(cursor: \.release.form) { ReleaseRows.form($0.release) },
        height: { $0.release.fields.count },
        choose: { _ in .release(.changeSelected) })

    static let commandLine: Pane = .init(
        name: "commandLine", title: { _ in "The same from the command line" },
        content: TextContent { ReleaseRows.commandLine($0.release, width: $1) },
        height: { state in
            let width = max(20, (LayoutKind(state.size) == .stacked ? state.size.width : 60) - 4)
            return ReleaseRows.command(state.release, width: width).count
        },
        copy: { _ in .release(.copyCommandLine) })
}

/// What the panes of the Release screen say.
enum ReleaseRows {
    /// The releases, with the applications of each.
    static func releases(_ state: ReleaseState) -> [PaneRow] {
        guard !state.releases.isEmpty else { return none(state.project) }
        let chosen = state.chosen
        return state.releases.map { release in
            let isChosen = release.name == chosen
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

    /// What is not decided yet.
    static func status(_ state: ReleaseState) -> StyledLine {
        guard state.releases.count > 1, state.chosen == nil else { return StyledLine() }
        return StyledLine("\(state.releases.count) releases and no default: Space chooses one", .stateWarning)
    }

    /// The command line that asks for the same build, and what it needs besides.
    static func command(_ state: ReleaseState, width: Int) -> [StyledLine] {
        switch state.commandLine {
        case .success(let command):
            TextWrap.styled(command.text, width: width, .code)
                + command.needs.flatMap { TextWrap.styled($0, width: width, .stateWarning) }
        case .failure(let failure): TextWrap.styled("\(failure)", width: width, .stateWarning)
        }
    }

    /// The command line, and the applications of the chosen release.
    static func commandLine(_ state: ReleaseState, width: Int) -> [StyledLine] {
        let lines = command(state, width: width)
        guard let release = state.releases.chosen(by: state.list) else { return lines }
        let applications = applications(of: release, in: state.project)
        return applications.isEmpty
            ? lines : lines + ["", StyledLine("In \(release.name)", .heading)] + applications
    }

    /// The project's applications in a release with their versions, and others that the release names; each with the
    /// mode in which it is started.
    private static func applications(of release: MixRelease, in project: MixProject?) -> [StyledLine] {
        guard let project else { return [] }
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
    static func form(_ state: ReleaseState) -> [PaneRow] {
        state.fields.map { field in
            let line = StyledLine(field.title.padded(to: 18), .textDim)
            return PaneRow(line + value(of: field, state))
        }
    }

    private static func value(of field: ReleaseState.Field, _ state: ReleaseState) -> StyledLine {
        switch field {
        case .image:
            state.image.isEmpty
                ? StyledLine("Enter gives it a name", .fieldPlaceholder) : StyledLine(state.image, .textStrong)
        case .engine:
            StyledLine(mark(state.usesEngine)).adding(state.engine.map { "  \($0)" } ?? "  none answers", .textDim)
        case .outputs:
            list(
                state.outputs,
                placeholder: "image store only; oci:DIR, oci-archive:FILE, docker-archive:FILE, docker://REF")
        case .tags: list(state.tags, placeholder: "none")
        case .builder:
            state.builder.map { StyledLine($0) } ?? StyledLine("mixpack's own buildpacks", .fieldPlaceholder)
        case .platforms: platforms(state.platforms)
        case .runImage: state.runImage.map { StyledLine($0) } ?? StyledLine("made from this machine", .fieldPlaceholder)
        case .publishedRunImages:
            list(state.publishedRunImages, placeholder: "nowhere: others cannot pull it or rebase on it")
        case .runPrograms: list(state.runPrograms, placeholder: "none besides the shell's; such as curl, imagemagick")
        case .distribution: distribution(state.profile)
        case .tryStart: trial(state.startTrial)
        case .clearCache: StyledLine(mark(state.clearsCache))
        case .debug: StyledLine(mark(state.debug))
        }
    }

    private static func platforms(_ platforms: [Platform]) -> StyledLine {
        guard !platforms.isEmpty else { return StyledLine("\(Platform.current)").adding("  this machine's", .textDim) }
        let text = StyledLine(platforms.map(\.description).joined(separator: ", "))
        return text.adding(platforms.count > 1 ? "  an index of both" : "  not this machine's", .textDim)
    }

    private static func trial(_ trial: StartTrial) -> StyledLine {
        let words =
            switch trial {
            case .no, .required: "once, with made-up values"
            case .ifPossible: "if possible, once, with made-up values"
            case .emulated: "once, with made-up values; under qemu-user for another processor"
            }
        return StyledLine(mark(trial != .no)).adding("  \(words)", .textDim)
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
