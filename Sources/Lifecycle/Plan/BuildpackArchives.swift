import Diagnostics
import Digests
import Files
import LayerArchive
import SystemPackage

/// Makes folders of buildpacks that are tars: files, or what https URLs lead to.
package struct BuildpackArchives {
    let services: PlatformServices
    /// Where the folders are kept, by the tar's digest.
    let folder: FilePath
    /// The file that makes a folder what is looked for.
    var manifest = "buildpack.toml"

    /// Archives that are unpacked into a folder, by their digests.
    /// - Parameter manifest: the file that makes a folder what is looked for.
    package init(services: PlatformServices, folder: FilePath, manifest: String = "buildpack.toml") {
        self.services = services
        self.folder = folder
        self.manifest = manifest
    }

    /// The most that is fetched.
    private static let limit: Int64 = 1 << 30

    /// Unpacks a tar; one that was unpacked before is taken as it is.
    /// - Returns: the folder with buildpack.toml, which may be one folder down, and what was unpacked.
    /// - Throws: `Failure` of code `usage` for what cannot be had or is no buildpack.
    package func folder(
        of name: String, _ notice: (String) -> Void
    ) async throws -> (buildpack: FilePath, package: FilePath) {
        do {
            try folder.makeFolders()
            guard name.hasPrefix("https://") else { return try unpacked(FilePath(name), name) }
            notice("fetching the buildpack \(name)")
            let scratch = try ScratchFolder(in: folder, prefix: "fetched-")
            defer { scratch.remove() }
            let file = scratch.path.appending("buildpack")
            let status = try await services.download(name, file, Self.limit)
            guard status == 200 else { throw Failure(.fetchFailed, "the server answers with status \(status)") }
            return try unpacked(file, name)
        } catch let error as Failure {
            throw error.failing("no buildpack at \(name)", as: .usage)
        }
    }

    private func unpacked(_ file: FilePath, _ name: String) throws -> (buildpack: FilePath, package: FilePath) {
        let root = folder.appending(try MessageDigest.hex(ofFile: file))
        if !root.isFolder {
            let fresh = FilePath(root.string + ".new")
            try fresh.remove()
            try fresh.makeFolders()
            do {
                var extraction = LayerExtraction([], of: [], into: fresh, ignoresDots: true)
                try extraction.extract(.file(file))
                try fresh.move(to: root)
            } catch {
                try? fresh.remove()
                throw error
            }
        }
        // A tar of a release has a folder around everything.
        let places = [root] + root.names.map { root.appending($0) }
        guard let found = places.first(where: { $0.appending(manifest).exists }) else {
            throw Failure(
                .malformed, "it has no \(manifest)", advice: "name a tar with \(manifest) and bin at its top")
        }
        return (found, root)
    }
}
