/// Starts a process without a shell: the program takes the launcher's place.
struct DirectLaunch {
    let process: LaunchProcess
    let environment: LaunchEnvironment

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

/// Finds a program as a shell would.
enum ProgramLookup {
    /// The path of a program: as it is if it has a slash, else the first executable file of that name in `PATH`.
    static func path(of program: ByteString, in searchPath: ByteString) throws(LaunchError) -> ByteString {
        guard !program.isEmpty else { throw LaunchError(.launch, "the process has no command") }
        if program.contains(UInt8(ascii: "/")) { return program }
        for folder in searchPath.split(by: .colon) {
            let path = (folder.isEmpty ? "." : folder) + "/" + program
            if System.isExecutable(path) { return path }
        }
        throw LaunchError(.launch, program + " is not in PATH: " + searchPath)
    }
}
