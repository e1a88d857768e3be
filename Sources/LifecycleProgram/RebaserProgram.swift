import Diagnostics
import Files
import ImageTransports
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
            let credentials = CredentialStore(environment: environment).readingNow()
            let environment = try ContainerUser(call.owner).become(owning: [], environment)
            let scratch = try ScratchFolder(in: FilePath(environment["TMPDIR"] ?? "/tmp"), prefix: "lifecycle-")
            defer { scratch.remove() }
            let services = ProgramServices(
                environment: environment, credentials: credentials, insecureRegistries: call.insecureRegistries,
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
