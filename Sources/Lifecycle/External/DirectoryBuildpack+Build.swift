import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage

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

    private func run(_ context: BuildContext, _ places: ExternalPlaces) async throws {
        let command = try command(context, places).command
        let reporter = context.reporter
        let clock = ContinuousClock()
        let start = clock.now
        reporter(.commandStarted(id: 1, text: "bin/build"))
        let end = try await runner.run(command) { reporter(.output(text: $0.text, isError: false)) }
        let status: Int32 =
            switch end {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        reporter(.commandEnded(id: 1, status: status, seconds: (clock.now - start) / .seconds(1)))
        guard end.isSuccess else {
            throw Failure(.commandFailed, "\(title): bin/build ended with status \(status)")
        }
    }

    private func command(_ context: BuildContext, _ places: ExternalPlaces) throws -> ExternalCommand {
        let environment = ExternalEnvironment(
            manifest: manifest, places: places, target: context.target,
            executionEnvironment: context.executionEnvironment)
        return ExternalCommand(
            program: try program("build", seenIn: places.root.seen),
            arguments: [places.own.seen, places.platform.seen, places.planSeen].map(\.string),
            environment: environment.forBuild(context.environment, context.platformVariables),
            platform: places.platform.seen, platformVariables: context.platformVariables,
            workingDirectory: places.workspace.seen, sandbox: places.buildSandbox)
    }
}
