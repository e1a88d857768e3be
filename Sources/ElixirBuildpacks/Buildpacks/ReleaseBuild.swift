import BuildpackAPI
import Commands
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// One build of a release, from the copy of the project to the layers.
struct ReleaseBuild {
    /// A release that mix assembled, not yet split into layers.
    struct Assembled {
        var folder: AssemblyFolder
        var places: MixPlaces
        var reason: String
    }

    let context: BuildContext
    let runner: any CommandRunner
    /// Whether mix works in the application's folder itself.
    var isInPlace = false
    let supply: ToolchainSupply?
    /// Programs of the user's that the build sees, by name or path.
    var namedTools: [String] = []

    /// The machine's store of compiled dependencies; without one, mix compiles them with the project.
    var dependencies: DependencyStore?

    /// The machine's store of packages as Hex unpacked them; without one, each project fetches its own.
    var fetched: FetchedStore?

    /// The folder with helpers that were compiled for the machine's toolchains; by default in the project's cache.
    var helpers: FilePath?

    /// The machine's store of answers; without one, none is shared.
    var answers: AnswerStore?

    private var layers: FilePath { context.layersDirectory }

    func run(_ plan: ReleasePlan) async throws -> BuildResult {
        try await finish(try await assemble(plan), plan)
    }

    /// Copies the project and has mix make the release; the layers stay as they are.
    func assemble(_ plan: ReleasePlan) async throws -> Assembled {
        let kept = isInPlace ? nil : try keptFiles()
        do {
            let assembled = try await assembleInFolder(plan)
            try kept?.close()
            return assembled
        } catch {
            try? kept?.close()
            throw error
        }
    }

    /// What the last build left, once it is known that nothing else has written to it; otherwise all of it is removed.
    private func keptFiles() throws -> KeptFiles {
        let folders = [layers.appending("app"), context.cacheDirectory.appending("home")]
        let kept = KeptFiles(folders: folders, record: context.cacheDirectory.appending("kept.record"))
        if try kept.haveChanged() {
            context.reporter(
                .notice(
                    "something else has written to \(folders[0]) or \(folders[1]) since the last build: starting over"))
            for folder in folders { try folder.remove() }
        }
        try kept.open()
        return kept
    }

    private func assembleInFolder(_ plan: ReleasePlan) async throws -> Assembled {
        guard await isSandboxed() else {
            return try await assemble(plan, in: AssemblyFolder(beside: layers), isSandboxed: false)
        }
        if let memory = context.launchMemory {
            let folder = try AssemblyFolder(beside: memory)
            do {
                return try await attempt(plan, in: folder)
            } catch {
                let isFull = folder.isFull
                folder.remove()
                guard isFull, !Task.isCancelled else { throw error }
                context.reporter(.notice("the memory in \(memory) is full: making the release again on the disk"))
            }
        }
        return try await assemble(plan, in: AssemblyFolder(for: layers))
    }

    private func assemble(
        _ plan: ReleasePlan, in folder: AssemblyFolder, isSandboxed: Bool = true
    ) async throws -> Assembled {
        do {
            return try await attempt(plan, in: folder, isSandboxed: isSandboxed)
        } catch {
            folder.remove()
            throw error
        }
    }

    private func attempt(
        _ plan: ReleasePlan, in folder: AssemblyFolder, isSandboxed: Bool = true
    ) async throws -> Assembled {
        let places = try places(output: folder.path, isSandboxed: isSandboxed)
        return Assembled(folder: folder, places: places, reason: try await answered(plan, places))
    }

    /// Assembles with a git that answers from the user's repository; a platform's container has git itself.
    private func answered(_ plan: ReleasePlan, _ places: MixPlaces) async throws -> String {
        let changes = try copyProject(places)
        guard !isInPlace else { return try await assemble(plan, places, changes, git: nil) }
        let git = try await ProjectGitAnswers(context, places, runner)
        do {
            let reason = try await assemble(plan, places, changes, git: git)
            await git.close(context, known: plan.findings)
            return reason
        } catch {
            await git.close(context, known: plan.findings)
            throw error
        }
    }

