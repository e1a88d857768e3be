import Diagnostics
import Files
import Lifecycle
import SystemPackage

/// `creator`: all phases of a build in one container.
struct CreatorProgram {
    let call: CreatorCall
    let environment: [String: String]

    /// Builds the image.
    /// - Returns: the exit code.
    func run() async -> Int32 {
        let lines = LogLines(options: call.log)
        do {
            let owned = [call.layers, call.cacheDirectory, call.launchCache].compactMap(\.self)
            let start = try ProgramStart(
                as: call.owner, owning: owned, usesEngine: call.usesDaemon, self.environment)
            let (environment, scratch) = (start.environment, start.scratch)
            defer { scratch.remove() }
            let services = ProgramServices(
                environment: environment, credentials: start.credentials, insecureRegistries: call.insecureRegistries,
                scratch: scratch.path, launcher: call.launcher)
            let keepsInImage = call.cacheImage != nil
            let folders = GivenFolders(
                application: call.application, layers: call.layers,
                cache: keepsInImage ? scratch.path.appending("cache") : call.cacheDirectory,
                platform: call.platform, buildConfiguration: call.buildConfiguration,
                home: FilePath(environment["HOME"] ?? "/"), scratch: scratch.path)
            let creator = PlatformCreator(
                call, services: services.services(PlatformCreator.form(of: call)), folders: folders)
            return await creator.run { lines.show($0) }
        } catch {
            let failure = Failure(error, or: .refused)
            Output.error("ERROR: \(failure)")
            return ExitCode.code(for: failure)
        }
    }
}
