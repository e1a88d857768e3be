import BuildpackAPI

extension DetectContext {
    /// The context of one buildpack in a build.
    init(
        _ request: BuildRequest, _ services: PlatformServices, _ cache: ProjectCache, buildpack: any Buildpack,
        target: BuildTarget = .current, reporter: BuildpackReporter
    ) throws {
        self.init(
            applicationDirectory: buildpack.isExternal ? cache.workspace : request.project,
            platformVariables: request.variableValues(for: buildpack), secretNames: request.secretNames,
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