    /// Splits the release into layers, and says what they are.
    func finish(_ assembled: Assembled, _ plan: ReleasePlan) async throws -> BuildResult {
        let release: FinishedRelease
        let sources: [String: String]
        do {
            (release, sources) = try split(assembled, plan)
        } catch {
            assembled.folder.remove()
            throw error
        }
        async let removal: Void = assembled.folder.remove()
        if assembled.folder.layers != layers { try ReleaseLayers.retire(in: layers) }
        // The layers before: their files go while the image is exported, or with the next build.
        if isInPlace {
            ReleaseLayers.removeOld(in: layers)
        } else {
            Task.detached(priority: .background) { [layers] in ReleaseLayers.removeOld(in: layers) }
        }
        release.ownership.notices.forEach { context.reporter(.notice($0)) }
        var result = ReleaseResult(
            plan: plan, context: context, release: release, layersFolder: assembled.folder.layers,
            reason: assembled.reason,
            copy: assembled.places.copy, keepsCopy: !isInPlace, sources: sources
        ).value
        result.bills = try ReleaseMaterials(
            name: release.name, version: release.version, otpVersion: plan.toolchain.otpVersion,
            layers: assembled.folder.layers,
            copy: assembled.places.copy, lock: assembled.places.copy.pushing(FilePath(plan.project.lockPath)),
            repositories: HexConfiguration(context.environment)
        ).documents()
        await removal
        return result
    }

    /// Checks the release and moves its parts into the layers.
    /// - Returns: it, and the project's files that it starts from.
    private func split(_ assembled: Assembled, _ plan: ReleasePlan) throws -> (
        FinishedRelease, sources: [String: String]
    ) {
        let directory = assembled.places.output.appending("release")
        let start = StartFiles(
            release: try AssembledRelease(in: directory, name: plan.chosen.name),
            project: context.applicationDirectory, children: plan.project.children.map(\.path))
        try start.check()
        start.findings.forEach { context.reporter(.diagnostic($0)) }
        let sources = start.sources
        let version = VersionCheck(plan, directory, in: context.applicationDirectory)
        if let difference = try version.difference() { context.reporter(.diagnostic(difference)) }
        let release = try FinishedRelease.prepare(
            directory, name: plan.chosen.name,
            setsCookie: plan.chosen.release.setsCookie, toolchain: plan.toolchain,
            dependencies: dependencyNames(plan, assembled.places),
            layers: assembled.folder.layers, profile: try DistributionProfile(context.platformVariables))
        return (release, sources)
    }

    private func assemble(
        _ plan: ReleasePlan, _ places: MixPlaces, _ changes: SourceCopy.Changes, git: ProjectGitAnswers?
    ) async throws -> String {
        let beams = try await repeatableBeams(plan, places)
        let hash = try KeyedHash(keyFile: context.cacheDirectory.appending("variables.key"))
        let isFresh = try forgetOldValues(plan, changes, places, beams)
        let hasForgotten = try git?.forgetOldAnswers(plan.project) ?? false
        try git?.remember(context)
        try CompilationTimes.setBack(
            [plan.project.app].compactMap { $0 } + plan.project.children.map(\.name), in: places.copy)
        let tools = ToolFetch(supply, context, plan.toolchain)
        let programs = BuildTools(
            context.environment, for: plan.project, in: context.applicationDirectory, named: namedTools)
        programs.notices.forEach { context.reporter(.notice($0)) }
        programs.findings.forEach { context.reporter(.diagnostic($0)) }
        let rewrites = GitRewrites(context.environment)
        var mix = MixRunner(
            runner: runner, places: places,
            environment: MixEnvironment(
                context, toolchain: plan.toolchain, places: places, usesAgent: plan.usesSecureShell(rewrites),
                tools: programs, beams: beams, settings: tools?.variables ?? [:]),
            project: plan.project, context: context)
        mix.git = git
        NativeTools.findings(
            plan.project.nativeCode, searchPath: mix.environment.variables["PATH"],
            packages: PackageManager(context.environment)
        )
        .forEach { context.reporter(.diagnostic($0)) }
        if plan.project.hasFetchedDependencies {
            try await DependencyFetch(
                mix: mix, cache: context.cacheDirectory, hash: hash, tools: tools, toolchain: plan.toolchain,
                rewrites: rewrites, store: fetched, helpers: helpers
            )
            .run()
        } else if plan.project.mayNeedHex {
            try await HexSetup(mix: mix, tools: tools, toolchain: plan.toolchain, helpers: helpers)
                .prepareArchive(isNeeded: plan.project.needsHex)
        }
        // Hex's cache may be large: it is read while mix compiles.
        async let retired = plan.project.hasFetchedDependencies ? retiredPackages(places) : []
        try await RebarSetup(mix: mix, tools: tools).prepare()
        try BuildWords(home: places.home, beams: beams).write(
            tree: places.tree, project: places.copy, lock: places.copy.pushing(FilePath(plan.project.lockPath)),
            keptIn: context.cacheDirectory)
        if let dependencies, plan.project.hasFetchedDependencies {
            try await CompiledDependencies(
                store: dependencies, mix: mix, toolchain: plan.toolchain, tools: tools,
                programs: programs, cache: context.cacheDirectory, hash: hash, helpers: helpers, answers: answers
            )
            .prepare()
        }
        if !plan.project.nativeCode.isEmpty { try await FetchingCompilation(mix: mix).run() }
        let assets = AssetsDeploy(
            mix: mix, folders: plan.project.assetsDeploy, steps: plan.project.assetSteps,
            cache: context.cacheDirectory, elixirVersion: plan.toolchain.elixirVersion)
        if assets.isNeeded { try await compilation(plan, mix).during { try await assets.run() } }
        try await release(plan, mix)
        let release = places.output.appending("release")
        let manifest = CacheManifest(project: places.copy, configFolder: plan.project.configFolder)
        try manifest.settleTimes(in: release)
        let findings =
            manifest.findings(in: release)
            + IgnoredAssets(project: plan.project, folder: context.applicationDirectory).findings(in: release)
            + LeftOutApplications(project: plan.project, compiled: mix.compiled, sources: places.copy)
            .findings(in: release)
        (findings + (await retired)).forEach { context.reporter(.diagnostic($0)) }
        return hasForgotten && !isFresh && changes.isEmpty ? "git answers otherwise" : reason(changes, isFresh)
    }

