/// The dependencies of a project: those that its mix.exs files name, and those that only its lock file does.
struct DependencyList {
    let assembly: ProjectAssembly

    /// Every dependency once, by name.
    var dependencies: [MixDependency] {
        var byName: [String: MixDependency] = [:]
        let production = ProductionDependencies(assembly).names
        for entry in assembly.lock.entries {
            byName[entry.name] = Self.indirect(entry, isForProduction: production.contains(entry.name))
        }
        for facts in assembly.all {
            for dependency in facts.dependencies { add(dependency, of: facts, to: &byName) }
        }
        for (name, path) in assembly.outside.indirect where byName[name] == nil {
            byName[name] = MixDependency(name: name, source: .path, location: path, isDirect: false)
        }
        return byName.values.sorted { $0.name < $1.name }
    }

    private func add(
        _ dependency: ProjectFacts.Dependency, of facts: ProjectFacts, to byName: inout [String: MixDependency]
    ) {
        let before = byName[dependency.name]
        let wasForProduction = before.map { $0.isDirect && $0.isForProduction } ?? false
        let entry = assembly.lock[dependency.name]
        byName[dependency.name] = MixDependency(
            name: dependency.name, source: Self.source(dependency), version: entry?.version,
            requirement: dependency.requirement, location: Self.location(dependency, of: facts),
            repository: dependency.repository ?? Self.privateRepository(entry?.repository),
            isForProduction: dependency.isForProduction || wasForProduction,
            hasOwnBuild: dependency.hasOwnBuild ?? false || before?.hasOwnBuild ?? false)
    }

    private static func source(_ dependency: ProjectFacts.Dependency) -> MixDependency.Source {
        if dependency.inUmbrella { return .umbrella }
        if dependency.path != nil { return .path }
        return dependency.git == nil ? .hex : .git
    }

    private static func location(_ dependency: ProjectFacts.Dependency, of facts: ProjectFacts) -> String? {
        dependency.git ?? dependency.path.map { $0.hasPrefix("/") ? $0 : facts.path($0) }
    }

    private static func indirect(_ entry: LockFile.Entry, isForProduction: Bool) -> MixDependency {
        MixDependency(
            name: entry.name, source: entry.source, version: entry.version, location: entry.url,
            repository: privateRepository(entry.repository), isForProduction: isForProduction, isDirect: false)
    }

    /// The repository, where it is not the public one.
    private static func privateRepository(_ name: String?) -> String? { name == "hexpm" ? nil : name }
}
