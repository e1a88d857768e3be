import Diagnostics
import Files
import Toolchains

extension MixProject {
    /// The variables that one release reads.
    ///
    /// Left out are those of an umbrella's children that are not in the release, and those of start-time configuration
    /// that the release does not have (`runtime_config_path`).
    package func variables(of release: MixRelease) -> [ProjectVariable] {
        let absent = childrenAbsent(from: release)
        return variables.filter { variable in
            if isStartConfiguration(variable.file) && !isRead(variable, through: release) { return false }
            return !absent.contains { variable.file.hasPrefix($0.path + "/") }
        }
    }

    /// The children that a release of an umbrella contains: those that it names and what they depend on.
    package func children(of release: MixRelease) -> [ChildApp] {
        guard kind == .umbrella, !release.applications.isEmpty else { return children }
        var names = Set<String>()
        var open = release.applications.filter { $0.mode != "none" }.map(\.name)
        while let name = open.popLast() {
            guard names.insert(name).inserted, let child = children.first(where: { $0.name == name }) else { continue }
            open += child.umbrellaDependencies
        }
        return children.filter { names.contains($0.name) }
    }

    /// The releases of an umbrella that contain a child.
    package func releases(with child: String) -> [MixRelease] {
        releases.filter { release in children(of: release).contains { $0.name == child } }
    }

    /// The release that a child is most likely wanted in: the only one that contains it, or the default if that does.
    package func preferredRelease(with child: String) -> MixRelease? {
        let found = releases(with: child)
        return found.count == 1 ? found.first : found.first { $0.name == defaultRelease }
    }

    /// Whether something of it is written in Rust and compiled with it.
    package var needsRust: Bool {
        nativeCode.contains { $0 == "rustler" || $0.hasPrefix("native/") || $0.contains("/native/") }
    }

    /// The names of everything that is a dependency of the project and no part of it.
    package var dependencyNames: Set<String> {
        Set(lockedDependencies).union(dependencies.filter { $0.source != .umbrella }.map(\.name))
    }

    private func childrenAbsent(from release: MixRelease) -> [ChildApp] {
        let present = Set(children(of: release).map(\.name))
        return children.filter { !present.contains($0.name) }
    }

    private func isStartConfiguration(_ file: String) -> Bool {
        file == "\(configFolder)/runtime.exs" || file == "\(configFolder)/releases.exs"
    }

    private func isRead(_ variable: ProjectVariable, through release: MixRelease) -> Bool {
        release.runtimeConfigPath == variable.file
            || (variable.file == "\(configFolder)/releases.exs"
                && release.runtimeConfigPath == "\(configFolder)/runtime.exs")
    }
}

extension MixProject {
    /// What `elixir:` asks for, of the project itself (`.`) and of each child, by folder.
    package var elixirRequirements: [(folder: String, requirement: String)] {
        let own = elixirRequirement.map { [(folder: ".", requirement: $0)] } ?? []
        return own + children.compactMap { child in child.elixirRequirement.map { (child.path, $0) } }
    }

    /// The release that would be built, after everything that speaks against a build has been looked at.
    /// - Parameters:
    ///   - requested: the release that the user named.
    ///   - toolchain: what is installed; without it, versions are not compared.
    /// - Throws: `Failure`: a version conflict, the first finding that is an error, or what `ReleaseChoice` says.
    package func plan(requested: String? = nil, toolchain: Toolchain?) throws(Failure) -> ChosenRelease {
        if let toolchain { try toolchain.check(self) }
        if let finding = findings.first(where: { $0.severity == .error }) {
            throw Failure(
                .cannotPlan, finding.text, at: Place(finding.file, line: finding.line), advice: finding.advice)
        }
        let chosen = try ReleaseChoice.resolve(self, requested: requested)
        if !chosen.release.includesErts {
            throw Failure(
                .cannotPlan, "release \(chosen.name) leaves Erlang out, so it cannot start in an image",
                at: Place("mix.exs"),
                advice: "remove include_erts from mix.exs")
        }
        if chosen.release.isWrapped {
            throw Failure(
                .cannotPlan, "release \(chosen.name) is made for Burrito: it becomes one program, not an image",
                at: Place("mix.exs"), advice: MixRelease.wrappedAdvice)
        }
        return chosen
    }
}
