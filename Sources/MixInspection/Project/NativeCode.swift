import Files
import SystemPackage

/// What shows that a project needs a compiler for C, C++ or Rust.
struct NativeCode {
    let assembly: ProjectAssembly

    /// Packages that build native code, or fetch it ready made.
    private static let packages = ["rustler", "rustler_precompiled", "elixir_make", "cc_precompiler", "zigler"]

    /// Folders and dependencies, such as `native/fast` and `rustler`.
    var evidence: [String] {
        let folders = assembly.all.flatMap { Self.folders(of: $0, in: assembly.root) }
        let packages = Self.packages.filter { name in
            assembly.lock[name] != nil || assembly.all.contains { $0.dependencies.contains { $0.name == name } }
        }
        return folders + packages + portFolders
    }

    /// Dependencies by path that rebar3 builds with `port_specs`.
    private var portFolders: [String] {
        assembly.all.flatMap { facts in
            facts.dependencies.compactMap { dependency -> String? in
                guard let path = dependency.path, !dependency.inUmbrella, !path.hasPrefix("/") else { return nil }
                let file = facts.path("\(path)/rebar.config")
                return NativeDependencies.namesPorts(assembly.root.appending(file))
                    ? "\(facts.path(path)): port_specs" : nil
            }
        }
    }

    /// The folders of native source that lie beside a mix.exs.
    static func folders(of facts: ProjectFacts, in root: FilePath) -> [String] {
        let sources = root.appending(facts.path("c_src")).isFolder ? [facts.path("c_src")] : []
        let crates = root.appending(facts.path("native")).names
            .map { facts.path("native/\($0)") }
            .filter { root.appending("\($0)/Cargo.toml").leadsSomewhere }
        return sources + crates
    }
}
