import BuildpackAPI
import Commands
import Diagnostics
import Files
import Glibc
import SystemPackage
import Text

/// A buildpack in a folder: buildpack.toml, and `bin/detect` and `bin/build` unless it is a composite.
///
/// It keeps to the Buildpack API that it names, 0.2 to 0.12. Its programs run in the sandbox, where the paths are those of
/// the specification; without one they run on the machine itself.
package struct DirectoryBuildpack: Buildpack {
    package let directory: FilePath
    package let descriptor: BuildpackDescriptor
    /// What is odd in buildpack.toml, but taken.
    package var warnings: [String] { manifest.warnings }

    let manifest: BuildpackManifest
    let runner: any CommandRunner
    /// The folders of the container that it runs in; `nil` outside of one.
    let given: GivenFolders?
    /// Where its programs run; `nil` is this machine.
    let room: BuilderRoom?

    /// Reads a buildpack's folder.
    /// - Throws: `Failure`: `unsupportedAPI`, or `cannotPlan` for a folder that is no buildpack.
    package init(_ directory: FilePath, runner: any CommandRunner, in given: GivenFolders? = nil) throws {
        try self.init(directory, runner: runner, in: given, room: nil)
    }

    init(
        _ directory: FilePath, runner: any CommandRunner, in given: GivenFolders? = nil, room: BuilderRoom?,
        isExtension: Bool = false
    ) throws {
        self.given = given
        self.room = room
        self.directory = directory.realPath ?? directory
        self.runner = runner
        manifest = try BuildpackManifest(in: self.directory, isExtension: isExtension)
        descriptor = BuildpackDescriptor(
            id: manifest.id, version: manifest.version, api: manifest.apiText, name: manifest.name,
            homepage: manifest.homepage, order: manifest.order)
    }

    /// Always: it is of the specification's kind.
    package var isExternal: Bool { true }

    /// `id@version`, for messages.
    var title: String { "\(descriptor.id)@\(descriptor.version)" }

    /// The start of one of its programs.
    /// - Throws: `Failure` where it is missing.
    private func command(
        _ name: String, _ arguments: [FilePath], _ environment: [String: String], _ given: [String: String],
        _ places: ExternalPlaces, _ sandbox: Sandbox?
    ) throws -> Command {
        guard directory.appending("bin/\(name)").exists else { throw Failure(.malformed, "bin/\(name) is missing") }
        return ExternalCommand(
            program: places.root.seen.appending("bin/\(name)"), arguments: arguments.map(\.string),
            environment: environment, platform: places.platform.seen, platformVariables: given,
            writesPlatform: self.given == nil, workingDirectory: places.workspace.seen, sandbox: sandbox
        ).command
    }

    /// Runs the body with places for one run, and removes what they took.
    func withPlaces<Result>(
        _ workspace: FilePath, layers: FilePath, cache: FilePath, _ volumes: [Volume],
        _ body: (ExternalPlaces) async throws -> Result
    ) async throws -> Result {
        let scratch = try ScratchFolder(at: cache.appending("run"))
        defer { scratch.remove() }
        if let given {
            let places = ExternalPlaces(
                manifest: manifest, root: directory, workspace: workspace, layers: layers, scratch: scratch.path,
                platform: given.platform, home: given.home, volumes: [], isSandboxed: false)
            try places.plan.machine.makeFolders(mode: 0o755)
            return try await body(places)
        }
        let status = await runner.sandboxStatus()
        // Secrets stay in memory: the sandbox has a folder of its own there, the machine /dev/shm.
        let memory = try status.isAvailable ? nil : ScratchFolder(in: "/dev/shm")
        defer { memory?.remove() }
        let places = ExternalPlaces(
            manifest: manifest, root: directory, workspace: workspace, layers: layers, scratch: scratch.path,
            platform: memory?.path ?? scratch.path.appending("platform"), volumes: volumes,
            isSandboxed: status.isAvailable, room: room)
        try places.plan.machine.makeFolders()
        if room == nil { try places.home.machine.makeFolders() }
        return try await body(places)
    }
}

