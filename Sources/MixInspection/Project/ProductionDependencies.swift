/// Which dependencies of the lock file production has, by what mix.exs and the packages themselves ask for.
struct ProductionDependencies {
    private let assembly: ProjectAssembly

    init(_ assembly: ProjectAssembly) { self.assembly = assembly }

    /// Whether production has a package.
    func has(_ name: String) -> Bool { names.contains(name) }

    /// The packages that production has; one that the lock file has for no known reason counts.
    var names: Set<String> {
        let direct = assembly.all.flatMap(\.dependencies)
        let others = reached(from: direct.filter { !$0.isForProduction })
        return reached(from: direct.filter(\.isForProduction))
            .union(Set(assembly.lock.entries.map(\.name)).subtracting(others))
    }

    private func reached(from dependencies: [ProjectFacts.Dependency]) -> Set<String> {
        var names: Set<String> = []
        var open = dependencies.map(\.name)
        while let name = open.popLast() {
            guard names.insert(name).inserted else { continue }
            open += assembly.lock[name]?.needs ?? []
        }
        return names
    }
}
