import Diagnostics
import MixInspection
import SystemPackage
import TerminalUI

/// The Project screen: looks at a project, and opens others.
struct ProjectScreen: Sendable {
    let client: ProjectClient

    enum Action: String, Sendable, CaseIterable {
        case reload = "project.reload"
        case recent = "project.recent"
        case openRoot = "project.root"
        case context = "project.context"
        case writeFile = "project.init"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .project(.recent), ["o"], hint: "other project", "open another project", flag: "mixpack PATH"),
            KeyBinding(
                .project(.openRoot), ["u"], hint: "umbrella", "open the umbrella that this project belongs to",
                flag: "--path DIR", unless: "the project is not a child of an umbrella"
            ) { $0.project.inspection?.project?.umbrellaRoot != nil },
            KeyBinding(
                .project(.context), ["c"], hint: "context",
                "copy the folder around the project too: for dependencies in it, or an umbrella's child alone",
                flag: "--context DIR", unless: "no dependency is outside the project"
            ) { $0.project.inspection?.project?.proposedContext != nil },
            KeyBinding(
                .project(.reload), ["r"], hint: "reload", "look at the project again", flag: "mixpack detect"),
            KeyBinding(
                .project(.writeFile), ["w"], "write a project.toml with comments; asks before replacing one",
                flag: "mixpack init"),
        ]
    }

    enum Message: Sendable {
        case inspect
        case askForFolder
        case askForTrust
        case trust
        case showFinding
        case writeFile(replaces: Bool)

        case inspected(ProjectInspection)
        case trusted(FilePath)
        case recentLoaded([RecentProject])
        /// The path of the project.toml; `nil` if one is there already.
        case fileWritten(FilePath?)
    }

    func perform(_ action: Action, _ state: ProjectState, context: FilePath?) -> Outcome {
        switch action {
        case .reload: return inspect(state.path, context)
        case .context:
            guard let project = state.inspection?.project, let folder = project.proposedContext else { return .none }
            return .askForContext(project.outsideNames, FilePath(folder))
        case .recent: return .ask({ await client.recent() }) { .project(.recentLoaded($0)) }
        case .openRoot:
            guard let root = state.inspection?.project?.umbrellaRoot else { return .none }
            return .send(.app(.openUmbrella(FilePath(root), builds: false)))
        case .writeFile: return .batch(.keepChoices, .send(.project(.writeFile(replaces: false))))
        }
    }

    func receive(
        _ message: Message, _ state: inout ProjectState, choices: Choices?, context: FilePath?
    ) -> Outcome {
        switch message {
        case .inspect: return inspect(state.path, context)
        case .askForFolder:
            return .prompt(
                Prompt("Open a project", help: "its folder") {
                    $0.isEmpty ? .app(.close) : .app(.openProject(FilePath($0)))
                })
        case .askForTrust: return askForTrust(&state)
        case .trust:
            let path = state.path
            return .ask({ try await client.trust(path) }) { .project(.trusted(path)) }
        case .showFinding: return show(state.findings.chosen(by: state.findingsList)?.finding)
        case .writeFile(let replaces):
            let (path, choices) = (state.path, choices ?? Choices())
            return .ask({ try await client.writeFile(path, choices, replaces) }) { .project(.fileWritten($0)) }
        case .inspected(let inspection): return adopt(inspection, &state)
        case .trusted(let path): return .batch(inspect(path, context), .send(.build(.retryTrusted)))
        case .recentLoaded(let recent): return openPicker(of: recent.filter { $0.path != state.path })
        case .fileWritten(let path?): return .say("wrote \(path)")
        case .fileWritten(nil):
            return .confirm(
                "Replace project.toml?", ["There is one already. What is in it is lost."],
                yes: .project(.writeFile(replaces: true)))
        }
    }

    private func inspect(_ path: FilePath, _ context: FilePath?) -> Outcome {
        .run(id: "inspect") { send in
            for await inspection in client.inspect(path, context) { send(.project(.inspected(inspection))) }
        }
    }

    private func adopt(_ inspection: ProjectInspection, _ state: inout ProjectState) -> Outcome {
        guard inspection.path == state.path || state.inspection == nil else { return .none }
        state.path = inspection.path
        state.inspection = inspection
        let asks = inspection.needsTrust && !state.wasAskedForTrust
        return .batch(
            .send(.release(.inspected(inspection)), .secrets(.inspected(inspection))),
            asks ? askForTrust(&state) : .none)
    }

    /// Asks, once a project, whether its code may run without a sandbox.
    private func askForTrust(_ state: inout ProjectState) -> Outcome {
        state.wasAskedForTrust = true
        return .confirm(
            "Trust this project?",
            [
                "This machine has no sandbox. mixpack doctor says why and how to get one.",
                "Without one mix.exs and everything else of the project runs as you, with your files.",
                "y keeps the answer for \(state.path); n leaves it at what can be read.",
            ], yes: .project(.trust), no: .app(.dropBuild(MissingPart.trust.refusal)))
    }

    private func openPicker(of recent: [RecentProject]) -> Outcome {
        let items = recent.map {
            Picker.Item(text: "\($0.path)", detail: $0.age, chosen: .app(.openProject($0.path)))
        }
        let other = Picker.Item(text: "another folder…", chosen: .project(.askForFolder))
        return .pick("Open a project", items + [other])
    }

    /// Shows a problem of the project in full.
    private func show(_ finding: Diagnostic?) -> Outcome {
        guard let finding else { return .none }
        var paragraphs = [finding.text]
        if let file = finding.file { paragraphs += ["", file + (finding.line.map { ":\($0)" } ?? "")] }
        if let advice = finding.advice { paragraphs += ["", advice] }
        return .open(.viewer(Viewer(title: finding.severity.rawValue, paragraphs: paragraphs)))
    }
}

/// What is known of the project, and where the cursor is in its lists.
struct ProjectState: Sendable {
    var path: FilePath
    var inspection: ProjectInspection?
    var wasAskedForTrust = false
    var tree = ListState()
    var plan = ListState()
    var findingsList = ListState()
    var reads = ListState()

    init(path: FilePath) { self.path = path }

    var findings: [(row: PaneRow, finding: Diagnostic)] { ProjectRows.findings(inspection) }
    /// The variables that the project reads.
    var variables: [ProjectVariable] { inspection?.project?.variables ?? [] }
}
