import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage
import Text

extension DirectoryBuildpack {
    /// Runs `bin/detect`: 0 passes, 100 fails, anything else is an error.
    /// - Throws: `Failure` of kind `detectFailed`, `CancellationError`.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        let output = OutputTail()
        do {
            return try await detect(context, output)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(.detectFailed, "\(title): \(error)")
        }
    }

    private func detect(_ context: DetectContext, _ output: OutputTail) async throws -> DetectResult {
        let layers = context.cacheDirectory.appending("no-layers")
        return try await withPlaces(
            context.applicationDirectory, layers: layers, cache: context.cacheDirectory, context.volumes
        ) { places in
            try places.planFile.replace(with: [])
            let reporter = context.reporter
            let end = try await runner.run(try command(context, places).command) { chunk in
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

    private func command(_ context: DetectContext, _ places: ExternalPlaces) throws -> ExternalCommand {
        let environment = ExternalEnvironment(
            manifest: manifest, places: places, target: context.target,
            executionEnvironment: context.executionEnvironment)
        return ExternalCommand(
            program: try program("detect", seenIn: places.root.seen),
            arguments: [places.platform.seen.string, places.planSeen.string],
            environment: environment.forDetect(context.environment, context.platformVariables),
            platform: places.platform.seen, platformVariables: context.platformVariables,
            workingDirectory: places.workspace.seen, sandbox: places.detectSandbox)
    }

    private func plan(_ places: ExternalPlaces) throws -> BuildPlan {
        guard let table = try ContractFile.table(of: places.planFile) else {
            throw Failure(.malformed, "bin/detect removed the build plan file")
        }
        return try DetectPlanFile(api: manifest.api).plan(table)
    }

    /// The last line that was written, which tells most of why it does not fit.
    private static func reason(_ output: String) -> String {
        output.split(separator: "\n").last.map(String.init) ?? "bin/detect says that it does not fit"
    }
}
