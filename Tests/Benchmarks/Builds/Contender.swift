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
