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