    /// What the registry, as it was fetched, says against the versions that are built.
    private func retiredPackages(_ places: MixPlaces) -> [Diagnostic] {
        let own = MixReleaseBuildpack.registryCache(in: context.cacheDirectory)
        let machine = HexRegistryCache.machineFile(context.environment)
        return HexRegistryCache([own, machine].compactMap { $0 }).findings(lock: places.copy.appending("mix.lock"))
    }

    /// What makes beams repeatable; if it cannot be had, the user reads what no longer holds.
    private func repeatableBeams(_ plan: ReleasePlan, _ places: MixPlaces) async throws -> RepeatableBeams.Helper? {
        do {
            let beams = try await RepeatableBeams(
                toolchain: plan.toolchain, root: helpers ?? context.cacheDirectory, runner: runner
            ).helper()
            guard beams.options(places) == nil else { return beams }
            context.reporter(.notice("\(Self.unrepeatable): a path that mix sees has blanks, \(beams.seen(places))"))
        } catch let problem as Failure {
            context.reporter(.notice("\(Self.unrepeatable): \(problem.message)"))
        }
        return nil
    }

    private static let unrepeatable = "two clean builds may differ, because some macros give other code each time"

    /// The dependencies that the plan knows, and those that a project without a mix.lock has got.
    private func dependencyNames(_ plan: ReleasePlan, _ places: MixPlaces) -> Set<String> {
        plan.project.dependencyNames.union(places.copy.appending("deps").names)
    }

    /// Whether mix works in a sandbox; only there the folder where the project really is stays hidden from it.
    private func isSandboxed() async -> Bool {
        guard !isInPlace else { return false }
        guard case .unavailable(let reason, let advice) = await runner.sandboxStatus() else { return true }
        context.reporter(.notice("no sandbox: digests may depend on the project's folder (\(reason); \(advice))"))
        return false
    }

    private func places(output: FilePath, isSandboxed: Bool) throws -> MixPlaces {
        let places = MixPlaces(
            copy: isInPlace ? context.applicationDirectory : layers.appending("app"),
            path: isInPlace ? "" : context.selection.context?.path ?? "",
            home: context.cacheDirectory.appending("home"), output: output, isSandboxed: isSandboxed)
        try places.prepare()
        return places
    }

