import Files
import MixInspection
import SystemPackage

/// Which of a project's dependencies can be compiled without the project, and which see which.
struct DependencyGraph {
    /// What each sees, by name; only dependencies that can be compiled without the project.
    let seen: [String: Set<String>]
    /// All of them, each after what it sees.
    let order: [String]

    /// - Parameters:
    ///   - folder: the folder that holds the sources of all, `deps`.
    init(_ project: MixProject, _ lock: DependencyLock, folder: FilePath) {
        let special = project.dependencies.filter { $0.hasOwnBuild || $0.source == .path || $0.source == .umbrella }
        let names = lock.names.filter { folder.appending($0).isFolder }.subtracting(special.map(\.name))
        let there = Set(folder.names)
        var seen: [String: Set<String>] = [:]
        for name in names {
            guard let needs = lock.needs(of: name) ?? Self.needs(of: folder.appending(name)) else { continue }
            seen[name] = needs.intersection(there).subtracting([name])
        }
        var order: [String] = []
        var state: [String: Bool] = [:]
        for name in names.sorted() { _ = Self.visit(name, seen, &state, &order) }
        self.order = order
        self.seen = seen.filter { state[$0.key] == true }
    }

    /// Puts a dependency after what it sees; `false` if that cannot be compiled without the project, or is a circle.
    private static func visit(
        _ name: String, _ seen: [String: Set<String>], _ state: inout [String: Bool], _ order: inout [String]
    ) -> Bool {
        if let known = state[name] { return known }
        state[name] = false
        guard let needs = seen[name] else { return false }
        for need in needs.sorted() {
            guard visit(need, seen, &state, &order) else { return false }
        }
        state[name] = true
        order.append(name)
        return true
    }

    /// What a dependency's own mix.exs asks for, where reading it tells.
    private static func needs(of folder: FilePath) -> Set<String>? {
        guard let project = try? MixInspector.staticLook(folder), project.unknowns.isEmpty else { return nil }
        return Set(project.dependencies.filter(\.isDirect).map(\.name))
    }
}
