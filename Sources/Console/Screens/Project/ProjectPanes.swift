import Diagnostics
import Lifecycle
import MixInspection
import TerminalUI

extension Screen {
    static let project: Screen = .init(
        number: 1, title: "Project", keys: .project, panes: [.tree, .plan, .findings, .reads], firstPane: .tree,
        next: { state in
            state.project.inspection?.project?.umbrellaRoot == nil
                ? Next(title: "Release", action: .app(.showRelease))
                : Next(title: "the umbrella", action: .project(.openRoot))
        },
        place: { state in
            let finding = state.project.findings.first { $0.finding.file != nil }?.finding
            return FilePlace(file: finding?.file ?? "mix.exs", line: finding?.line)
        }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked: return request.column([.tree, .plan, .findings, .reads], in: body)
        case .two:
            let (left, right) = body.split(left: 46 + request.growth(left: [.tree]))
            return request.column([.tree], in: left) + request.column([.plan, .findings, .reads], in: right)
        case .three:
            let (left, rest) = body.split(left: 52 + request.growth(left: [.tree]))
            let (middle, right) = rest.split(left: 70)
            return request.column([.tree], in: left) + request.column([.plan, .findings], in: middle)
                + request.column([.reads], in: right)
        }
    }
}

extension Pane {
    static let tree: Pane = .init(
        name: "tree", title: { _ in "Project" },
        content: ListContent(cursor: \.project.tree, isFacts: true) { ProjectRows.tree($0.project.inspection) },
        height: { ProjectRows.tree($0.project.inspection).count })

    static let plan: Pane = .init(
        name: "plan", title: { _ in "Versions and buildpacks" },
        content: ListContent(cursor: \.project.plan, isFacts: true) {
            ProjectRows.plan($0.project.inspection, $0.release)
        },
        height: { ProjectRows.plan($0.project.inspection, $0.release).count })

    static let findings: Pane = .init(
        name: "findings", title: { _ in "Problems" },
        content: ListContent(cursor: \.project.findingsList) { $0.project.findings.map(\.row) },
        height: { $0.project.findings.count },
        enter: { _ in Enter("show", .project(.showFinding)) },
        place: { state in
            let finding = state.project.findings.chosen(by: state.project.findingsList)?.finding
            return finding?.file.map { FilePlace(file: $0, line: finding?.line) }
        })

    static let reads: Pane = .init(
        name: "reads", title: { _ in "Variables it reads" },
        content: ListContent(cursor: \.project.reads) { ProjectRows.reads($0.project.variables) },
        height: { $0.project.variables.count },
        enter: { state in
            state.project.variables.chosen(by: state.project.reads).map { Enter("show", .secrets(.find($0))) }
        },
        place: { state in
            state.project.variables.chosen(by: state.project.reads).map { FilePlace(file: $0.file, line: $0.line) }
        })
}

/// What the panes of the Project screen say.
enum ProjectRows {
    /// What the project is, and an umbrella's children.
    static func tree(_ inspection: ProjectInspection?) -> [PaneRow] {
        guard let inspection else { return [PaneRow(StyledLine("looking at the project…", .textDim))] }
        var rows = [PaneRow(StyledLine("\(inspection.path)", .textDim))]
        guard let project = inspection.project else {
            let text = inspection.stage == .settled ? "no mix project here" : "reading mix.exs…"
            return rows + [PaneRow(StyledLine(text, .textDim))]
        }
        rows.append(root(project, name: project.app ?? inspection.path.lastComponent?.string ?? "umbrella"))
        let children = project.children
        for (index, child) in children.enumerated() {
            rows.append(row(of: child, isLast: index == children.count - 1, releases: project.releases))
        }
        if let root = project.umbrellaRoot {
            rows.append(PaneRow(StyledLine("part of the umbrella \(root)", .stateWarning)))
        }
        if let folder = project.proposedContext, !project.outsideNames.isEmpty {
            rows.append(PaneRow(StyledLine("\(MissingPart.outside(project.outsideNames))", .stateWarning)))
            rows.append(PaneRow(StyledLine("copy \(folder) too? c", .stateWarning)))
        }
        rows += facts(project)
        if !inspection.leftOut.isEmpty {
            rows.append(PaneRow(StyledLine("left out of the copy:", .textDim)))
            rows += inspection.leftOut.map { PaneRow(StyledLine("  \($0)", .textDim)) }
        }
        if inspection.stage != .settled { rows.append(PaneRow(StyledLine("evaluating mix.exs…", .textDim))) }
        return rows
    }

