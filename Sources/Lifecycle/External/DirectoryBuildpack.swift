import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage

/// A buildpack in a folder: buildpack.toml, and `bin/detect` and `bin/build` unless it is a composite.
///
/// It keeps to the Buildpack API that it names, 0.2 to 0.12. Its programs run in the sandbox, where the paths are those of
/// the specification; without one they run on the machine itself.
package struct DirectoryBuildpack: Buildpack {
    /// The folder.
    package let directory: FilePath
    /// Who it is.
    package let descriptor: BuildpackDescriptor
    /// What is odd in buildpack.toml, but taken.
    package var warnings: [String] { manifest.warnings }

    let manifest: BuildpackManifest
    let runner: any CommandRunner

    /// Reads a buildpack's folder.
    /// - Throws: `Failure`: `unsupportedAPI`, or `cannotPlan` for a folder that is no buildpack.
    package init(_ directory: FilePath, runner: any CommandRunner) throws {
        self.directory = directory.realPath ?? directory
        self.runner = runner
        manifest = try BuildpackManifest(in: self.directory)
        descriptor = BuildpackDescriptor(
            id: manifest.id, version: manifest.version, api: manifest.apiText, name: manifest.name,
            homepage: manifest.homepage, order: manifest.order)
    }

    /// Always: it is of the specification's kind.
    package var isExternal: Bool { true }

    /// `id@version`, for messages.
    var title: String { "\(descriptor.id)@\(descriptor.version)" }

    /// One of its programs.
    /// - Throws: `Failure` where it is missing.
    func program(_ name: String, seenIn root: FilePath) throws -> FilePath {
        guard directory.appending("bin/\(name)").exists else { throw Failure(.malformed, "bin/\(name) is missing") }
        return root.appending("bin/\(name)")
    }

    /// Runs the body with places for one run, and removes what they took.
    func withPlaces<Result>(
        _ workspace: FilePath, layers: FilePath, cache: FilePath, _ volumes: [Volume],
        _ body: (ExternalPlaces) async throws -> Result
    ) async throws -> Result {
        let scratch = try ScratchFolder(at: cache.appending("run"))
        defer { scratch.remove() }
        let status = await runner.sandboxStatus()
        // Secrets stay in memory: the sandbox has a folder of its own there, the machine /dev/shm.
        let memory = try status.isAvailable ? nil : ScratchFolder(in: "/dev/shm")
        defer { memory?.remove() }
        let places = ExternalPlaces(
            manifest: manifest, root: directory, workspace: workspace, layers: layers, scratch: scratch.path,
            platform: memory?.path ?? scratch.path.appending("platform"), volumes: volumes,
            isSandboxed: status.isAvailable)
        try places.plan.machine.makeFolders()
        try places.home.machine.makeFolders()
        return try await body(places)
    }
}
