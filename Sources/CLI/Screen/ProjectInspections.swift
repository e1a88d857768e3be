import Console
import MixInspection
import SystemPackage

/// Looks at a project for the console: read first, then evaluated, handed over as it becomes known.
struct ProjectInspections: Sendable {
    let wiring: Wiring

    /// What is known of a project, again and again, until all is.
    func inspect(_ project: FilePath) -> AsyncStream<ProjectInspection> {
        AsyncStream { continuation in
            let task = Task {
                await look(at: project) { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func look(at project: FilePath, tell: (ProjectInspection) -> Void) async {
        var inspection = ProjectInspection(path: project, stage: .reading)
        inspection.suggestedImage = Self.imageName(project)
        inspection.buildpacks = PlannedBuildpacks.list(for: nil)
        do {
            inspection.project = try MixInspector.staticLook(project)
            tell(inspection)
            let toolchain = try Toolchain.discover(environment: wiring.machine.environment)
            inspection.versions = Self.versions(toolchain, inspection.project)
            inspection.stage = .evaluating
            tell(inspection)
            async let engine = wiring.engine()
            let evaluated = try await wiring.inspector(toolchain, for: project).inspect(project)
            inspection.project = evaluated
            inspection.versions = Self.versions(toolchain, evaluated)
            inspection.buildpacks = PlannedBuildpacks.list(for: evaluated)
            inspection.engine = await engine?.description
            if inspection.engine == nil { inspection.engineAdvice = "install one: sudo apt-get install podman" }
            try toolchain.check(evaluated)
        } catch let error as MixError {
            inspection.problems.append(
                Finding(.error, error.message, file: error.file, line: error.line, advice: error.advice))
        } catch {
            inspection.problems.append(Finding(.error, "\(error)"))
        }
        inspection.stage = .settled
        tell(inspection)
    }

    private static func versions(_ toolchain: Toolchain, _ project: MixProject?) -> [ProjectInspection.Version] {
        let requirement = project?.elixirRequirement
        let isSatisfied = project.map { (try? toolchain.check($0)) != nil } ?? true
        return [
            .init(
                tool: "Elixir", found: toolchain.elixirVersion, foundIn: toolchain.elixirRoot.string,
                required: requirement, requiredBy: requirement == nil ? nil : "mix.exs", isSatisfied: isSatisfied),
            .init(tool: "Erlang/OTP", found: toolchain.otpVersion, foundIn: toolchain.erlangRoot.string),
        ]
    }

    /// The folder's name as an image's.
    static func imageName(_ project: FilePath) -> String {
        let name = project.lastComponent?.string.lowercased() ?? "my-image"
        let cleaned = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let trimmed = cleaned.split(separator: "-").joined(separator: "-")
        return trimmed.isEmpty ? "my-image" : trimmed
    }
}
