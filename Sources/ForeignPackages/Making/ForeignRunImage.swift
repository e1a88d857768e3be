import Diagnostics
import Files
import LayerArchive
import OCIImage
import RunImages
import SystemPackage

/// The run image of another processor, from the one of this machine and the packages of the mirror; nothing of it is run.
///
/// Each native file comes from the package's counterpart; what all processors share is compared byte by byte. It is made
/// once for each run image of this machine and kept in the store.
package struct ForeignRunImage: Sendable {
    private let store: ImageStore
    private let mirror: ForeignMirror
    private let installed: InstalledPackages
    private let cache: FilePath

    /// - Parameters:
    ///   - store: where the image is kept.
    ///   - installed: the packages of this machine.
    ///   - cache: the folder for what is remembered of images.
    package init(store: ImageStore, mirror: ForeignMirror, installed: InstalledPackages, cache: FilePath) {
        self.store = store
        self.mirror = mirror
        self.installed = installed
        self.cache = cache
    }

    /// An image that was made.
    package struct Made: Sendable {
        package let reference: Reference
        /// The image, which stays in the store as long as this.
        package let held: HeldImage
        /// The packages that are newer in it than on this machine.
        package let skews: [VersionSkew]

        package var image: Image { held.image }
    }

    /// What an image was made from.
    private struct Record: Codable {
        static let currentFormat = 3
        var format = Self.currentFormat
        var base: Digest
        var reference: String
        var digest: Digest
        var skews: [VersionSkew]
        /// What the files of the image looked like (`ImageStore.stamp`).
        var blobs: String?
    }

    /// The image that goes with a run image of this machine; made where there is none.
    /// - Throws: `Failure` that names what the packages lack, what differs, or which version does not fit.
    package func image(for base: Image, blobs: any BlobSource) async throws -> Made {
        let place = cache.appending("run-image-\(mirror.architecture.name)-\(base.digest.hex.prefix(12)).json")
        if let known = known(place, base) { return known }
        let own = base.configuration.platform
        guard let from = DebianArchitecture(own), from != mirror.architecture else {
            throw Failure(.unsupported, "there is no run image for \(mirror.architecture.name) from one for \(own)")
        }
        let made = try await make(base, blobs, PathTranslation(from: from, to: mirror.architecture))
        let record = Record(
            base: base.digest, reference: made.reference.description, digest: made.image.digest, skews: made.skews,
            blobs: store.stamp(of: made.image))
        try cache.makeFolders()
        try place.replace(with: CanonicalJSON.encode(record))
        return made
    }

    private func known(_ place: FilePath, _ base: Image) -> Made? {
        guard let bytes = try? place.bytes(),
            let record = try? CanonicalJSON.decode(Record.self, from: bytes, what: ""),
            record.format == Record.currentFormat, record.base == base.digest,
            let (reference, held) = store.held(record.reference, record.digest, stamp: record.blobs)
        else { return nil }
        return Made(reference: reference, held: held, skews: record.skews)
    }

    private func make(_ base: Image, _ blobs: any BlobSource, _ translation: PathTranslation) async throws -> Made {
        HeldFolder.removeAbandoned(in: cache, prefix: "base-")
        let scratch = try HeldFolder(in: cache, prefix: "base-")
        defer { scratch.remove() }
        let files = try await BaseFiles(base, blobs: blobs, to: scratch.path)
        let owners = installed.owners(of: files.owned)
        let found = try await mirror.packages(for: Array(Set(owners.values.filter { !$0.isPortable })))
        let tree = try ForeignTree(files, owners: owners, packages: found.packages, translation)
        let transaction = try store.begin()
        var builder = ImageBuilder(platform: translation.to.platform)
        builder.configuration = base.configuration
        builder.configuration.architecture = translation.to.platform.architecture
        builder.configuration.variant = translation.to.platform.variant
        if let listed = base.listedPackages {
            let newer = found.packages.filter { listed[$0.key] != nil }.mapValues { $0.record.version.description }
            let versions = listed.merging(newer) { $1 }
            builder.configuration.config.labels[RunImageLabel.packages] = RunImageLabel.text(of: versions)
        }
        let steps = ImageBuilder(base: base).history
        var tags: [String] = []
        for (index, contents) in tree.layers(base.layers.count).enumerated() {
            let layer = try await transaction.addLayer(contents).layer
            builder.append(layer, createdBy: steps[index].createdBy.map { "\($0), for \(translation.to.name)" })
            tags.append(layer.diffID.short)
        }
        let tag = (tags + [translation.to.name]).joined(separator: "-")
        let reference = try OwnImage.runImage.reference(tag)
        let held = try await transaction.commit(try builder.image(), as: [reference])
        return Made(reference: reference, held: held, skews: found.skews)
    }
}

extension BaseFiles {
    /// The paths of which a package may be the owner: files, and links to files.
    fileprivate var owned: [String] {
        entries.compactMap { entry in
            switch entry.kind {
            case .folder: return nil
            case .file: return entry.path
            case .link:
                guard let end = resolve(entry.path), case .file = end.kind else { return nil }
                return entry.path
            }
        }
    }
}
