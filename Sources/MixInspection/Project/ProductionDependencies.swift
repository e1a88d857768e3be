/// Which dependencies of the lock file production has, by what mix.exs and the packages themselves ask for.
struct ProductionDependencies {
    private let assembly: ProjectAssembly

    init(_ assembly: ProjectAssembly) { self.assembly = assembly }

    /// Whether production has a package; one that the lock file has for no known reason counts.
    func has(_ name: String) -> Bool {
        let direct = assembly.all.flatMap(\.dependencies)
        if reached(from: direct.filter(\.isForProduction)).contains(name) { return true }
        guard assembly.lock[name] != nil else { return false }
        return !reached(from: direct.filter { !$0.isForProduction }).contains(name)
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
