import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// The Erlang in an image, taken out of its layers.
package struct ErlangOfImage {
    private let image: Image
    private let blobs: any BlobSource
    private let name: String

    /// - Parameter name: the image's, for people.
    package init(_ image: Image, blobs: any BlobSource, name: String) {
        self.image = image
        self.blobs = blobs
        self.name = name
    }

    /// Writes the Erlang of a version to a folder that is not there yet: programs, modules and what they come with.
    /// - Throws: `Failure` of code `versionConflict` if the image has no such Erlang, `CancellationError`; there is no folder
    ///   then.
    package func write(version: String, to folder: FilePath) async throws {
        guard !image.layers.isEmpty else { throw lacks(version, []) }
        let files = ImageFiles(image, blobs: blobs)
        let tree = try await files.mergedTree(through: image.layers.count - 1)
        let root = try await root(version, tree, files)
        let scratch = try HeldFolder(in: folder.removingLastComponent(), prefix: Self.prefix)
        defer { scratch.remove() }
        let place = scratch.path.appending("erlang")
        for (layer, wanted) in wanted(below: root, tree) { try await copy(wanted, ofLayer: layer, to: place) }
        do {
            try place.move(to: folder)
        } catch {
            // Another process was faster.
            guard folder.isFolder else { throw error }
        }
    }

    /// Removes what processes that are gone have left in the folder of folders.
    package static func removeAbandoned(in folder: FilePath) { HeldFolder.removeAbandoned(in: folder, prefix: prefix) }

    private static let prefix = "image-part-"

    // MARK: - Where it is

    private func root(_ version: String, _ tree: FileTree, _ files: ImageFiles) async throws -> FileTree.ID {
        var others: [String] = []
        for (root, file) in roots(in: tree, from: .root) {
            let bytes = try await files.content(of: tree.path(of: file), in: Int(tree[file].layer), limit: 1 << 10)
            let found = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
            if let found, found == version { return root }
            others.append(found.map(String.init) ?? "?")
        }
        throw lacks(version, others)
    }

    private func lacks(_ version: String, _ others: [String]) -> Failure {
        Failure(
            .versionConflict,
            others.isEmpty
                ? "\(name) has no Erlang"
                : "\(name) has OTP \(others.joined(separator: ", ")), this machine builds with \(version)",
            advice: "name an image with exactly OTP \(version)")
    }

    /// The folders of Erlangs with the files that say their versions: `releases/25/OTP_VERSION`.
    private func roots(in tree: FileTree, from folder: FileTree.ID) -> [(root: FileTree.ID, file: FileTree.ID)] {
        var found: [(FileTree.ID, FileTree.ID)] = []
        var rest = [folder]
        while let next = rest.popLast() {
            for child in present(tree, next) where tree[child].kind == .directory {
                if tree.name(of: child) == "releases" {
                    for release in present(tree, child) {
                        let file = present(tree, release).first { tree.name(of: $0) == "OTP_VERSION" }
                        if let file, tree[file].kind == .file { found.append((next, file)) }
                    }
                }
                rest.append(child)
            }
        }
        return found
    }

    private func present(_ tree: FileTree, _ folder: FileTree.ID) -> [FileTree.ID] {
        tree.children(of: folder).filter { tree[$0].change != .removed }
    }

    // MARK: - What is taken

    /// The files to take, for each layer: the paths in Erlang's folder that a path in the layer is taken to.
    ///
    /// Links are followed in the image, so that none can lead out of the folder.
    private func wanted(below root: FileTree.ID, _ tree: FileTree) -> [Int: [String: [String]]] {
        let top = tree.path(of: root)
        var wanted: [Int: [String: [String]]] = [:]
        var rest = present(tree, root).filter { Self.isWanted([tree.name(of: $0)]) }
        while let next = rest.popLast() {
            let path = tree.path(of: next)
            if tree[next].kind == .directory {
                rest += present(tree, next).filter { child in
                    Self.isWanted(tree.path(of: child).dropFirst(top.count).split(separator: "/").map(String.init))
                }
            } else if let end = file(at: path, tree) {
                let place = String(path.dropFirst(top.count).drop { $0 == "/" })
                wanted[Int(tree[end].layer), default: [:]][tree.path(of: end), default: []].append(place)
            }
        }
        return wanted
    }

    /// The file that a path leads to, soft and hard links followed.
    private func file(at path: String, _ tree: FileTree) -> FileTree.ID? {
        var path = path
        for _ in 0..<8 {
            guard let end = tree.node(following: path) else { return nil }
            switch tree[end].kind {
            case .file: return end
            case .hardLink: path = tree.linkTarget(of: end) ?? ""
            case .directory, .symlink, .special: return nil
            }
        }
        return nil
    }

    /// Whether something is of use at run time, by its path in Erlang's folder.
    private static func isWanted(_ path: [String]) -> Bool {
        guard let top = path.first else { return false }
        if top == "lib" { return path.count < 3 || ["ebin", "priv"].contains(path[2]) }
        if top.hasPrefix("erts-") { return path.count < 2 || path[1] == "bin" }
        return top == "releases" && (path.count < 3 || path.last == "OTP_VERSION")
    }

    private func copy(_ wanted: [String: [String]], ofLayer layer: Int, to folder: FilePath) async throws {
        let reader = try TarReader(try await blobs.blob(image.layers[layer].descriptor).input)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            guard case .file = entry.kind else { continue }
            let path = "/" + entry.path.split(separator: "/").drop(while: { $0 == "." }).joined(separator: "/")
            guard let places = wanted[path].map({ $0.map { folder.pushing(FilePath($0)) } }), let first = places.first
            else { continue }
            for place in places { try place.removingLastComponent().makeFolders() }
            try first.remove()
            try reader.copyContent(to: try FileSink(creating: first))
            for place in places.dropFirst() {
                try place.remove()
                _ = try first.copyFile(to: place, permissions: 0o644)
            }
        }
    }
}
