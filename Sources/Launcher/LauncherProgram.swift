/// The program at `/cnb/lifecycle/launcher`: starts a process of the image (CNB Platform specification, "launcher").
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
            try DirectLaunch(process, environment).run()
        } else {
            try ShellLaunch(process, environment, image, launcherName: arguments.first ?? "launcher").run()
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
