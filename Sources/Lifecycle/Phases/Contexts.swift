import BuildpackAPI
import Commands

extension DetectContext {
    /// The context of one buildpack in a build.
    init(
        _ request: BuildRequest, _ services: PlatformServices, _ cache: ProjectCache, buildpack: any Buildpack,
        target: BuildTarget = .current, _ surroundings: Surroundings = Surroundings(stack: RunImageStack.own),
        reporter: BuildpackReporter
    ) throws {
        self.init(
            applicationDirectory: buildpack.isExternal ? cache.workspace : request.project,
            platformVariables: request.variableValues(for: buildpack), secretNames: request.secretNames,
            environment: services.buildEnvironment(cache, isExternal: buildpack.isExternal, surroundings),
            cacheDirectory: try cache.cacheDirectory(of: buildpack.descriptor.id), selection: request.selection,
            target: target, executionEnvironment: request.executionEnvironment, volumes: request.volumes,
            memory: services.memory, reporter: reporter)
    }
}

extension PlatformServices {
    /// The environment that commands of a build start from, marked so that leftovers can be found.
    ///
    /// Buildpacks of others find a stack in `CNB_STACK_ID`; libcnb up to 1.28 stops without it.
    func buildEnvironment(
        _ cache: ProjectCache, isExternal: Bool, _ surroundings: Surroundings
    ) -> [String: String] {
        var result =
            isExternal ? MachineEnvironment.specified(environment) : MachineEnvironment.scrubbed(environment)
        if cache.isGiven { return MachineEnvironment.ofBuilder(environment) }
        if isExternal {
            result["CNB_STACK_ID"] = surroundings.stack
            // The machine's own leads to folders that they cannot see, or should not depend on.
            result["PATH"] = ProgramLookup.systemPath
        }
        if let builder = surroundings.room?.builder {
            // The home folder is the builder's, as is all but the way to the network.
            result.merge(MachineEnvironment.ofBuilder(builder.environment)) { $1 }
        }
        result[LeftoverProcesses.variable] = cache.lock.string
        return result
    }
}
