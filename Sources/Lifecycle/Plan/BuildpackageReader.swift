import BuildpackAPI
import Diagnostics
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage

/// Makes folders of a buildpackage: an image whose layers are buildpacks
/// ([CNB Distribution specification](https://github.com/buildpacks/spec/blob/main/distribution.md#buildpackage)).
struct BuildpackageReader {
    let services: PlatformServices
    /// Where the folders are kept, by the image's digest.
    let folder: FilePath
    /// Where its buildpacks run; `nil` is this machine.
    var room: BuilderRoom?

    /// The buildpacks of a package, and the one that it is for.
    struct Contents {
        var main: BuildpackReference
        var buildpacks: [DirectoryBuildpack]
        var folder: FilePath
    }

    /// Reads a package; one that was unpacked before is taken as it is.
    /// - Throws: `Failure` of code `usage` for what cannot be had or is no buildpackage.
    func contents(of place: ImagePlace) async throws -> Contents {
        do {
            let (image, blobs) = try await services.image(place)
            let main = try Self.main(of: image)
            let root = folder.appending(image.digest.hex)
            if !root.isFolder { try await unpack(image, blobs, to: root) }
            let found = try buildpacks(in: root)
            guard found.contains(where: { $0.descriptor.id == main.id && $0.descriptor.version == main.version }) else {
                throw Failure(.malformed, "it has no buildpack \(main.id)@\(main.version ?? "")", advice: Self.advice)
            }
            return Contents(main: main, buildpacks: found, folder: root)
        } catch let error as Failure {
            throw error.failing("no buildpacks at \(place)", as: .usage)
        }
    }

    private static let advice = "name an image or an archive that pack buildpack package made"

    /// The value of the package's label.
    private struct Metadata: Decodable {
        var id: String
        var version: String
    }

    private static func main(of image: Image) throws -> BuildpackReference {
        let text = image.configuration.config.labels[Buildpackage.metadataLabel] ?? ""
        guard let metadata = try? CanonicalJSON.decode(Metadata.self, from: Array(text.utf8), what: "") else {
            throw Failure(
                .malformed, "it is not a buildpackage: it has no label \(Buildpackage.metadataLabel)",
                advice: Self.advice)
        }
        return BuildpackReference(id: metadata.id, version: metadata.version)
    }

    /// Unpacks the layers beside the folder, which appears whole.
    private func unpack(_ image: Image, _ blobs: any BlobSource, to root: FilePath) async throws {
        let fresh = FilePath(root.string + ".new")
        try fresh.remove()
        try fresh.makeFolders()
        do {
            for layer in image.layers {
                try Task.checkCancellation()
                var extraction = LayerExtraction([], of: ["cnb", "buildpacks"], into: fresh)
                try extraction.extract(try await blobs.blob(layer.descriptor).input)
            }
            try shareFiles(in: fresh)
            try fresh.move(to: root)
        } catch {
            try? fresh.remove()
            throw error
        }
    }

    /// The `<id>/<version>` folders.
    private func folders(in root: FilePath) -> [FilePath] {
        root.names.flatMap { id in root.appending(id).names.map { root.appending(id).appending($0) } }
    }

    private func buildpacks(in root: FilePath) throws -> [DirectoryBuildpack] {
        try folders(in: root).map { try DirectoryBuildpack($0, runner: services.runner, room: room) }
    }

    /// Makes one file of two names where a buildpack links to a file of another one: each runs with its own folder alone.
    private func shareFiles(in root: FilePath) throws {
        guard let package = root.realPath else { return }
        for folder in folders(in: package) {
            try visitLinks(in: folder) { place in
                guard let file = place.realPath, file.starts(with: package), !file.starts(with: folder),
                    file.kind == .file, unlink(place.nameBytes) == 0
                else { return }
                guard Glibc.link(file.nameBytes, place.nameBytes) == 0 else {
                    throw Failure.system(.unwritable, place.string)
                }
            }
        }
    }

    private func visitLinks(in folder: FilePath, _ body: (FilePath) throws -> Void) throws {
        for place in folder.names.map({ folder.appending($0) }) {
            switch place.kind {
            case .folder: try visitLinks(in: place, body)
            case .link: try body(place)
            case .file, .other, .missing: continue
            }
        }
    }
}
