import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import Synchronization
import SystemPackage

/// What the buildpacks of a group made together.
struct BuiltLayers {
    /// One buildpack's part.
    struct Part {
        var buildpack: BuildpackDescriptor
        var layersDirectory: FilePath
        var result: BuildResult
        /// Whether the buildpack keeps to the specification's contract of files.
        var isExternal = false

        /// Where a layer is on this machine; one that is kept from the image before is not there.
        func folder(of layer: LayerContribution) -> FilePath {
            layer.folder ?? layersDirectory.appending(layer.name)
        }

        /// Where a file of a layer is on this machine.
        /// - Parameter path: the layer's name and the path in it.
        func file(at path: FilePath) -> FilePath {
            guard let name = path.components.first?.string,
                let folder = result.layers.first(where: { $0.name == name })?.folder
            else { return layersDirectory.pushing(path) }
            return folder.pushing(FilePath(root: nil, path.components.dropFirst()))
        }
    }

    /// The parts, in group order.
    var parts: [Part]
    /// The image extensions that took part before them.
    var extensions: [BuildpackDescriptor] = []
    /// The problems that were told on the way.
    var diagnostics: [Diagnostic]
    /// Files of the application's folder that stay out of the image, by their paths in it.
    var omitted: Set<String> = []

    /// Whether the application's folder was worked in, so that it goes into the image.
    var hasWorkspace: Bool { parts.contains(where: \.isExternal) }

    /// All processes, a later buildpack's in place of an earlier one's of the same type, sorted by type.
    var processes: [(process: ProcessType, buildpack: String)] {
        var byType: [String: (process: ProcessType, buildpack: String)] = [:]
        for part in parts {
            for process in part.result.processes { byType[process.type] = (process, part.buildpack.id) }
        }
        return byType.values.sorted { $0.process.type < $1.process.type }
    }

    /// The folders of the launch layers; one that is kept from the image before has none.
    var launchFolders: [FilePath] {
        parts.flatMap { part in
            part.result.layers.filter { $0.types.contains(.launch) }.map(part.folder)
        }.filter(\.isFolder)
    }

    /// The type that starts when none is named: the last that was said to be it.
    var defaultProcess: String? {
        parts.flatMap(\.result.processes).reduce(into: nil) { type, process in
            if process.isDefault { type = process.type } else if process.type == type { type = nil }
        }
    }
}

/// The fourth phase: the buildpacks of the group make their layers, one after the other.
struct BuildExecutor {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    let target: BuildTarget
    let surroundings: Surroundings
    /// A folder in memory for layers that only the image needs.
    var launchMemory: FilePath?
    let emit: EventEmitter

    func build(_ plan: ResolvedPlan) async throws -> BuiltLayers {
        let group = try plan.group.map { try buildpacks.buildpack($0) }
        let hasExternal = group.contains(where: \.isExternal)
        var environments = BuildEnvironments(services, cache, surroundings)
        var built = BuiltLayers(parts: [], diagnostics: [])
        try BillFolders(layers: cache.layers).clear()
        var unmet = plan.entries
        do {
            for buildpack in group {
                try Task.checkCancellation()
                let place = hasExternal ? cache.workspace : request.project
                let part = try await build(
                    buildpack, in: place, unmet, environments.variables(for: buildpack), &built.diagnostics)
                built.parts.append(part)
                try environments.add(part)
                unmet = Self.remaining(unmet, after: part)
            }
            try checkSecrets(built)
        } catch {
            built.keepOnDisk(after: error, emit)
            throw error
        }
        try KeptLayers.write(keptLayers(built), to: cache, masking: emit.redactor)
        return built
    }

    private func build(
        _ buildpack: any Buildpack, in application: FilePath, _ entries: [ResolvedPlan.Entry],
        _ environment: [String: String], _ diagnostics: inout [Diagnostic]
    ) async throws -> BuiltLayers.Part {
        let descriptor = buildpack.descriptor
        emit(.buildpackStarted(.build, id: descriptor.id, version: descriptor.version))
        let told = DiagnosticCollector(redactor: emit.redactor)
        let layers = try cache.layersDirectory(of: descriptor.id)
        do {
            if buildpack.isExternal, !cache.isGiven { emit(.notice(networkNotice(of: descriptor))) }
            let context = try context(for: buildpack, in: application, layers, entries, environment, told)
            let result = try await buildpack.build(context)
            try Self.checkNames(of: result, descriptor)
            let bills = BillFolders(layers: cache.layers)
            if buildpack.isExternal {
                try bills.collect(descriptor.id, in: layers, result.layers)
            } else {
                try bills.add(result.bills, of: descriptor.id)
            }
            let part = BuiltLayers.Part(
                buildpack: descriptor, layersDirectory: layers, result: result, isExternal: buildpack.isExternal)
            for layer in result.layers where !layer.environment.isEmpty {
                try EnvironmentFiles(layer: part.folder(of: layer)).write(layer.environment)
            }
            result.layers.forEach { emit(.layer(.created, LayerSummary($0, of: descriptor.id, in: layers))) }
            emit(.buildpackFinished(.build, id: descriptor.id, outcome: .passed, reason: nil))
            diagnostics += told.diagnostics
            return part
        } catch {
            emit(.buildpackFinished(.build, id: descriptor.id, outcome: .failed, reason: nil))
            throw error
        }
    }

