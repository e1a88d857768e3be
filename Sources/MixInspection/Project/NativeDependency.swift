import Files
import SystemPackage

/// What has code for a compiler besides Erlang's and Elixir's, and what its build needs: a dependency, or a folder of the
/// project's own.
///
/// This is for people only: whether a build may use the network rests on `MixProject.nativeCode`.
package struct NativeDependency: Sendable, Hashable, Codable {
    package var name: String
    /// In the user's words: `make and a C compiler`, `cargo`.
    package var needs: [String]

    /// `bcrypt_elixir (make and a C compiler)`.
    package var text: String { "\(name) (\(needs.joined(separator: ", ")))" }
}

/// Finds them, by mix.lock, and by the sources where these are on the machine.
struct NativeDependencies {
    let assembly: ProjectAssembly

    private static let make = "make and a C compiler"
    /// What the packages that build native code need, by their names.
    private static let builders = [
        ("elixir_make", make), ("cc_precompiler", "a C compiler, or a build of it from the network"),
        ("rustler_precompiled", "a build of it from the network, or cargo"), ("rustler", "cargo"), ("zigler", "zig"),
    ]

    /// The project's own folders, then the dependencies of production, by name.
    var all: [NativeDependency] { own + dependencies }

    private var own: [NativeDependency] {
        assembly.all.flatMap { NativeCode.folders(of: $0, in: assembly.root) }.map { folder in
            NativeDependency(name: folder, needs: [folder.hasSuffix("c_src") ? "a C compiler" : "cargo"])
        }
    }

    private var dependencies: [NativeDependency] {
        let production = ProductionDependencies(assembly).names
        return DependencyList(assembly: assembly).dependencies.filter(\.isForProduction).compactMap { dependency in
            let name = dependency.name
            guard dependency.source != .umbrella, dependency.source == .path || production.contains(name),
                !Self.builders.contains(where: { $0.0 == name })
            else { return nil }
            var needs = lockNeeds(name)
            for need in sourceNeeds(folder(of: dependency)) where !needs.contains(where: { $0.contains(need) }) {
                needs.append(need)
            }
            return needs.isEmpty ? nil : NativeDependency(name: name, needs: needs)
        }
    }

    private func folder(of dependency: MixDependency) -> FilePath {
        guard dependency.source == .path, let location = dependency.location else {
            return assembly.root.appending("deps/\(dependency.name)")
        }
        return assembly.root.pushing(FilePath(location))
    }

    private func lockNeeds(_ name: String) -> [String] {
        guard let entry = assembly.lock[name] else { return [] }
        let named = Self.builders.filter { entry.needs.contains($0.0) }.map(\.1)
        // What comes precompiled says both.
        let needs = named.filter { need in !named.contains { $0 != need && $0.contains(need) } }
        if needs.contains(where: { $0.contains("network") }) { return needs.filter { $0.contains("network") } }
        // Where mix or rebar3 can build it, a Makefile is for its maintainers, or its sources show what it is for.
        return needs.isEmpty && entry.managers == ["make"] ? [Self.make] : needs
    }

    private func sourceNeeds(_ folder: FilePath) -> [String] {
        var needs: [String] = []
        if folder.appending("c_src").isFolder || Self.namesPorts(folder.appending("rebar.config")) {
            needs.append("a C compiler")
        }
        let crates = [folder] + folder.appending("native").names.map { folder.appending("native").appending($0) }
        if crates.contains(where: { $0.appending("Cargo.toml").isFile }) { needs.append("cargo") }
        if folder.appending("build.zig").isFile { needs.append("zig") }
        if folder.appending("go.mod").isFile { needs.append("go") }
        return needs
    }

    /// Whether rebar3 builds ports: `port_specs`, not in a comment.
    static func namesPorts(_ file: FilePath) -> Bool {
        guard let text = try? ProjectFile.text(file) else { return false }
        return text.split(whereSeparator: \.isNewline).contains { line in
            line.prefix { $0 != "%" }.contains("port_specs")
        }
    }
}
