import BuildpackAPI
import Diagnostics
import Files
import Materials
import MixInspection
import SystemPackage

/// What a finished release contributes to the image.
struct ReleaseResult {
    let plan: ReleasePlan
    let context: BuildContext
    let release: FinishedRelease
    /// The folder that has the release's layers.
    let layersFolder: FilePath
    let reason: String
    /// The copy of the project that mix worked in.
    let copy: FilePath
    /// Whether the copy is a layer that the next build gets again.
    let keepsCopy: Bool
    /// The project's files that scripts of `bin` are copies of, by their names there.
    let sources: [String: String]

    var value: BuildResult {
        let secrets = compiledSecrets
        secrets.forEach(tell)
        tellTimeZones()
        let environment = imageEnvironment
        var labels = [
            "io.mixpack.release": release.name, "io.mixpack.release-version": release.version,
            "org.opencontainers.image.title": release.name, "org.opencontainers.image.version": release.version,
        ]
        // A path of this machine, or a password, would say nothing to others.
        labels["org.opencontainers.image.source"] = plan.project.sourceURL.flatMap(RemoteAddress.init)?.text
        var result = BuildResult(
            layers: layers, processes: [process] + (migrate.map { [$0] } ?? []), labels: labels,
            imageEnvironment: environment,
            exposedPorts: environment["PORT"] == nil ? [] : [4000], requiredVariables: requiredVariables,
            compiledSecrets: secrets, omitsSource: true)
        result.imageLinks = Self.links
        for (name, file) in sources { result.sources["\(Self.programs)/\(name)"] = file }
        result.trials =
            ReleaseTrials(
                name: release.name, version: release.version, start: process.command + process.arguments,
                required: requiredVariables,
                given: context.platformVariables.filter { !context.secretNames.contains($0.key) }
            ).all
        return result
    }

    // MARK: Layers

    private var layers: [LayerContribution] {
        let toolchain = plan.toolchain
        let versions: [String: MetadataValue] = [
            "erlang": .string(toolchain.otpVersion), "elixir": .string(toolchain.elixirVersion),
        ]
        let dependencies = layersFolder.appending("\(ReleaseLayers.deps)/lib").names
        let base = LayerContribution(
            ReleaseLayers.base, types: .launch, metadata: versions,
            reason: "Erlang/OTP \(toolchain.otpVersion) and Elixir \(toolchain.elixirVersion)")
        let native = LayerContribution(
            ReleaseLayers.native, types: .launch, metadata: ["erlang": .string(toolchain.otpVersion)],
            reason: "native code of Erlang/OTP \(toolchain.otpVersion)")
        let deps = LayerContribution(
            ReleaseLayers.deps, types: .launch,
            metadata: ["applications": .array(dependencies.map(MetadataValue.string))],
            reason: "\(dependencies.count) dependencies")
        let own = LayerContribution(
            ReleaseLayers.release, types: .launch,
            metadata: ["name": .string(release.name), "version": .string(release.version)],
            environment: [Self.interrupt] + launchVariables, reason: reason)
        let made = ([base, native] + (dependencies.isEmpty ? [] : [deps]) + [own]).map { layer in
            var layer = layer
            if layersFolder != context.layersDirectory { layer.folder = layersFolder.appending(layer.name) }
            return layer
        }
        let app = LayerContribution("app", types: .cache, reason: "the copy of the project, with the compiled code")
        return made + (keepsCopy ? [app] : [])
    }

    // MARK: Start

    /// On a terminal, one Ctrl-C stops the container in order; the launcher reads this (see its `InterruptSwitch`).
    private static let interrupt = EnvironmentRule("MIXPACK_CTRL_C", "stop", action: .default, scope: .process("web"))

    /// The image's variables once more, for platforms that let buildpacks set them in no other way.
    private var launchVariables: [EnvironmentRule] {
        imageEnvironment.sorted { $0.key < $1.key }.map {
            EnvironmentRule($0.key, $0.value, action: .default, scope: .launch)
        }
    }

    private static let folder = "/layers/\(BuildpackID.mixRelease)/release"
    private static let programs = folder + "/bin"
    /// Phoenix's own Dockerfile has the release there, and what is written for it names its programs so.
    private static let links = ["/app": folder]

    private var process: ProcessType {
        let programs = Self.programs
        if release.hasServerScript {
            return ProcessType("web", command: ["\(programs)/server"], isDefault: true)
        }
        return ProcessType("web", command: ["\(programs)/\(release.name)"], arguments: ["start"], isDefault: true)
    }

    /// The project's migrations, where it has a way to run them in a release.
    private var migrate: ProcessType? {
        let programs = Self.programs
        if release.hasMigrateScript { return ProcessType("migrate", command: ["\(programs)/migrate"]) }
        guard let module = ReleaseModule.find(in: copy, plan) else { return nil }
        return ProcessType(
            "migrate", command: ["\(programs)/\(release.name)"], arguments: ["eval", "\(module).migrate()"])
    }