    private func context(
        for buildpack: any Buildpack, in application: FilePath, _ layers: FilePath, _ entries: [ResolvedPlan.Entry],
        _ environment: [String: String], _ told: DiagnosticCollector
    ) throws -> BuildContext {
        let descriptor = buildpack.descriptor
        let plan = entries.filter { $0.providers.contains(descriptor.id) }.flatMap(\.requires)
        let send = emit.reporter(for: descriptor.id)
        let reporter = BuildpackReporter { report in
            told.add(report)
            send(report)
        }
        return BuildContext(
            applicationDirectory: application, layersDirectory: layers, launchMemory: launchMemory,
            platformVariables: request.variableValues(for: buildpack), secretNames: request.secretNames,
            fetchSecrets: buildpack.isExternal ? [:] : BuildRequest.values(request.fetchSecrets),
            environment: environment, plan: plan,
            cacheDirectory: try cache.cacheDirectory(of: descriptor.id), startsOver: request.clearsCache,
            selection: request.selection, target: target, executionEnvironment: request.executionEnvironment,
            volumes: request.volumes, holdsSecret: emit.redactor.holdsSecret,
            memory: services.memory, reporter: reporter)
    }

    /// What a buildpack of others gets that mixpack's own do not, before it starts.
    private func networkNotice(of descriptor: BuildpackDescriptor) -> String {
        let title = "\(descriptor.id) builds \(request.forbidsNetwork ? "without" : "with") network"
        let names = request.secretNames.sorted().joined(separator: ", ")
        if names.isEmpty { return title }
        return request.givesSecrets(to: descriptor.id)
            ? "\(title) and gets the build's secrets: \(names)"
            : "\(title) and without the build's secrets (\(names)); to give them: --secrets-for \(descriptor.id)"
    }

    /// What is left for later buildpacks: entries that this one was given and met are taken out.
    private static func remaining(
        _ entries: [ResolvedPlan.Entry], after part: BuiltLayers.Part
    ) -> [ResolvedPlan.Entry] {
        entries.filter { !$0.providers.contains(part.buildpack.id) || part.result.unmet.contains($0.name) }
    }

    private static func checkNames(of result: BuildResult, _ descriptor: BuildpackDescriptor) throws {
        let reserved: Set<String> = ["build", "launch", "store"]
        for layer in result.layers where reserved.contains(layer.name) || layer.name.contains("/") || layer.name.isEmpty
        {
            throw Failure(
                .buildFailed, "\(descriptor.id) named a layer \"\(layer.name)\"; a layer cannot have that name")
        }
    }

    private func keptLayers(_ built: BuiltLayers) -> [LayerSummary] {
        built.parts.filter { !$0.isExternal }.flatMap { part in
            part.result.layers.filter { $0.types.contains(.cache) || $0.types.contains(.build) }
                .map { LayerSummary($0, of: part.buildpack.id, in: part.layersDirectory) }
        }
    }

    /// A secret that the project compiles in is told with its cure, and stops the build where the user wants that.
    private func checkSecrets(_ built: BuiltLayers) throws {
        let compiled = built.parts.flatMap(\.result.compiledSecrets).filter {
            $0.kind == .configuration && !request.allowedSecrets.contains($0.name)
        }
        guard request.forbidsSecrets, let first = compiled.first else { return }
        throw Failure(
            .ruleBroken, "\(first.file):\(first.line) compiles the secret \(first.name) into the image",
            advice: "read it in config/runtime.exs instead, or allow it with --allow-secret \(first.name)",
            choices: [first.name])
    }
}

/// Keeps the diagnostics that a buildpack reports, secrets masked, so that an unchanged build can tell them again.
final class DiagnosticCollector: Sendable {
    private let redactor: Redactor
    private let kept = Mutex<[Diagnostic]>([])

    init(redactor: Redactor) { self.redactor = redactor }

    func add(_ report: BuildpackReport) {
        guard case .diagnostic(let diagnostic) = report else { return }
        let masked = redactor.redact(diagnostic)
        kept.withLock { $0.append(masked) }
    }

    var diagnostics: [Diagnostic] { kept.withLock { $0 } }
}
