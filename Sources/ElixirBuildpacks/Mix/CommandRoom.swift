import Commands
import SystemPackage

/// What one command gets besides what all commands of a build get.
struct CommandRoom {
    /// Variables that take the place of the build's.
    var variables: [String: String] = [:]
    /// Variables whose values nobody reads.
    var secrets: [String: String] = [:]
    /// Empty folders in the sandbox's memory.
    var memory: [FilePath] = []
    /// Further folders and files that the sandbox shows.
    var binds: [Sandbox.Bind] = []
}
