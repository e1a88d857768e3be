import BuildpackAPI
import SystemPackage

/// The environment that accumulates over the buildpacks of a build: what build layers add for those that follow.
struct BuildEnvironment {
    /// The variables so far.
    private(set) var variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    /// Adds what a buildpack's build layers contribute, layer by layer in order of their names.
    mutating func add(_ layers: [LayerContribution], in layersDirectory: FilePath) {
        for layer in layers.sorted(by: { $0.name < $1.name }) where layer.types.contains(.build) {
            addFolders(of: layersDirectory.appending(layer.name))
            for rule in layer.environment where rule.scope == .all { variables.apply(rule) }
            for rule in layer.environment where rule.scope == .build { variables.apply(rule) }
        }
    }

    private static let folderVariables = [
        ("bin", "PATH"), ("lib", "LD_LIBRARY_PATH"), ("lib", "LIBRARY_PATH"), ("include", "CPATH"),
        ("pkgconfig", "PKG_CONFIG_PATH"),
    ]

    private mutating func addFolders(of layer: FilePath) {
        for (folder, variable) in Self.folderVariables where layer.appending(folder).isDirectory {
            variables.prependPath(layer.appending(folder).string, to: variable)
        }
    }
}
