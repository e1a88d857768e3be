import BuildpackAPI
import Commands

extension DetectContext {
    /// The context of one buildpack in a build.
    init(
        _ request: BuildRequest, _ services: PlatformServices, _ cache: ProjectCache, buildpack: any Buildpack,
        target: BuildTarget = .current, stack: String = RunImageStack.own, reporter: BuildpackReporter
    ) throws {
        self.init(
            applicationDirectory: buildpack.isExternal ? cache.workspace : request.project,
            platformVariables: request.variableValues(for: buildpack), secretNames: request.secretNames,
            environment: services.buildEnvironment(cache, isExternal: buildpack.isExternal, stack: stack),
            cacheDirectory: try cache.cacheDirectory(of: buildpack.descriptor.id), selection: request.selection,
            target: target, executionEnvironment: request.executionEnvironment, volumes: request.volumes,
            reporter: reporter)
    }
}

extension PlatformServices {
    /// The environment that commands of a build start from, marked so that leftovers can be found.
    /// - Parameter stack: what buildpacks of others find in `CNB_STACK_ID`; libcnb up to 1.28 stops without it.
    func buildEnvironment(_ cache: ProjectCache, isExternal: Bool, stack: String) -> [String: String] {
        var result =
            isExternal ? MachineEnvironment.specified(environment) : MachineEnvironment.scrubbed(environment)
        if cache.isGiven { return MachineEnvironment.ofContainer(environment) }
        if isExternal {
            result["CNB_STACK_ID"] = stack
            // The machine's own leads to folders that they cannot see, or should not depend on.
            result["PATH"] = ProgramLookup.systemPath
        }
        result[LeftoverProcesses.variable] = cache.lock.string
        return result
    }
}
