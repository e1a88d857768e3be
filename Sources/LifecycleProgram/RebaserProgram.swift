import Diagnostics
import Files
import Lifecycle
import SystemPackage

/// `rebaser`: an image on another run image.
struct RebaserProgram {
    let call: RebaserCall
    let environment: [String: String]

    /// Rebases the image.
    /// - Returns: the exit code.
    func run() async -> Int32 {
        let lines = LogLines(options: call.log)
        do {
            let start = try ProgramStart(
                as: call.owner, owning: [], usesEngine: call.usesDaemon, self.environment)
            let scratch = start.scratch
            defer { scratch.remove() }
            let services = ProgramServices(
                environment: start.environment, credentials: start.credentials,
                insecureRegistries: call.insecureRegistries,
                scratch: scratch.path, launcher: "/cnb/lifecycle/launcher")
            let report = try await PlatformRebaser(call, services: services.services()).run { lines.info($0) }
            report.warnings.forEach { Output.error("Warning: \($0)") }
            lines.info("Rebased on \(report.runImage)")
            lines.info("*** Digest: \(report.digest)")
            return ExitCode.success
        } catch {
            let failure = Failure(error, or: .rebaseFailed)
            Output.error("ERROR: failed to rebase: \(failure)")
            return failure.code == .usage ? ExitCode.usage : ExitCode.rebase
        }
    }
}
