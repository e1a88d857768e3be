import SystemPackage

/// One program to run: what, where, with which environment, and in which sandbox.
///
/// The environment is whole: nothing is inherited from mixpack's own.
package struct Command: Sendable, Hashable {
    /// The program, absolute or looked up in the environment's `PATH`.
    package var executable: FilePath
    /// The arguments, without the program's own name.
    package var arguments: [String]
    /// Every variable the program sees.
    package var environment: [String: String]
    /// The folder it starts in, as the program sees it (inside the sandbox, where there is one).
    package var workingDirectory: FilePath
    /// The sandbox that it runs in; `nil` runs it on the machine as it is.
    package var sandbox: Sandbox?
    /// Whether it leaves the processors to others that want them.
    package var givesWay: Bool

    package init(
        _ executable: FilePath, _ arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: FilePath, sandbox: Sandbox? = nil,
        givesWay: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.sandbox = sandbox
        self.givesWay = givesWay
    }

    /// The command as a shell would take it: each word quoted where it must be.
    package var shellText: String {
        ([executable.string] + arguments).map(ShellWord.quoted).joined(separator: " ")
    }
}
