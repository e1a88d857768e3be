import Diagnostics
import Files
import OCIImage
import SystemPackage

/// How large the last builds of a project were, layer by layer and file by file.
///
/// It has the names and sizes of files in the image, and no secret. Builds share the lists of layers that they have in common;
/// a list that no build names any more is removed.
package struct SizeHistory: Sendable {
    private let folder: FilePath

    /// How many builds are kept.
    package static let mostBuilds = 20
    /// How many files of a layer are listed; of a larger one, the largest.
    static let mostFiles = 20_000

    package init(_ cache: ProjectCache) { folder = cache.directory.appending("sizes") }

    /// One build.
    package struct Build: Sendable, Hashable, Codable {
        /// A layer of its image.
        package struct Layer: Sendable, Hashable, Codable {
            package var name: String
            package var bytes: Int64
            package var diffID: Digest
        }

        package var image: String
        package var size: ImageSize
        package var layers: [Layer]
    }

    /// The builds of an image, oldest first, each with the time of its end in seconds since 1970.
    package func builds(of image: String) -> [(build: Build, time: Int64)] {
        entries.compactMap { path in
            guard let build: Build = path.json(), build.image == image else { return nil }
            return (build, (FileStamp(of: path)?.modified ?? 0) / 1_000_000_000)
        }
    }

    /// The sizes of a layer's files by path; `nil` if they are not kept.
    package func files(ofLayer diffID: Digest) -> [String: Int64]? { list(of: diffID).json() }

    /// Keeps a build, and lists the files of its layers that are not listed yet.
    func add(_ build: Build, of files: ImageFiles, masking redactor: Redactor) async throws {
        guard builds(of: build.image).last?.build.layers != build.layers else { return }
        try folder.makeFolders()
        for (index, layer) in build.layers.enumerated() where !list(of: layer.diffID).exists {
            let sizes = Self.sizes(in: try await files.layerTree(index))
            try list(of: layer.diffID).replace(with: redactor.redact(CanonicalJSON.encode(sizes)))
        }
        let number = (entries.last?.stem).flatMap { Int($0.dropFirst("build-".count)) } ?? 0
        let digits = String(number + 1)
        let name = "build-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".json"
        try folder.appending(name).replace(with: redactor.redact(CanonicalJSON.encode(build)))
        removeOld()
    }

    private func removeOld() {
        for path in entries.dropLast(Self.mostBuilds) { try? path.remove() }
        let builds: [Build] = entries.compactMap { $0.json() }
        let used = Set(builds.flatMap { $0.layers.map { list(of: $0.diffID).lastComponent?.string } })
        for name in folder.names where name.hasPrefix("layer-") && !used.contains(name) {
            try? folder.appending(name).remove()
        }
    }

    private static func sizes(in tree: FileTree) -> [String: Int64] {
        let files = tree.largestFiles(mostFiles)
        return Dictionary(files.map { (tree.path(of: $0), tree[$0].size) }, uniquingKeysWith: { $1 })
    }

    private var entries: [FilePath] {
        folder.names.filter { $0.hasPrefix("build-") }.sorted().map { folder.appending($0) }
    }

    private func list(of diffID: Digest) -> FilePath { folder.appending("layer-\(diffID.hex).json") }
}
