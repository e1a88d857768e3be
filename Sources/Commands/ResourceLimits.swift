import Files
import SystemPackage

/// What a program in a sandbox may use at most.
///
/// There is no limit on address space: the BEAM reserves far more than it uses.
package struct ResourceLimits: Sendable, Hashable {
    /// The size of each file that it writes, in bytes.
    package var fileSize: Int64
    /// The memory of all its processes together, as systemd writes it; `nil` leaves that open.
    package var memory: String?
    /// The number of its processes and threads; `nil` leaves that open.
    package var processes: Int?

    /// For what only reads or writes little, such as git.
    package static let files = ResourceLimits(fileSize: 16 << 30)
    /// For what builds.
    package static let build = ResourceLimits(fileSize: 16 << 30, memory: "90%", processes: 16_384)

    /// The words in front of a program that set the limits of files; none without the tool.
    ///
    /// A core file would hold the environment, with the secrets in it.
    func words(_ prlimit: FilePath?) -> [String] {
        guard let prlimit else { return [] }
        return [prlimit.string, "--core=0:0", "--fsize=\(fileSize):\(fileSize)", "--"]
    }

    /// systemd's properties for the limits that a group of processes has.
    var properties: [String] {
        let all = [memory.map { "MemoryMax=\($0)" }, processes.map { "TasksMax=\($0)" }]
        return all.compactMap(\.self).flatMap { ["-p", $0] }
    }
}
