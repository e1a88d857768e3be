import Console
import Materials
import OCIImage
import RunImages
import Text

/// What an image is made of: what its buildpacks say that they put into it, and the packages of its run image.
///
/// The latter are read from the image itself, so that they are right after a rebase too.
struct ImageMaterials {
    let files: ImageFiles
    let contents: ImageContents

    /// The bill of materials of the whole image.
    func bill() async throws -> MaterialsBill {
        let subject = Material(.container, contents.name, version: contents.manifestDigest?.description ?? "")
        let listed = try await listed()
        let found = listed.isEmpty ? try await applications() : listed
        return MaterialsBill(of: subject, found + (try await systemPackages()))
    }

    /// What the bills in the image list, in the order of their paths; of several formats CycloneDX's.
    private func listed() async throws -> [Material] {
        var found: [Material] = []
        for layer in contents.layers where layer.name == "sbom" && layer.buildpack == nil {
            guard case .image(let index)? = layer.source else { continue }
            let tree = try await files.layerTree(index)
            guard let folder = tree.node(at: "/layers/sbom/launch") else { continue }
            for id in bills(in: tree, folder) {
                let bytes = try await files.content(of: tree.path(of: id), in: index, limit: 64 << 20)
                found += MaterialsBill.materials(inCycloneDX: bytes) ?? []
            }
        }
        return found
    }

    private func bills(in tree: FileTree, _ folder: FileTree.ID) -> [FileTree.ID] {
        tree.children(of: folder).flatMap { id -> [FileTree.ID] in
            if tree[id].kind == .directory { return bills(in: tree, id) }
            return tree[id].kind == .file && tree.name(of: id) == "sbom.cdx.json" ? [id] : []
        }
    }

    /// The applications by their own files, for an image without a bill.
    private func applications() async throws -> [Material] {
        try await ImagePackages(files: files, layers: contents.layers).list().map { package in
            Material(
                package.origin == "project" ? .application : .library, package.name, version: package.version,
                url: PackageURL.otp(package.name, version: package.version).description,
                summary: package.summary.isEmpty ? nil : package.summary,
                properties: ["mixpack:origin": package.origin, "mixpack:layer": package.layer])
        }
    }

    // MARK: The run image

    /// The packages that dpkg, or the records of an image without dpkg, list.
    private func systemPackages() async throws -> [Material] {
        var release = OSRelease("")
        var files: [String: [DebianPackage]] = [:]
        for layer in contents.layers {
            guard case .image(let index)? = layer.source, layer.buildpack == nil else { continue }
            let tree = try await self.files.layerTree(index)
            for path in ["/usr/lib/os-release", "/etc/os-release"] {
                guard let text = try await text(at: path, in: tree, index) else { continue }
                release = OSRelease(text)
            }
            for path in recordPaths(in: tree) {
                guard let text = try await text(at: path, in: tree, index) else { continue }
                files[path] = DebianPackage.all(in: text)
            }
        }
        let packages = Set(files.values.joined())
        guard !packages.isEmpty else { return [] }
        let distribution = release["ID"] ?? "debian"
        let system = Material(
            .operatingSystem, distribution, version: release["VERSION_ID"] ?? "", summary: release["PRETTY_NAME"])
        return [system]
            + packages.sorted { ($0.name, $0.architecture, $0.version) < ($1.name, $1.architecture, $1.version) }.map {
                material($0, distribution, release["VERSION_ID"])
            }
    }

    private func recordPaths(in tree: FileTree) -> [String] {
        let folder = "/var/lib/dpkg/status.d"
        let records = tree.node(at: folder).map(tree.children) ?? []
        return ["/var/lib/dpkg/status"] + records.map(tree.path).filter { !$0.hasSuffix(".md5sums") }
    }

    private func text(at path: String, in tree: FileTree, _ layer: Int) async throws -> String? {
        guard let id = tree.node(at: path), tree[id].kind == .file, tree[id].change != .removed else { return nil }
        return String(decoding: try await files.content(of: path, in: layer, limit: 64 << 20), as: UTF8.self)
    }

    private func material(_ package: DebianPackage, _ distribution: String, _ release: String?) -> Material {
        let url = PackageURL.deb(
            package.name, version: package.version, architecture: package.architecture, distribution: distribution,
            release: release, source: package.source)
        return Material(
            .library, package.name, version: package.version, url: url.description,
            properties: ["mixpack:origin": "run image"])
    }
}
