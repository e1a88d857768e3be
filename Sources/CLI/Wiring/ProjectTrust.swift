import Diagnostics
import Files
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
        guard let real = project.realPath else { return false }
        return file(of: real).text == real.string
    }

    /// Keeps the user's yes.
    func trust(_ project: FilePath) throws {
        guard let real = project.realPath else { throw Failure(.notFound, "no folder \(project)") }
        try folder.makeFolders()
        try file(of: real).replace(with: real.string.utf8)
    }

    /// Named as the project's cache is; the file says the whole path.
    private func file(of real: FilePath) -> FilePath { ProjectCache(project: real, root: folder).directory }
}
