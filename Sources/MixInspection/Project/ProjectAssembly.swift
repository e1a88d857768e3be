import Diagnostics
import Files
import SystemPackage

/// Puts together what a project is, out of what its mix.exs files say and of what else lies in its folder.
struct ProjectAssembly {
    let root: FilePath
    let own: ProjectFacts
    let children: [ProjectFacts]
    let evidence: MixProject.Evidence
    /// What project.toml says about the assets.
    let assetLines: AssetLines
    /// The lock file, relative to the project's folder.
    let lockPath: String
    let lock: LockFile
    let surroundings: ProjectSurroundings
    /// The dependencies by path that a build would not copy.
    let outside: OutsideDependencies

    /// - Throws: `Failure` of code `usage` for a project.toml that cannot be understood.
    init(
        root: FilePath, own: ProjectFacts, children: [ProjectFacts], evidence: MixProject.Evidence,
        surroundings: ProjectSurroundings = ProjectSurroundings()
    ) throws(Failure) {
        self.surroundings = surroundings
        let real = root.realPath ?? root
        outside = OutsideDependencies(of: [own] + children, in: real, surroundings)
        self.root = root
        self.own = own
        self.children = children
        self.evidence = evidence
        assetLines = try AssetLines(in: root)
        lockPath = own.appsPath == nil ? own.lockfile ?? "mix.lock" : "mix.lock"
        lock = (try? ProjectFile.bytes(root.pushing(FilePath(lockPath)))).map(LockFile.init) ?? LockFile()
    }

    /// As mix.lock has it; without one, what mix.exs asks for.
    private func phoenixVersion(_ dependencies: [MixDependency]) -> String? {
        if let locked = lock["phoenix"] { return locked.source == .hex ? locked.version : nil }
        return dependencies.first { $0.name == "phoenix" }?.requirement
    }

    /// Every mix.exs: the project's own and those of its children.
    var all: [ProjectFacts] { [own] + children }

    func project() -> MixProject {
        let dependencies = DependencyList(assembly: self).dependencies
        var project = MixProject(kind: kind, evidence: evidence, app: own.appsPath == nil ? own.app : nil)
        project.version = own.version
        project.elixirRequirement = own.elixir
        project.umbrellaRoot = kind == .umbrellaChild ? umbrellaRoot : nil
        project.children = children.map(child)
        project.releases = releases
        project.defaultRelease = own.defaultRelease
        project.usesPhoenix = ProductionDependencies(self).has("phoenix")
        project.phoenixVersion = project.usesPhoenix ? phoenixVersion(dependencies) : nil
        if let steps = assetLines.steps {
            project.assetSteps = steps
        } else {
            project.assetsDeploy = all.filter { $0.aliases.contains("assets.deploy") }.map(\.folder)
            project.assetSteps = AssetSteps(assembly: self).all
        }
        project.hasFetchedDependencies = dependencies.contains {
            $0.isForProduction && $0.isDirect && ($0.source == .hex || $0.source == .git)
        }
        project.lockedDependencies = lock.entries.map(\.name)
        project.dependencies = dependencies
        project.lockPath = lockPath
        project.configFile = own.configFile
        project.sourceURL = own.sourceURL
        if kind == .umbrellaChild {
            project.proposedContext = root.pushing(FilePath("../..")).lexicallyNormalized().string
        }
        project.outsideNames = outside.all.map(\.name)
        project.proposedContext = outside.proposal?.string ?? project.proposedContext
        project.nativeCode = NativeCode(assembly: self).evidence
        project.nativeDependencies = NativeDependencies(assembly: self).all
        project.migrations = migrations
        project.environmentScriptSets = ReleaseScripts(root: root).settings
        project.unknowns = own.unknowns
        project.findings = ProjectFindings(assembly: self, project: project).all
        return project
    }

    // MARK: - Parts

    private var kind: MixProject.Kind {
        if own.appsPath != nil { return .umbrella }
        if umbrellaRoot != nil, !copiesUmbrella { return .umbrellaChild }
        return own.hasApplicationCallback == false ? .library : .application
    }

    /// The umbrella that the project is a child of, relative to it: its mix.exs points there, and there is one.
    var umbrellaRoot: String? {
        guard pointsToUmbrella else { return nil }
        guard let bytes = try? ProjectFile.bytes(root.appending("../../mix.exs")) else { return nil }
        return MixFile(bytes).facts(folder: ".").appsPath == nil ? nil : "../.."
    }

    /// Whether the umbrella is in what is copied, so that the child can be built alone.
    private var copiesUmbrella: Bool {
        let umbrella = (root.realPath ?? root).removingLastComponent().removingLastComponent()
        return surroundings.context.map { umbrella.starts(with: $0) } == true
    }

    /// Whether the mix.exs is written as that of an umbrella's child.
    var pointsToUmbrella: Bool {
        own.lockfile == "../../mix.lock" || own.buildPath == "../../_build"
            || own.dependencies.contains(where: \.inUmbrella)
    }

    private var releases: [MixRelease] {
        let defined = own.releases.map { release in
            MixRelease(
                name: release.name, version: release.version, applications: release.applications, isDefined: true,
                setsCookie: release.setsCookie, runtimeConfigPath: release.runtimeConfigPath,
                makesArchive: release.makesArchive, includesErts: release.includesErts, isWrapped: release.isWrapped)
        }
        guard defined.isEmpty, own.appsPath == nil, let app = own.app else { return defined }
        // Where the list is computed, there may be others: nothing is made up before it is known.
        if own.unknowns.contains("releases") { return [] }
        return [
            MixRelease(
                name: app, version: own.version, isDefined: false,
                runtimeConfigPath: "\(own.configFolder)/runtime.exs")
        ]
    }

    private func child(_ facts: ProjectFacts) -> ChildApp {
        ChildApp(
            name: facts.app ?? facts.folder, path: facts.folder, version: facts.version,
            usesPhoenix: facts.usesPhoenix, hasApplicationCallback: facts.hasApplicationCallback ?? true,
            hasAssets: facts.aliases.contains("assets.deploy")
                || root.appending("\(facts.folder)/assets/package.json").leadsSomewhere,
            hasNativeCode: !NativeCode.folders(of: facts, in: root).isEmpty,
            umbrellaDependencies: facts.dependencies.filter(\.inUmbrella).map(\.name),
            elixirRequirement: facts.elixir)
    }

    private var migrations: [String] {
        all.flatMap { facts -> [String] in
            let priv = facts.path("priv")
            return root.appending(priv).names
                .map { "\(priv)/\($0)/migrations" }
                .filter { root.appending($0).isFolder }
        }
    }
}

extension ProjectFacts {
    /// A path inside the folder of the mix.exs, relative to the project's folder.
    func path(_ inside: String) -> String { folder == "." ? inside : "\(folder)/\(inside)" }

    /// Whether Phoenix itself is named, not one of the packages around it.
    var usesPhoenix: Bool { dependencies.contains { $0.name == "phoenix" && $0.isForProduction } }
}