    private func copyProject(_ places: MixPlaces) throws -> SourceCopy.Changes {
        guard !isInPlace else {
            // The platform has put there what may be read; its container has no more.
            var selection = context.selection
            selection.openedPaths = ["/"]
            let entries = try SourceWalk.entries(of: context.applicationDirectory, selection)
            return SourceCopy.Changes(paths: entries.map(\.path))
        }
        let copy = SourceCopy(
            of: context.selection.root(of: context.applicationDirectory), at: places.tree,
            record: context.cacheDirectory.appending("copy.record"), selection: context.selection,
            names: RecordedNames(
                hash: try KeyedHash(keyFile: context.cacheDirectory.appending("variables.key")),
                holdsSecret: context.holdsSecret))
        do {
            let changes = try copy.update()
            try context.cacheDirectory.appending(MixPlaces.pathRecord).replace(with: Array(places.path.utf8))
            let leftOut = context.selection.leftOut(of: context.applicationDirectory)
            if !leftOut.isEmpty {
                context.reporter(.notice("left out of the copy: \(leftOut.joined(separator: ", "))"))
            }
            return changes
        } catch let error as Failure where [.unwritable, .unreadable].contains(error.code) {
            throw error.failing("cannot copy the project", as: .buildFailed)
        }
    }

    /// Throws compiled code away that was made with other values of the user's variables, or another toolchain.
    /// - Returns: whether everything is compiled anew.
    private func forgetOldValues(
        _ plan: ReleasePlan, _ changes: SourceCopy.Changes, _ places: MixPlaces, _ beams: RepeatableBeams.Helper?
    ) throws -> Bool {
        var values = BuildVariables.relevant(
            context.platformVariables.filter { !MixEnvironment.isOurs($0.key) }, project: plan.project,
            paths: changes.paths, in: places.tree, copy: places.copy)
        values[""] = plan.toolchain.facts.values.sorted().joined() + "\(places.isSandboxed)"
        values[""]? += beams == nil ? "" : RepeatableBeams.Helper.version
        let variables = BuildVariables(values, cache: context.cacheDirectory)
        let compiled = places.copy.appending("_build")
        let isThere = compiled.leadsSomewhere
        guard try variables.haveChanged() else { return !isThere }
        if dependencies != nil, places.isSandboxed {
            try CompiledDependencies.forget(compiled)
        } else {
            try compiled.remove()
        }
        try variables.record()
        if isThere {
            context.reporter(
                .notice("the toolchain or variables of the build have changed: compiling everything again"))
        }
        return true
    }

    /// Compiles and assembles in one VM.
    private func release(_ plan: ReleasePlan, _ mix: MixRunner) async throws {
        let growth = ReleaseGrowth(
            release: mix.places.output.appending("release"),
            layers: ReleaseLayers(toolchain: plan.toolchain, dependencies: dependencyNames(plan, mix.places)),
            reporter: context.reporter)
        let following = Task { await growth.follow() }
        defer { following.cancel() }
        async let _ = ReleaseLayers.removeOld(in: layers)
        async let _ = SharedMemory().sweep()
        let path = mix.places.outputSeen.appending("release").string
        let release = ["release"] + plan.chosen.mixArguments + ["--path", path, "--overwrite"]
        let isOneOfSeveral = plan.project.releases.filter(\.isDefined).count > 1
        let outcome = try await compilation(plan, mix).during {
            isOneOfSeveral
                ? try await mix.mix(
                    TaskChain(tasks: [release, ["mixpack.base", path]]).words(for: plan.toolchain.elixirVersion),
                    tasks: baseTask(mix))
                : try await mix.mix(release)
        }
        guard outcome.end.isSuccess else {
            throw mix.failure(of: "mix release", outcome)
        }
    }

    /// Tells of the dependencies that mix compiles with the project.
    private func compilation(_ plan: ReleasePlan, _ mix: MixRunner) -> DependencyWatch {
        DependencyWatch(
            plan.project.dependencies.filter { [.hex, .git].contains($0.source) && $0.isForProduction }.map(\.name)
                .filter { mix.places.copy.appending("deps/\($0)").isFolder },
            .compiling, in: mix.compiled, context.reporter, times: dependencies?.times)
    }

    /// Puts the task that completes the layer `base` where mix sees it.
    private func baseTask(_ mix: MixRunner) throws -> FilePath {
        let name = "mixpack_base.exs"
        try mix.places.home.appending(name).replace(with: PackageResources.mixpack_base_exs)
        return mix.places.homeSeen.appending(name)
    }

    private func reason(_ changes: SourceCopy.Changes, _ isFresh: Bool) -> String {
        if isFresh { return "compiled from scratch" }
        let own = context.selection.context
        let changed = (changes.written + changes.removed).map { own?.fromProject($0) ?? $0 }
        guard let first = changed.first else { return "assembled again" }
        return changed.count == 1 ? "\(first) changed" : "\(changed.count) files changed"
    }
}
