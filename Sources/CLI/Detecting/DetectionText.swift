import BuildpackAPI
import Commands
import Files
import FoundationEssentials
import Lifecycle
import MixInspection
import SystemPackage
import Toolchains

/// A detection in words, for people.
struct DetectionText {
    private let detection: Detection
    private let showsPlan: Bool

    /// - Parameter showsPlan: whether the build plan is shown, and not only who takes part.
    init(_ detection: Detection, showsPlan: Bool = false) {
        self.detection = detection
        self.showsPlan = showsPlan
    }

    /// All of it, without a newline at the end.
    var text: String {
        let parts = [
            project, toolchain, children, releases, variables, buildpacks, group, plan, projectFile, leftOut, engine,
            findings,
            problem,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var project: [String] {
        guard let project = detection.project else { return ["\(detection.path): not a mix project"] }
        let name = [project.app, project.version].compactMap { $0 }.joined(separator: " ")
        let label = project.app == nil ? "version" : "app    "
        let phoenix = project.usesPhoenix ? ", Phoenix" + (project.phoenixVersion.map { " \($0)" } ?? "") : ""
        let evidence = project.evidence == .probable ? " (mix.exs was read, not evaluated)" : ""
        return [
            detection.path, "  kind      \(kind(project.kind))\(phoenix)\(evidence)",
            name.isEmpty ? nil : "  \(label)   \(name)",
        ].compactMap { $0 }
            + project.nativeDependencies.enumerated().map {
                "  \($0.offset == 0 ? "native" : "      ")    \($0.element.text)"
            }
            + project.assetLines.enumerated().map { "  \($0.offset == 0 ? "assets" : "      ")    \($0.element)" }
    }

    private func kind(_ kind: MixProject.Kind) -> String {
        switch kind {
        case .application: "application"
        case .umbrella: "umbrella"
        case .umbrellaChild: "child of an umbrella; its root is \(umbrella ?? "above it")"
        case .library: "library: its release starts nothing"
        }
    }

    private var umbrella: String? {
        detection.project?.umbrellaRoot.map {
            FilePath(detection.path).pushing(FilePath($0)).lexicallyNormalized().string
        }
    }

    private var toolchain: [String] {
        let installed = detection.toolchain
        return [
            lines("Elixir", .elixir, installed.map { "\($0.elixirVersion) in \($0.elixirRoot)" }),
            lines("Erlang", .erlang, installed.map { "OTP \($0.otpVersion) in \($0.erlangRoot)" }),
        ].flatMap(\.self)
    }

    /// What builds: what is installed, or what is fetched first, and who asks for it.
    private func lines(_ label: String, _ tool: RequestedVersion.Tool, _ installed: String?) -> [String] {
        guard let wish = detection.need?.wish(for: tool) else {
            return installed.map { ["  \(label)    \($0)\(asked(tool))"] } ?? []
        }
        let way =
            detection.isOffline
            ? "not installed; mixpack may not use the network" : "fetched from \(detection.buildsServer)"
        let name = wish.name(of: tool).replacing("Elixir ", with: "")
        let others = detection.installed[tool] ?? ""
        return ["  \(label)    \(name), \(way)\(asked(tool))"]
            + (others.isEmpty ? [] : ["            installed: \(others)"])
    }

    /// Who asks for which version of a tool, those that count first.
    private func asked(_ tool: RequestedVersion.Tool) -> String {
        let requests = detection.versions.filter { $0.tool == tool }.map { request in
            "\(request.place) asks for \(request.version)\(request.otpMajor.map { "-otp-\($0)" } ?? "")"
        }
        return requests.isEmpty ? "" : " (\(requests.joined(separator: "; ")))"
    }

    private var children: [String] {
        guard let children = detection.project?.children, !children.isEmpty else { return [] }
        let names = children.map(\.name.count).max() ?? 0
        let paths = children.map(\.path.count).max() ?? 0
        return ["Children"]
            + children.map { child in
                let facts = [
                    child.version, child.usesPhoenix ? "Phoenix" : nil, child.hasAssets ? "assets" : nil,
                    child.hasNativeCode ? "native code" : nil, child.hasApplicationCallback ? nil : "library",
                ]
                let name = "\(child.name.padding(to: names))  \(child.path.padding(to: paths))"
                return "  \(name)  \(facts.compactMap { $0 }.joined(separator: ", "))"
            }
    }

    private var releases: [String] {
        guard let releases = detection.project?.releases, !releases.isEmpty else { return [] }
        return ["Releases"]
            + releases.map { release in
                let mark = release.name == detection.release ? "*" : " "
                let applications = Self.folded(release.applications.map { "\($0.name): \($0.mode)" })
                let name = [release.name, release.version].compactMap(\.self).joined(separator: " ")
                return "\(mark) \(name)\(applications.isEmpty ? "" : "  (\(applications))")"
            }
    }

    /// The first of a list and how many more there are, so that the line can be read.
    private static func folded(_ items: [String], limit: Int = 4) -> String {
        // One more is no longer than the words that would stand for it.
        let shown = items.count <= limit + 1 ? items : items.prefix(limit) + ["and \(items.count - limit) more"]
        return shown.joined(separator: ", ")
    }

    private var variables: [String] {
        guard let variables = detection.project?.variables, !variables.isEmpty else { return [] }
        let width = min(32, variables.map(\.name.count).max() ?? 0)
        let needs = max(8, variables.map(\.need.rawValue.count).max() ?? 0)
        return ["Variables"]
            + variables.map { variable in
                let name = variable.name.padding(to: width)
                let need = variable.need.rawValue.padding(to: needs)
                let fallback = variable.shownDefault.map { "  default \($0)" } ?? Self.condition(of: variable)
                return
                    "  \(name)  \(variable.phase.rawValue.padding(to: 5))  \(need)  \(variable.file):\(variable.line)\(fallback)"
                    + (variable.purpose.map { "\n      \($0)" } ?? "")
            }
    }

    private static func condition(of variable: ProjectVariable) -> String {
        guard let condition = variable.condition else { return "" }
        return "  \(condition)" + (variable.conditionLine.map { " (line \($0))" } ?? "")
    }

    private var buildpacks: [String] {
        guard detection.project != nil || detection.error == nil else { return [] }
        let width = detection.order.map { $0.id.count + $0.version.count }.max() ?? 0
        return ["Buildpacks, in order"]
            + detection.order.enumerated().map { index, step in
                let name = "\(step.id) \(step.version)".padding(to: width + 1)
                return "  \(index + 1). \(name)  \(step.purpose)"
            }
    }

    /// Who takes part, if the buildpacks were asked.
    private var group: [String] {
        guard let plan = detection.plan else { return [] }
        let count = plan.group.count
        return ["\(count) \(count == 1 ? "buildpack takes" : "buildpacks take") part"]
            + plan.group.map { "  \($0.id) \($0.version ?? "")" }
    }

    private var plan: [String] {
        guard showsPlan, let plan = detection.plan else { return [] }
        guard !plan.entries.isEmpty else { return ["Build plan", "  nothing is required"] }
        return ["Build plan"]
            + plan.entries.flatMap { entry in
                ["  \(entry.name), provided by \(entry.providers.joined(separator: ", "))"]
                    + entry.requires.compactMap(Self.metadata)
            }
    }

    /// What a requirement says besides the name.
    private static func metadata(_ requirement: BuildPlan.Requirement) -> String? {
        guard !requirement.metadata.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = (try? encoder.encode(requirement.metadata)).map { String(decoding: $0, as: UTF8.self) }
        return text.map { "    required with \($0)" }
    }

    private var leftOut: [String] {
        guard detection.project != nil, !detection.leftOut.isEmpty else { return [] }
        let own = detection.leftOut.first { !$0.hasPrefix("../") }
        return ["Left out of the copy: \(detection.leftOut.joined(separator: ", "))"]
            + (own.map { ["  project.toml takes one with exclude = [\"!\($0)\"] in [io.buildpacks]"] } ?? [])
    }

    private var projectFile: [String] {
        let lines = detection.projectFile?.lines ?? []
        return lines.isEmpty ? [] : ["project.toml"] + lines.map { "  \($0)" }
    }

    private var engine: [String] {
        guard detection.project != nil, let engine = detection.engine else { return [] }
        if let problem = engine.problem {
            return ["Container engine: none", "  \(problem.message)"] + Self.indented(problem.advice)
        }
        let command = (engine.command ?? []).map(ShellWord.quoted).joined(separator: " ")
        return ["Container engine", "  \(engine.name ?? "")  by \(command)"]
    }

    private var findings: [String] {
        (detection.project?.findings ?? []).flatMap { finding in
            let place = finding.place.map { "\($0): " } ?? ""
            return ["\(finding.severity.rawValue): \(place)\(finding.text)"] + Self.indented(finding.advice)
        }
    }

    private var problem: [String] {
        guard let error = detection.error else { return [] }
        let place = error.place.map { "\($0): " } ?? ""
        return ["error: \(place)\(error.message)"] + Self.indented(error.advice)
    }

    private static func indented(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)" }
    }
}
