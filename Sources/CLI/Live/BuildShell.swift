import Console
import Diagnostics
import ElixirBuildpacks
import Files
import Lifecycle
import SystemPackage

/// A shell in the folder where a project is built, with the variables that mix gets there.
///
/// It is no sandbox: what the folder is called differs from what mix saw while building. A shell follows variables, and runs
/// as the user, so that it gets those of project.toml only where the user trusts the project.
struct BuildShell {
    let wiring: Wiring
    let project: FilePath

    /// The user's shell, or `words` in its place.
    /// - Throws: `Failure` where nothing was built yet.
    func command(_ words: [String] = []) throws -> InteractiveCommand {
        let cache = ProjectCache(project: project, root: wiring.machine.cacheRoot)
        let kept = cache.buildpacks.appending(BuildpackID.mixRelease)
        let path = String(decoding: (try? kept.appending(MixPlaces.pathRecord).bytes()) ?? [], as: UTF8.self)
        let copy = cache.layers.appending(BuildpackID.mixRelease).appending("app").pushing(FilePath(path))
        guard copy.isFolder else {
            throw Failure(.refused, "\(project) has not been built yet", advice: "build it first")
        }
        let home = kept.appending("home")
        let shell = wiring.machine.environment["SHELL"] ?? "/bin/sh"
        return InteractiveCommand(
            words.isEmpty ? [shell] : words, environment: variables(home).mapValues { SecretValue($0) },
            workingDirectory: copy)
    }

    /// What project.toml gives, over it what was chosen for the build, over it what mix gets in any case.
    private func variables(_ home: FilePath) -> [String: String] {
        let isTrusted = wiring.trust.isTrusted(project)
        let file =
            isTrusted ? ((try? ProjectDescriptor(in: project, at: wiring.descriptor)) ?? nil)?.variables ?? [] : []
        let chosen = ChoicesStore(wiring.machine).choices(for: project)?.buildVariables
        let fixed = [
            "MIX_ENV": "prod", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "ERL_COMPILER_OPTIONS": "deterministic",
            "MIX_HOME": home.appending(".mix").string, "HEX_HOME": home.appending(".hex").string, "PATH": searchPath,
        ]
        return Dictionary(file.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            .merging(chosen ?? [:]) { $1 }.merging(fixed) { $1 }
    }

    /// The toolchain that builds the project first, wherever it comes from.
    private var searchPath: String {
        let before = wiring.machine.environment["PATH"] ?? "/usr/bin:/bin"
        guard case .ready(let toolchain)? = try? wiring.toolchain(of: project).state() else { return before }
        let own = [toolchain.elixirRoot, toolchain.erlangRoot].map { $0.appending("bin").string }
        return (own + [before]).joined(separator: ":")
    }
}
