import BuildpackAPI
import Commands
import Diagnostics
import SystemPackage

/// The folders of an external buildpack: where they are on the machine, and where its programs see them.
///
/// In the sandbox programs see them at the paths that the specification names; without one, where they are.
struct ExternalPlaces {
    struct Place {
        var machine: FilePath
        var seen: FilePath
    }

    let isSandboxed: Bool
    let root: Place
    let workspace: Place
    let layers: Place
    let own: Place
    let plan: Place
    let platform: Place
    let home: Place
    /// Where an extension writes.
    let output: Place
    private let volumes: [Volume]
    /// Where programs run; `nil` is this machine.
    let room: BuilderRoom?

    /// Works the places out.
    /// - Parameters:
    ///   - scratch: a folder of the machine for what one run needs; the caller removes it.
    ///   - layers: the folder of all buildpacks' layers.
    ///   - platform: where the user's variables go without a sandbox.
    ///   - home: the programs' home folder; by default an empty one of this run.
    init(
        manifest: BuildpackManifest, root: FilePath, workspace: FilePath, layers: FilePath, scratch: FilePath,
        platform: FilePath, home: FilePath? = nil, volumes: [Volume], isSandboxed: Bool, room: BuilderRoom? = nil
    ) {
        func place(_ machine: FilePath, _ seen: String) -> Place {
            Place(machine: machine, seen: isSandboxed ? FilePath(seen) : machine)
        }
        let id = ProjectCache.escaped(manifest.id)
        let version = manifest.version == ".." ? "_" : ProjectCache.escaped(manifest.version)
        self.isSandboxed = isSandboxed
        self.volumes = volumes
        self.room = room
        self.root = place(root, "/cnb/\(manifest.isExtension ? "extensions" : "buildpacks")/\(id)/\(version)")
        self.workspace = place(workspace, "/workspace")
        self.layers = place(layers, "/layers")
        own = place(layers.appending(id), "/layers/\(id)")
        plan = place(scratch.appending("plan"), "/plan")
        self.home = place(home ?? scratch.appending("home"), room?.home ?? "/home/cnb")
        self.platform = place(platform, "/platform")
        output = place(scratch.appending("generated"), "/layers/generated/\(id)")
    }

    var planFile: FilePath { plan.machine.appending("plan.toml") }
    /// The plan file as programs see it.
    var planSeen: FilePath { plan.seen.appending("plan.toml") }

    /// What `bin/detect` sees: the application, which it may not change, and no network.
    var detectSandbox: Sandbox? {
        sandbox([Sandbox.Bind(workspace.machine, at: workspace.seen)], hasNetwork: false)
    }

    /// What an extension's `bin/generate` sees: the application, its folder for what it makes, and no network.
    var generateSandbox: Sandbox? {
        sandbox(
            [
                Sandbox.Bind(workspace.machine, at: workspace.seen),
                Sandbox.Bind(output.machine, at: output.seen, isWritable: true),
            ], hasNetwork: false)
    }

    /// What `bin/build` sees: the application, its own layers and the network, and to read the layers of those before it.
    var buildSandbox: Sandbox? {
        let binds = [
            Sandbox.Bind(workspace.machine, at: workspace.seen, isWritable: true),
            Sandbox.Bind(layers.machine, at: layers.seen),
            Sandbox.Bind(own.machine, at: own.seen, isWritable: true),
        ]
        return sandbox(binds, hasNetwork: true)
    }

    private func sandbox(_ binds: [Sandbox.Bind], hasNetwork: Bool) -> Sandbox? {
        guard isSandboxed else { return nil }
        var common = [Sandbox.Bind(plan.machine, at: plan.seen, isWritable: true)]
        // A builder's root has its own buildpacks and its user's home folder.
        if room?.has(root.machine) != true { common.append(Sandbox.Bind(root.machine, at: root.seen)) }
        if room == nil { common.append(Sandbox.Bind(home.machine, at: home.seen, isWritable: true)) }
        let given = volumes.map { Sandbox.Bind($0.source, at: $0.destination, isWritable: $0.isWritable) }
        return Sandbox(
            binds: common + binds + given, hasNetwork: hasNetwork, temporaryFolders: [platform.seen],
            root: room?.root, limits: .build)
    }

    /// A text of the machine with its layers' paths as programs see them.
    func seen(_ text: String) -> String {
        isSandboxed ? text.replacing(layers.machine.string + "/", with: layers.seen.string + "/") : text
    }
}
