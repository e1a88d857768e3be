import TerminalUI

extension ConsoleState {
    /// The rows of a list pane; `nil` for panes of running text, of the log and of files.
    func rows(of pane: Pane) -> [PaneRow]? {
        switch pane {
        case .tree: ProjectRows.tree(project.inspection)
        case .plan: ProjectRows.plan(project.inspection)
        case .findings: ProjectRows.findings(project.inspection).map(\.row)
        case .reads: ProjectRows.reads(project.inspection)
        case .releases: ReleaseRows.releases(release, project: project.inspection?.project)
        case .form: ReleaseRows.form(release, engine: project.inspection?.engine)
        case .variables: SecretRows.variables(secrets)
        case .phases: BuildRows.phases(build) + (LayoutKind(size) == .three ? BuildRows.plan(build.build.plan) : [])
        case .layers: BuildRows.layers(build, isCompact: LayoutKind(size) == .two)
        case .problems: BuildRows.problems(build.build)
        case .imageLayers: ImageRows.layers(image, isCompact: LayoutKind(size) == .two)
        case .commandLine, .explanation, .layerDetail, .log, .files, .facts: nil
        }
    }

    /// The lines of a pane of running text.
    func text(of pane: Pane, width: Int) -> [StyledLine] {
        switch pane {
        case .commandLine: commandLine(width: width)
        case .explanation: SecretRows.explanation(secrets, width: width)
        case .layerDetail: BuildRows.detail(of: selectedLayer, width: width)
        case .facts: ImageRows.facts(image, width: width)
        default: []
        }
    }

    var selectedLayer: LayerProgress? {
        let layers = build.build.layers
        return layers.indices.contains(build.layers.selection) ? layers[build.layers.selection] : nil
    }

    private func commandLine(width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        do {
            let request = try release.request(project: path, variables: secrets.buildVariables)
            lines = TextWrap.styled(
                CommandLineText.text(for: request, secretCommands: secrets.commands), width: width, .code)
        } catch {
            lines = TextWrap.styled("\(error)", width: width, .stateWarning)
        }
        let chosen =
            release.releases.indices.contains(release.list.selection) ? release.releases[release.list.selection] : nil
        let applications = ReleaseRows.applications(of: chosen, in: project.inspection?.project)
        guard !applications.isEmpty, let chosen else { return lines }
        return lines + ["", StyledLine("In \(chosen.name)", .heading)] + applications
    }

    /// What stands in a pane's frame.
    func title(of pane: Pane) -> String {
        switch pane {
        case .tree: "Project"
        case .plan: "Versions and buildpacks"
        case .findings: "Problems"
        case .reads: "Variables it reads"
        case .releases: "Release"
        case .form: "Image"
        case .commandLine: "The same from the command line"
        case .variables: "Variables"
        case .explanation: "About it"
        case .phases: "Phases"
        case .layers: "Layers"
        case .layerDetail: "Layer"
        case .log: logTitle
        case .problems: "Problems"
        case .imageLayers: "Layers"
        case .files: "Files"
        case .facts: image.facts.rawValue
        }
    }

    private var logTitle: String {
        var words = ["Log"]
        if let phase = build.build.runningPhase { words.append("[\(phase.phase.rawValue)]") }
        if build.log.follows { words.append("follow") }
        if build.log.wraps { words.append("wrap") }
        if build.log.index.level != .all { words.append(build.log.index.level.rawValue) }
        if let filter = build.log.index.filter { words.append("&\(filter.text)") }
        if build.log.rangeStart != nil { words.append("range") }
        return words.joined(separator: " ")
    }

    /// Where the cursor of a list pane is kept.
    static func cursorPath(of pane: Pane) -> WritableKeyPath<ConsoleState, ListState>? {
        switch pane {
        case .tree: \.project.tree
        case .plan: \.project.plan
        case .findings: \.project.findings
        case .reads: \.project.reads
        case .releases: \.release.list
        case .form: \.release.form
        case .variables: \.secrets.cursor
        case .phases: \.build.phases
        case .layers: \.build.layers
        case .problems: \.build.problems
        case .imageLayers: \.image.layers
        case .commandLine, .explanation, .layerDetail, .log, .files, .facts: nil
        }
    }

    /// The rows that the panes of the screen would like; a pane without anything to say is left out.
    var idealHeights: [Pane: Int] {
        switch screen {
        case .project: projectHeights
        case .release:
            [.releases: rowCount(.releases), .form: ReleaseState.Field.allCases.count, .commandLine: 3]
        case .secrets: [.variables: rowCount(.variables), .explanation: 6]
        case .build: buildHeights
        case .image: [:]
        }
    }

    private var projectHeights: [Pane: Int] {
        var heights: [Pane: Int] = [:]
        for pane in [Pane.tree, .plan, .findings, .reads] {
            let count = rowCount(pane)
            if count > 0 { heights[pane] = count }
        }
        return heights
    }

    private var buildHeights: [Pane: Int] {
        let heights = [Pane.phases: BuildRows.phases(build).count, .problems: build.build.problems.count]
        return heights.filter { $0.value > 0 }
    }

    private func rowCount(_ pane: Pane) -> Int {
        switch pane {
        case .tree: ProjectRows.tree(project.inspection).count
        case .plan: ProjectRows.plan(project.inspection).count
        case .findings: ProjectRows.findings(project.inspection).count
        case .reads: project.inspection?.project?.variables.count ?? 0
        case .releases: max(1, release.releases.count)
        case .variables: max(1, secrets.rows.count)
        default: 0
        }
    }
}
