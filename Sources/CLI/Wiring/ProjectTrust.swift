import Files
import FoundationEssentials
import Glibc
import Lifecycle
import SystemPackage

/// Which projects' code may run where there is no sandbox.
///
/// A yes is kept in mixpack's own state by the project's real path, never in the project, which would say it itself.
struct ProjectTrust: Sendable {
    /// The variable that trusts the project of this run.
    static let variable = "MIXPACK_TRUST_PROJECT"

    /// Whether the user trusts the project of this run, by flag or variable.
    var isGiven: Bool
    private let folder: FilePath

    /// Reads the variable; the answers of earlier runs are looked up where they are asked for.
    init(machine: Machine) {
        isGiven = machine.environment[Self.variable] == "1"
        folder = machine.state.appending("trust")
    }

    /// Whether the user trusts a project, for this run or from an earlier answer.
    func isTrusted(_ project: FilePath) -> Bool {
        if isGiven { return true }
        guard let real = project.realPath, let data = FileManager.default.contents(atPath: file(of: real).string)
        else { return false }
        return String(decoding: data, as: UTF8.self) == real.string
    }

    /// Keeps the user's yes.
    func trust(_ project: FilePath) throws {
        guard let real = project.realPath else { throw Errno.noSuchFileOrDirectory }
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: true, attributes: mode)
        let descriptor = try FileDescriptor.open(
            file(of: real), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(real.string.utf8) }
    }

    /// Named as the project's cache is; the file says the whole path.
    private func file(of real: FilePath) -> FilePath { ProjectCache(project: real, root: folder).directory }
}
