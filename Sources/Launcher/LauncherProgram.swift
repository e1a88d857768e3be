/// The program at `/cnb/lifecycle/launcher`: starts a process of the image (CNB Platform specification, "launcher").
///
/// Specification: https://github.com/buildpacks/spec/blob/main/platform.md#launcher
@main struct LauncherProgram {
    static func main() {
        do throws(LaunchError) {
            try launch()
        } catch {
            System.complain(error.message)
            System.exit(error.kind.rawValue)
        }
    }

    private static func launch() throws(LaunchError) {
        let arguments = System.arguments
        if let check = try HealthCheck(arguments) { return try check.run() }
        let image = try LaunchImage(Variables(System.environment))
        warnOfProcessType(image)
        let process = try LaunchProcess(arguments, image)
        var environment = LaunchEnvironment(image)
        try changeDirectory(to: image.appDirectory)
        try environment.addLayers(processType: process.type)
        try environment.runExecD(processType: process.type)
        try InterruptSwitch.apply(to: &environment)
        if process.isDirect {
            if !process.workingDirectory.isEmpty { try changeDirectory(to: process.workingDirectory) }
            try DirectLaunch(process: process, environment: environment).run()
        } else {
            let name = arguments.first ?? "launcher"
            try ShellLaunch(process: process, environment: environment, image: image, launcherName: name).run()
        }
    }

    private static func warnOfProcessType(_ image: LaunchImage) {
        guard let type = image.variables["CNB_PROCESS_TYPE"], !type.isEmpty else { return }
        System.complain("CNB_PROCESS_TYPE does nothing; start the image with --entrypoint " + type + " instead")
    }

    private static func changeDirectory(to folder: ByteString) throws(LaunchError) {
        do throws(SystemFailure) {
            try System.changeDirectory(to: folder)
        } catch {
            throw LaunchError(.launch, "cannot go to " + folder + ": " + error.text)
        }
    }
}

/// Why nothing was started, and the exit status that says so (CNB Platform specification, "Launch").
struct LaunchError: Error {
    /// What kind of failure it is; the raw value is the exit status.
    enum Kind: Int32 {
        /// The image's metadata is missing or broken.
        case metadata = 1
        /// The image asks for a Platform API that this launcher does not have.
        case platformAPI = 11
        /// A buildpack asks for a Buildpack API that this launcher does not have.
        case buildpackAPI = 12
        /// The process cannot be chosen, prepared or started.
        case launch = 82
        /// The container does not work: what engines take any other status for, too.
        static let unhealthy = Kind.metadata
    }

    let kind: Kind
    let message: ByteString

    init(_ kind: Kind, _ message: ByteString) {
        self.kind = kind
        self.message = message
    }
}