extension DirectoryBuildpack {
    /// Runs `bin/detect`: 0 passes, 100 fails, anything else is an error.
    /// - Throws: `Failure` of kind `detectFailed`, `CancellationError`.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        do {
            // The files of an extension without a program are what the program would leave.
            if manifest.isExtension, !directory.appending("bin/detect").exists { return .pass(try fixedPlan) }
            return try await run(context)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(.detectFailed, "\(title): \(error)")
        }
    }

    private func run(_ context: DetectContext) async throws -> DetectResult {
        let output = OutputTail()
        let layers = context.cacheDirectory.appending("no-layers")
        return try await withPlaces(
            context.applicationDirectory, layers: layers, cache: context.cacheDirectory, context.volumes
        ) { places in
            try places.planFile.replace(with: [])
            try room?.give(places.plan.machine)
            let reporter = context.reporter
            let end = try await runner.run(try command(context, places)) { chunk in
                output.add(chunk.text)
                reporter(.output(text: chunk.text, isError: false))
            }
            switch end {
            case .exited(0): return .pass(try plan(places))
            case .exited(100): return .fail(reason: Self.reason(output.text))
            case .exited(let status): throw Failure(.malformed, "bin/detect ended with status \(status)")
            case .signalled(let signal): throw Failure(.malformed, "bin/detect was ended by signal \(signal)")
            }
        }
    }

    private func command(_ context: DetectContext, _ places: ExternalPlaces) throws -> Command {
        let environment = ExternalEnvironment(
            manifest: manifest, places: places, target: context.target,
            executionEnvironment: context.executionEnvironment,
            operatorRules: try given?.operatorRules() ?? [])
        return try command(
            "detect", [places.platform.seen, places.planSeen],
            environment.forDetect(context.environment, context.platformVariables), context.platformVariables, places,
            places.detectSandbox)
    }

    private var fixedPlan: BuildPlan {
        get throws {
            guard let table = try ContractFile.table(of: directory.appending("detect/plan.toml")) else {
                return BuildPlan()
            }
            return try DetectPlanFile(api: manifest.api).plan(table)
        }
    }

    private func plan(_ places: ExternalPlaces) throws -> BuildPlan {
        guard let table = try ContractFile.table(of: places.planFile) else {
            throw Failure(.malformed, "bin/detect removed the build plan file")
        }
        return try DetectPlanFile(api: manifest.api).plan(table)
    }

    /// The last line that was written, which tells most of why it does not fit.
    private static func reason(_ output: String) -> String {
        output.split(separator: "\n").last.map(String.init) ?? "bin/detect does not accept the project"
    }
}

extension DirectoryBuildpack {
    /// Runs `bin/build`, and reads what it left.
    /// - Throws: `Failure`: `commandFailed` when the program fails, `buildFailed` for what it left behind;
    ///   `CancellationError`.
    package func build(_ context: BuildContext) async throws -> BuildResult {
        do {
            return try await withPlaces(
                context.applicationDirectory, layers: context.layersDirectory.removingLastComponent(),
                cache: context.cacheDirectory, context.volumes
            ) { places in
                let plan = BuildPlanFile(api: manifest.api)
                try places.planFile.replace(with: Array(plan.text(context.plan).utf8))
                try givePlaces(places)
                try await run(context, places)
                let planAfter = manifest.api < APIVersion(0, 5) ? try ContractFile.table(of: places.planFile) : nil
                var folder = LayersFolder(path: context.layersDirectory, manifest: manifest)
                let result = try folder.result(plan: context.plan, planAfter: planAfter)
                folder.warnings.forEach { context.reporter(.notice("\(title): \($0)")) }
                return result
            }
        } catch let error as CancellationError {
            throw error
        } catch let error as Failure where error.code == .commandFailed {
            throw error
        } catch {
            throw Failure(.buildFailed, "\(title): \(error)")
        }
    }

    /// In a room its user has to reach all layers, and writes to its own.
    private func givePlaces(_ places: ExternalPlaces) throws {
        guard let room else { return }
        for folder in [places.layers.machine, places.own.machine] { chmod(folder.nameBytes, 0o755) }
        for folder in [places.plan.machine, places.own.machine] { try room.give(folder) }
    }

