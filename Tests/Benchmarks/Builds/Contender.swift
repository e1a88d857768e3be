import SystemPackage
import TestSupport

/// What is done to a project before it is built.
enum Scenario: String, CaseIterable {
    case first = "first build"
    case edit = "one-line edit"
    case unchanged = "no change"
}

/// A way to build a release of a project, to be timed.
protocol Contender {
    /// The name in the table.
    var name: String { get }

    /// Makes everything as if the project had never been built this way.
    func forget(_ project: BenchProject) async throws

    /// Builds, and gives the seconds that it took.
    func build(_ project: BenchProject) async throws -> Double
}

/// A project that is built again and again.
struct BenchProject {
    var name: String
    var folder: FilePath
    /// Changes one line; each edition is another text.
    var edit: (Int) throws -> Void
}

extension Contender {
    /// The median of five builds.
    func median(_ scenario: Scenario, of project: BenchProject, editions: inout Int) async throws -> Double {
        if scenario != .first { _ = try await build(project) }
        var times: [Double] = []
        for _ in 0..<5 {
            switch scenario {
            case .first: try await forget(project)
            case .edit:
                editions += 1
                try project.edit(editions)
            case .unchanged: break
            }
            times.append(try await build(project))
        }
        return times.sorted()[2]
    }
}
