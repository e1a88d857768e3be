/// Starts a process without a shell: the program takes the launcher's place.
struct DirectLaunch {
    private let process: LaunchProcess
    private let environment: LaunchEnvironment

    init(_ process: LaunchProcess, _ environment: LaunchEnvironment) {
        self.process = process
        self.environment = environment
    }

    /// Becomes the program; returns only to throw.
    func run() throws(LaunchError) {
        let program = try ProgramLookup.path(
            of: process.command.first ?? "", in: environment.variables["PATH"] ?? "")
        do throws(SystemFailure) {
            try System.execute(
                program, arguments: process.command + process.arguments, environment: environment.variables.lines)
        } catch {
            // The kernel says so too when the interpreter or loader that the file names is missing.
            let isIncomplete = System.isFile(program) && error.isNotFound
            throw LaunchError(
                .launch,
                "cannot run " + program + ": "
                    + (isIncomplete ? "the interpreter or loader that it names is not in the image" : error.text))
        }
    }
}