    private func run(_ context: BuildContext, _ places: ExternalPlaces) async throws {
        let command = try command(context, places)
        let reporter = context.reporter
        let clock = ContinuousClock()
        let start = clock.now
        reporter(.commandStarted(id: 1, text: "bin/build"))
        let end = try await runner.run(command) { reporter(.output(text: $0.text, isError: false)) }
        reporter(.commandEnded(id: 1, status: end.status, seconds: (clock.now - start) / .seconds(1)))
        guard end.isSuccess else {
            throw Failure(.commandFailed, "\(title): bin/build ended with status \(end.status)")
        }
    }

    private func command(_ context: BuildContext, _ places: ExternalPlaces) throws -> Command {
        let environment = ExternalEnvironment(
            manifest: manifest, places: places, target: context.target,
            executionEnvironment: context.executionEnvironment,
            operatorRules: try given?.operatorRules() ?? [])
        return try command(
            "build", [places.own.seen, places.platform.seen, places.planSeen],
            environment.forBuild(context.environment, context.platformVariables), context.platformVariables, places,
            places.buildSandbox)
    }
}

extension DirectoryBuildpack {
    /// Runs an extension's `bin/generate`, and reads what it does to the run image; `nil` is nothing.
    ///
    /// The files of an extension without the program are what the program would leave.
    /// - Parameter plan: the entries of the build plan that it provides.
    /// - Throws: `Failure`: `extensionFailed` when the program fails, `generateFailed` for what it left, `cannotPlan` for a
    ///   change that only the reference's extender makes; `CancellationError`.
    func generate(_ context: DetectContext, plan entries: [BuildPlan.Requirement]) async throws -> RunDockerfile? {
        let layers = context.cacheDirectory.appending("no-layers")
        return try await withPlaces(
            context.applicationDirectory, layers: layers, cache: context.cacheDirectory, context.volumes
        ) { places in
            var output = directory.appending("generate")
            if directory.appending("bin/generate").exists {
                output = places.output.machine
                try output.makeFolders(mode: 0o755)
                try places.planFile.replace(with: Array(BuildPlanFile(api: manifest.api).text(entries).utf8))
                try [places.plan.machine, output].forEach { try room?.give($0) }
                try await runGenerate(context, places)
            }
            return try dockerfile(in: output)
        }
    }

    private func runGenerate(_ context: DetectContext, _ places: ExternalPlaces) async throws {
        let environment = ExternalEnvironment(
            manifest: manifest, places: places, target: context.target,
            executionEnvironment: context.executionEnvironment, operatorRules: try given?.operatorRules() ?? [])
        let command = try command(
            "generate", [places.output.seen, places.platform.seen, places.planSeen],
            environment.forGenerate(context.environment, context.platformVariables), context.platformVariables, places,
            places.generateSandbox)
        let reporter = context.reporter
        let end = try await runner.run(command) { reporter(.output(text: $0.text, isError: false)) }
        guard end.isSuccess else {
            throw Failure(.extensionFailed, "\(title): bin/generate ended with status \(end.status)")
        }
    }

    private func dockerfile(in output: FilePath) throws -> RunDockerfile? {
        do {
            guard try ContractFile.bytes(of: output.appending("build.Dockerfile")) == nil else {
                throw unsupported("it has a build.Dockerfile")
            }
            guard let bytes = try ContractFile.bytes(of: output.appending("run.Dockerfile")) else { return nil }
            return try RunDockerfile(String(decoding: bytes, as: UTF8.self))
        } catch let error as Failure where error.code != .cannotPlan {
            throw error.failing(title, as: .generateFailed)
        }
    }

    /// What only the reference's extender does.
    func unsupported(_ reason: String) -> Failure {
        Failure(
            .cannotPlan, "the image extension \(title) changes an image, which mixpack does not do: \(reason)",
            advice: "use a builder that has what it adds, and no extension; one that only names another run image works"
        )
    }
}