    private static func root(_ project: MixProject, name: String) -> PaneRow {
        var line = StyledLine(name, .textStrong)
        if let version = project.version { line.append(" \(version)", .number) }
        line.append("  \(kind(of: project))", .textDim)
        return PaneRow(line)
    }

    /// The kind of project in plain words.
    static func kind(of project: MixProject) -> String {
        let kind: String =
            switch project.kind {
            case .application: "application"
            case .umbrella: "umbrella of \(project.children.count) applications"
            case .umbrellaChild: "child of an umbrella"
            case .library: "library: its release starts nothing"
            }
        guard project.usesPhoenix else { return kind }
        return kind + ", Phoenix" + (project.phoenixVersion.map { " \($0)" } ?? "")
    }

    private static func row(of child: ChildApp, isLast: Bool, releases: [MixRelease]) -> PaneRow {
        var line = StyledLine(isLast ? "└─ " : "├─ ", .treeGuide).adding(child.name, .treeBranch)
        if let version = child.version { line.append(" \(version)", .number) }
        var facts: [String] = []
        if child.usesPhoenix { facts.append("Phoenix") }
        if child.hasAssets { facts.append("assets") }
        if child.hasNativeCode { facts.append("native code") }
        if !child.hasApplicationCallback { facts.append("library") }
        let within = releases.filter { $0.applications.contains { $0.name == child.name } }.map(\.name)
        if !within.isEmpty { facts.append("in " + within.joined(separator: ", ")) }
        line.append(facts.isEmpty ? "" : "  " + facts.joined(separator: ", "), .textDim)
        return PaneRow(line)
    }

    private static func facts(_ project: MixProject) -> [PaneRow] {
        var rows: [PaneRow] = []
        if !project.lockedDependencies.isEmpty {
            rows.append(PaneRow(StyledLine("\(project.lockedDependencies.count) dependencies in mix.lock", .textDim)))
        }
        for folder in project.assetsDeploy {
            rows.append(PaneRow(StyledLine("assets.deploy in \(folder == "." ? "the project" : folder)", .textDim)))
        }
        if !project.nativeDependencies.isEmpty {
            rows.append(PaneRow(StyledLine("native code in dependencies:", .textDim)))
            rows += project.nativeDependencies.map { PaneRow(StyledLine("  \($0.text)", .textDim)) }
        }
        rows += project.assetSteps.map { PaneRow(StyledLine("assets: \($0.text)", .textDim)) }
        return rows
    }

    /// The tools' versions, and what each buildpack would do, or what is in the builder.
    static func plan(_ inspection: ProjectInspection?, _ release: ReleaseState = ReleaseState()) -> [PaneRow] {
        guard let inspection else { return [] }
        var rows = release.builder == nil ? inspection.versions.map(row) : []
        rows += release.builder.map { builder($0, release) } ?? buildpacks(inspection)
        if !inspection.projectFile.isEmpty { rows.append(.heading("project.toml")) }
        rows += inspection.projectFile.map { PaneRow(StyledLine("  " + $0, .textDim)) }
        if let engine = inspection.engine {
            rows.append(PaneRow(StyledLine("✓ ", .stateOK).adding("engine").adding("  \(engine)", .textDim)))
        } else if inspection.stage == .settled {
            let advice = inspection.engineAdvice.map { ": \($0)" } ?? ""
            rows.append(PaneRow(StyledLine("- ", .stateSkipped).adding("no engine answers").adding(advice, .textDim)))
        }
        return rows
    }