    private func reads(_ name: String) -> Bool { plan.variables.contains { $0.name == name && $0.phase == .run } }

    private var imageEnvironment: [String: String] {
        var variables = [
            "LANG": "C.UTF-8", "LANGUAGE": "C.UTF-8", "LC_ALL": "C.UTF-8", "RELEASE_TMP": "/tmp",
            "ERL_CRASH_DUMP_SECONDS": "0",
        ]
        if reads("PORT") || plan.usesPhoenix { variables["PORT"] = "4000" }
        if reads("PHX_SERVER") { variables["PHX_SERVER"] = "true" }
        return variables
    }

    private var requiredVariables: [String] {
        let given = imageEnvironment
        let names = plan.variables.filter { $0.phase == .run && $0.need == .required }.map(\.name)
        // Nodes of a cluster share a cookie, which no container can make up for itself.
        let isCluster = (try? DistributionProfile(context.platformVariables)) == .cluster
        let cookie = isCluster && !release.ownership.cookie && !release.ownership.distribution ? ["RELEASE_COOKIE"] : []
        return Set(names + cookie).filter { given[$0] == nil }.sorted()
    }

    /// tzdata writes what it fetches into its own folder, which a read-only container does not let it.
    private func tellTimeZones() {
        guard plan.project.lockedDependencies.contains("tzdata") else { return }
        let folder = copy.appending("config")
        let texts = folder.names.compactMap { folder.appending($0).text }
        guard !texts.contains(where: { $0.contains(":autoupdate") || $0.contains(":data_dir") }) else { return }
        context.reporter(
            .diagnostic(
                Diagnostic(
                    .note, "tzdata updates its files in the release's own folder while the container runs",
                    file: "mix.lock",
                    advice:
                        "for a read-only container, set config :tzdata, :autoupdate, :disabled in config/runtime.exs")))
    }

    // MARK: Secrets

    /// The files of a release that configuration gets into, and those that a module's own code gets into.
    private static let configured = [
        "sys.config", ".app", ".beam", "vm.args", "env.sh", ".rel", "start_erl.data", "COOKIE",
    ]
    private static let compiled = [".beam"]

    /// The given secrets that the project reads while it is built: each configuration's first, and every module's.
    private var compiledSecrets: [CompiledSecret] {
        var seen: Set<String> = []
        return plan.variables.compactMap { variable in
            guard variable.phase == .build, context.secretNames.contains(variable.name),
                context.platformVariables[variable.name] != nil
            else { return nil }
            let isConfiguration = !variable.file.hasSuffix(".ex")
            guard !isConfiguration || seen.insert(variable.name).inserted else { return nil }
            return CompiledSecret(
                name: variable.name, file: variable.file, line: variable.line,
                kind: isConfiguration ? .configuration : .code,
                endings: isConfiguration ? Self.configured : Self.compiled)
        }
    }

    /// Says what becomes of a secret that is read too early; whether a module keeps the value, the export finds out.
    private func tell(_ secret: CompiledSecret) {
        let text =
            switch secret.kind {
            case .configuration: "\(secret.name) is read while the release is built, so its value is in the image"
            case .code: "\(secret.name) is read while this module is compiled, so its value may be in the image"
            }
        context.reporter(
            .diagnostic(
                Diagnostic(
                    .warning, text, file: secret.file, line: secret.line,
                    advice: "read it in config/runtime.exs, which is evaluated when the container starts")))
    }
}

/// The module by which a project with Ecto runs its migrations in a release, as `mix phx.gen.release` makes it.
enum ReleaseModule {
    /// Its name; `nil` where no file called release.ex of the release's applications defines `migrate`.
    static func find(in copy: FilePath, _ plan: ReleasePlan) -> String? {
        guard plan.project.dependencyNames.contains("ecto_sql") else { return nil }
        let isUmbrella = plan.project.kind == .umbrella
        let roots = isUmbrella ? plan.project.children(of: plan.chosen.release).map(\.path) : [""]
        return roots.lazy.flatMap { files(in: copy.appending($0).appending("lib"), depth: 3) }
            .compactMap { $0.text.flatMap(module) }.first
    }

    private static func files(in folder: FilePath, depth: Int) -> [FilePath] {
        guard depth > 0 else { return [] }
        return folder.names.flatMap { name -> [FilePath] in
            let path = folder.appending(name)
            return path.isFolder ? files(in: path, depth: depth - 1) : name == "release.ex" ? [path] : []
        }
    }

    private static func module(_ text: String) -> String? {
        guard text.firstMatch(of: /(?m)^\s*def migrate(\(\))?(\s|,)/) != nil else { return nil }
        return text.firstMatch(of: /(?m)^\s*defmodule\s+([A-Z][A-Za-z0-9_.]*)\s+do/).map { String($0.1) }
    }
}
