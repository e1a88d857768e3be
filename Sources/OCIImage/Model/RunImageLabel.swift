/// The labels of the run images that mixpack makes: lists, separated by commas.
package enum RunImageLabel {
    /// The tools beyond those of releases.
    package static let tools = "io.mixpack.run-image.tools"
    /// The libraries beyond those of the runtime.
    package static let libraries = "io.mixpack.run-image.libraries"
    /// The programs that were asked for.
    package static let programs = "io.mixpack.run-image.programs"
    /// The packages that its files come from, each as `name=version`: a rebase in a registry reads no layers to compare them.
    package static let packages = "io.mixpack.run-image.packages"

    /// The value of `packages`.
    package static func text(of versions: [String: String]) -> String {
        versions.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
    }
}

extension Image {
    /// The values of one of `RunImageLabel`; empty where there is no such label.
    package func list(_ label: String) -> [String] {
        (configuration.config.labels[label] ?? "").split(separator: ",").map(String.init)
    }

    /// The versions of the run image's packages by name, as its label says; `nil` if it does not.
    package var listedPackages: [String: String]? {
        guard configuration.config.labels[RunImageLabel.packages] != nil else { return nil }
        let parts = list(RunImageLabel.packages).map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(parts.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
    }
}
