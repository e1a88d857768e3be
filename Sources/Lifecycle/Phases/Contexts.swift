import BuildpackAPI
import SystemPackage

extension DetectContext {
    /// The context of one buildpack in a build.
    init(
        _ request: BuildRequest, _ services: PlatformServices, _ cache: ProjectCache, buildpack: any Buildpack,
        target: BuildTarget = .current, reporter: BuildpackReporter
    ) throws {
        self.init(
            applicationDirectory: buildpack.isExternal ? cache.workspace : request.project,
            platformVariables: request.variableValues, secretNames: request.secretNames,
            environment: services.buildEnvironment(cache, isExternal: buildpack.isExternal),
            cacheDirectory: try cache.cacheDirectory(of: buildpack.descriptor.id), selection: request.selection,
            target: target, executionEnvironment: request.executionEnvironment, volumes: request.volumes,
            reporter: reporter)
    }
}

extension PlatformServices {
    /// The environment that commands of a build start from, marked so that leftovers can be found.
    func buildEnvironment(_ cache: ProjectCache, isExternal: Bool) -> [String: String] {
        var result =
            isExternal ? MachineEnvironment.specified(environment) : MachineEnvironment.scrubbed(environment)
        result[LeftoverProcesses.variable] = cache.lock.string
        return result
    }
}

extension BuildRequest {
    /// The variables by name; the last of a name counts.
    var variableValues: [String: String] {
        Self.values(platformVariables)
    }

    /// The secrets by name, those too that the build does not get.
    var secrets: [String: String] {
        Self.values(withheldSecrets + variables.filter(\.isSecret))
    }

    /// The names of the variables whose values are secrets.
    var secretNames: Set<String> { Set(variables.filter(\.isSecret).map(\.name)) }

    /// Variables by name; the last of a name counts.
    static func values(_ variables: [PlatformVariable]) -> [String: String] {
        Dictionary(variables.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
}