    /// What is in a builder: its stack, its run image, and the groups of its order.
    private static func builder(_ name: String, _ release: ReleaseState) -> [PaneRow] {
        let heading = PaneRow.heading("Builder")
        switch release.builderSummary {
        case nil:
            let text = release.isBuilderAsked ? "reading…" : "not on this machine; a build fetches it"
            return [heading, PaneRow(StyledLine("  \(name)", .textStrong)), PaneRow(StyledLine("  \(text)", .textDim))]
        case .failure(let failure):
            return [heading, PaneRow(StyledLine("✗ ", .stateFailed).adding(failure.message))]
        case .success(let found):
            var rows = [
                heading,
                PaneRow(StyledLine("  \(found.place)", .textStrong).adding("  \(found.digest.short)", .number)),
            ]
            if let stack = found.stack { rows.append(PaneRow(StyledLine("  stack      ", .textDim).adding(stack))) }
            if let first = found.runImages.first {
                let mirrors = found.runImages.count - 1
                let more = mirrors == 0 ? "" : mirrors == 1 ? "  and a mirror" : "  and \(mirrors) mirrors"
                rows.append(PaneRow(StyledLine("  run image  ", .textDim).adding(first).adding(more, .textDim)))
            }
            for (index, group) in found.order.enumerated() {
                let label = index == 0 ? "  order      " : "  or         "
                rows.append(PaneRow(StyledLine(label, .textDim).adding(group.joined(separator: ", "))))
            }
            return rows
        }
    }

    private static func buildpacks(_ inspection: ProjectInspection) -> [PaneRow] {
        var rows: [PaneRow] = inspection.buildpacks.isEmpty ? [] : [.heading("Buildpacks, in order")]
        let names = ShortNames(inspection.buildpacks.map(\.id))
        for buildpack in inspection.buildpacks {
            let (mark, role): (String, Role) =
                switch buildpack.passes {
                case true?: ("✓", .stateOK)
                case false?: ("-", .stateSkipped)
                case nil: ("·", .statePending)
                }
            let line = StyledLine("\(mark) ", role).adding(names[buildpack.id], .textStrong).adding(
                "  \(buildpack.purpose)", .textDim)
            rows.append(PaneRow(line, trailing: StyledLine(buildpack.version, .number)))
        }
        return rows
    }

    private static func row(_ version: ProjectInspection.Version) -> PaneRow {
        let mark = version.isSatisfied ? StyledLine("✓ ", .stateOK) : StyledLine("✗ ", .stateFailed)
        var line = mark.adding(version.tool, .textStrong).adding(" \(version.found ?? "missing")", .number)
        if let required = version.required {
            line.append("  wants \(required)", version.isSatisfied ? .textDim : .stateFailed)
            if let by = version.requiredBy { line.append(" (\(by))", .textDim) }
        }
        if let place = version.foundIn { line.append("  \(place)", .textDim) }
        return PaneRow(line)
    }

    /// What the user should know, the worst first.
    static func findings(_ inspection: ProjectInspection?) -> [(row: PaneRow, finding: Diagnostic)] {
        guard let inspection else { return [] }
        let all = inspection.problems + (inspection.project?.findings ?? [])
        let order: [Diagnostic.Severity] = [.error, .warning, .note]
        return order.flatMap { severity in all.filter { $0.severity == severity } }.map { (row(of: $0), $0) }
    }

    private static func row(of finding: Diagnostic) -> PaneRow {
        let (word, role): (String, Role) =
            switch finding.severity {
            case .error: ("error", .stateFailed)
            case .warning: ("warning", .stateWarning)
            case .note: ("note", .textDim)
            }
        var line = StyledLine("\(word) ", role).adding(finding.text)
        if let file = finding.file { line.append("  \(file)\(finding.line.map { ":\($0)" } ?? "")", .link) }
        return PaneRow(line)
    }

    /// The variables that the project reads.
    static func reads(_ variables: [ProjectVariable]) -> [PaneRow] {
        variables.map { variable in
            var line = StyledLine(
                variable.name.padded(to: max(18, variable.name.columns)), .textStrong)
            line.append(" \(variable.phase.rawValue)  ", variable.phase == .build ? .stateWarning : .textDim)
            line.append(need(variable), variable.need == .required ? .stateWarning : .textDim)
            return PaneRow(line, trailing: StyledLine("\(variable.file):\(variable.line)", .link))
        }
    }

    private static func need(_ variable: ProjectVariable) -> String {
        switch variable.need {
        case .required: return "required"
        case .conditional: return "required \(variable.condition ?? "on a condition")"
        case .default: return "default" + (variable.shownDefault.map { " \($0)" } ?? "")
        case .flag: return "switch"
        case .optional: return "optional"
        }
    }
}
