import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage

/// The buildpacks of a builder: `/cnb/buildpacks/ID/VERSION`, with `_` for `/` in the id.
struct BuildpackFolder {
    let path: FilePath
    let runner: any CommandRunner
    let folders: GivenFolders

    /// The buildpacks that an order needs, the children of composites too.
    /// - Throws: `Failure`: `unsupportedAPI`, or `cannotPlan` for one that is missing.
    func store(for order: [[BuildpackReference]]) throws -> BuildpackStore {
        var buildpacks: [DirectoryBuildpack] = []
        var waiting = order.joined()[...].map(\.self)
        var seen: Set<String> = []
        while let reference = waiting.popLast() {
            let folder = try folder(of: reference)
            guard seen.insert(folder.string).inserted else { continue }
            let buildpack = try DirectoryBuildpack(folder, runner: runner, in: folders)
            buildpacks.append(buildpack)
            waiting += buildpack.descriptor.order.joined()
        }
        return BuildpackStore(buildpacks, order: order)
    }

    private func folder(of reference: BuildpackReference) throws -> FilePath {
        let parent = path.appending(ProjectCache.escaped(reference.id))
        guard !["", ".", ".."].contains(reference.id) else { throw missing(reference) }
        if let version = reference.version {
            let folder = parent.appending(ProjectCache.escaped(version))
            guard folder.isFolder else { throw missing(reference) }
            return folder
        }
        let versions = parent.names.filter { parent.appending($0).isFolder }
        guard versions.count == 1, let version = versions.first else { throw missing(reference) }
        return parent.appending(version)
    }

    private func missing(_ reference: BuildpackReference) -> Failure {
        let title = reference.id + (reference.version.map { "@" + $0 } ?? "")
        return Failure(
            .cannotPlan, "no buildpack \(title) in \(path)", advice: "the order names it: use a builder that has it")
    }
}
