import Commands
import Files
import SystemPackage

/// The folders that mix works with: where they are on the machine, and where mix sees them.
///
/// In the sandbox mix sees them at fixed paths, so that nothing of what it makes depends on where the project lies.
struct MixPlaces {
    /// The copy of the project, on the machine.
    let copy: FilePath
    /// The private home folder, on the machine.
    let home: FilePath
    /// The folder that takes the assembled release, on the machine.
    let output: FilePath
    let isSandboxed: Bool

    static let workspaceInSandbox: FilePath = "/workspace"

    var workspace: FilePath { isSandboxed ? Self.workspaceInSandbox : copy }
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

    func sandbox(_ binds: [Sandbox.Bind], hasNetwork: Bool) -> Sandbox? {
        guard isSandboxed else { return nil }
        let own = [
            Sandbox.Bind(copy, at: workspace, isWritable: true), Sandbox.Bind(home, at: homeSeen, isWritable: true),
            Sandbox.Bind(output, at: outputSeen, isWritable: true),
        ]
        return Sandbox(binds: binds + own, hasNetwork: hasNetwork)
    }
}
