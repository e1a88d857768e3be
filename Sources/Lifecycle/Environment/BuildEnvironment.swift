import BuildpackAPI
import Files
import SystemPackage

/// The environment that accumulates over the buildpacks of a build: what build layers add for those that follow.
struct BuildEnvironment {
    /// The variables so far.
    private(set) var variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    /// Adds what a buildpack's build layers contribute, layer by layer in order of their names.
    ///
    /// External buildpacks keep their rules in files, with the machine's paths in place of those they saw.
    /// - Throws: `Failure` for a rule that cannot be read.
    mutating func add(_ part: BuiltLayers.Part) throws {
        for layer in part.result.layers.sorted(by: { $0.name < $1.name }) where layer.types.contains(.build) {
            let folder = part.layersDirectory.appending(layer.name)
            addFolders(of: folder)
            for rule in try rules(of: layer, in: folder, part) { variables.apply(rule) }
        }
    }

    private func rules(
        of layer: LayerContribution, in folder: FilePath, _ part: BuiltLayers.Part
    ) throws -> [EnvironmentRule] {
        guard part.isExternal else {
            return layer.environment.filter { $0.scope == .all } + layer.environment.filter { $0.scope == .build }
        }
        let api = APIVersion(part.buildpack.api) ?? APIVersion.supported.upperBound
        return try [("env", EnvironmentRule.Scope.all), ("env.build", .build)].flatMap { name, scope in
            let files = EnvironmentFolder(path: folder.appending(name), api: api, root: part.layersDirectory)
            return try files.rules(scope: scope).map { rule in
                var rule = rule
                let own = ProjectCache.escaped(part.buildpack.id)
                rule.value = rule.value.replacing("/layers/\(own)/", with: part.layersDirectory.string + "/")
                return rule
            }
        }
    }

    private static let folderVariables = [
        ("bin", "PATH"), ("lib", "LD_LIBRARY_PATH"), ("lib", "LIBRARY_PATH"), ("include", "CPATH"),
        ("pkgconfig", "PKG_CONFIG_PATH"),
    ]

    private mutating func addFolders(of layer: FilePath) {
        for (folder, variable) in Self.folderVariables where layer.appending(folder).isFolder {
            variables.prependPath(layer.appending(folder).string, to: variable)
        }
    }
}
