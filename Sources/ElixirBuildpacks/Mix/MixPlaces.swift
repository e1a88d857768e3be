import Commands
import Files
import SystemPackage

/// The folders that mix works with: where they are on the machine, and where mix sees them.
///
/// In the sandbox mix sees them at fixed paths, so that nothing of what it makes depends on where the project lies.
package struct MixPlaces {
    /// The folder that was copied, on the machine: the project, or the context around it.
    let tree: FilePath
    /// The project's folder in it; empty if it is the project.
    let path: String
    /// The private home folder, on the machine.
    let home: FilePath
    /// The folder that takes the assembled release, on the machine.
    let output: FilePath
    let isSandboxed: Bool

    /// The file of the buildpack's cache that says which folder of the last copy is the project's, for who looks at it later.
    package static let pathRecord = "copy.path"
    private static let treeInSandbox: FilePath = "/workspace"

    /// - Parameters:
    ///   - tree: the folder that was copied.
    ///   - path: the project's folder in it.
    init(copy tree: FilePath, path: String = "", home: FilePath, output: FilePath, isSandboxed: Bool) {
        self.tree = tree
        self.path = path
        self.home = home
        self.output = output
        self.isSandboxed = isSandboxed
    }

    /// The copy of the project, on the machine.
    var copy: FilePath { tree.pushing(FilePath(path)) }
    /// The folder that was copied, as mix sees it.
    var treeSeen: FilePath { isSandboxed ? Self.treeInSandbox : tree }
    /// The project's folder, as mix sees it.
    var workspace: FilePath { treeSeen.pushing(FilePath(path)) }
    /// The project's folder in the sandbox.
    static func workspaceInSandbox(path: String) -> FilePath { treeInSandbox.pushing(FilePath(path)) }
    var homeSeen: FilePath { isSandboxed ? "/mixpack/home" : home }
    var outputSeen: FilePath { isSandboxed ? "/mixpack/output" : output }
    /// An empty folder as mix sees it, for commands that must not meet the project.
    var emptySeen: FilePath { isSandboxed ? "/mixpack/home/empty" : home.appending("empty") }

    /// An empty folder in the home folder for what is fetched.
    func downloads() throws -> FilePath {
        let folder = home.appending("downloads")
        try folder.remove()
        try folder.makeFolders()
        return folder
    }

    /// Makes the folders that commands need.
    func prepare() throws {
        try home.appending("empty").removeLinks(below: home)
        try home.appending("empty").makeFolders()
        try output.makeFolders()
    }

    /// - Parameter more: what only a step that fetches is shown.
    func sandbox(_ binds: [Sandbox.Bind], _ step: MixStep, more: [Sandbox.Bind] = []) -> Sandbox? {
        guard isSandboxed else { return nil }
        let own = [
            Sandbox.Bind(tree, at: treeSeen, isWritable: true), Sandbox.Bind(home, at: homeSeen, isWritable: true),
            Sandbox.Bind(output, at: outputSeen, isWritable: true),
        ]
        return Sandbox(binds: binds + own + (step == .fetch ? more : []), hasNetwork: step == .fetch, limits: .build)
    }
}
