import SystemPackage

/// What a program may see of the machine: the folders it is given, at the paths it is given them.
///
/// It is carried out with bubblewrap. Besides the binds the program sees the machine's programs and libraries, read-only,
/// the few files of `/etc` that they need, and an empty `/tmp`; nobody's home folder. Where there is no bubblewrap
/// (`CommandRunner.sandboxStatus`), a command with a sandbox is refused.
package struct Sandbox: Sendable, Hashable {
    /// One folder or file of the machine, placed inside the sandbox.
    package struct Bind: Sendable, Hashable {
        package var source: FilePath
        /// The path that the program sees.
        package var destination: FilePath
        package var isWritable: Bool

        package init(_ source: FilePath, at destination: FilePath, isWritable: Bool = false) {
            self.source = source
            self.destination = destination
            self.isWritable = isWritable
        }
    }

    /// The folders that the program sees, in the order in which they are placed.
    package var binds: [Bind]
    package var hasNetwork: Bool
    /// Empty folders in memory that the program may write to, as in `/tmp`; gone when it ends.
    package var temporaryFolders: [FilePath]
    /// What stands for the whole root, in place of the machine's programs and files.
    package var root: SandboxRoot?
    /// What the program may use at most.
    package var limits: ResourceLimits

    package init(
        binds: [Bind], hasNetwork: Bool = false, temporaryFolders: [FilePath] = [], root: SandboxRoot? = nil,
        limits: ResourceLimits = .files
    ) {
        self.binds = binds
        self.hasNetwork = hasNetwork
        self.temporaryFolders = temporaryFolders
        self.root = root
        self.limits = limits
    }
}
