import Diagnostics
import Files
import Glibc
import SystemPackage

/// Finds programs in the folders of a `PATH`, as a shell does.
package struct ProgramLookup: Sendable {
    /// Where programs are looked for when an environment has no `PATH`.
    package static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private let folders: [FilePath]

    /// Creates a lookup.
    /// - Parameter searchPath: folders joined by colons; `nil` or empty takes `systemPath`.
    package init(searchPath: String?) {
        let path = searchPath.flatMap { $0.isEmpty ? nil : $0 } ?? Self.systemPath
        folders = path.split(separator: ":").map { FilePath(String($0)) }
    }

    /// The first program of this name, or `nil`.
    ///
    /// A name with a slash is taken as it is.
    package func find(_ program: FilePath) -> FilePath? {
        if program.string.contains("/") { return Self.isProgram(program) ? program : nil }
        return folders.lazy.map { $0.appending(program.string) }.first(where: Self.isProgram)
    }

    /// The program of a command.
    static func program(of command: Command) throws(Failure) -> FilePath {
        let lookup = ProgramLookup(searchPath: command.environment["PATH"])
        if let program = lookup.find(command.executable) { return program }
        throw Failure(executable: command.executable.string, reason: "not found, or not executable")
    }

    private static func isProgram(_ path: FilePath) -> Bool {
        path.isFile && access(path.string, X_OK) == 0
    }
}
