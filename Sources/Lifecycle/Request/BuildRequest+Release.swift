import BuildpackAPI
import OCIImage
import SystemPackage

extension BuildRequest {
    /// The same build of one of several releases: every name that it writes to has the release's in it.
    ///
    /// `shop:1.0` becomes `shop-web_rel:1.0`, `oci:DIR` becomes `oci:DIR:web_rel`, `shop.tar` becomes `shop-web_rel.tar`.
    /// - Throws: `Failure` when the release's name cannot be a part of an image's.
    package func of(release: String) throws -> BuildRequest {
        var request = self
        request.release = release
        request.image = try image.naming(release)
        request.tags = try tags.map { try $0.naming(release) }
        request.outputs = try outputs.map { try $0.naming(release) }
        return request
    }
}

extension Reference {
    /// The name with a release's behind the repository.
    fileprivate func naming(_ release: String) throws -> Reference {
        let word = release.split(separator: "_").joined(separator: "_")
        let name = (registry.map { $0 + "/" } ?? "") + "\(repository)-\(word)" + (tag.map { ":" + $0 } ?? "")
        return try Reference(name)
    }
}

extension ImagePlace {
    fileprivate func naming(_ release: String) throws -> ImagePlace {
        switch self {
        case .layout(let path, let tag): .layout(path, tag: tag.map { "\($0)-\(release)" } ?? release)
        case .layoutArchive(let path): .layoutArchive(Self.naming(release, path))
        case .dockerArchive(let path): .dockerArchive(Self.naming(release, path))
        case .engine(let reference): .engine(try reference.naming(release))
        case .registry(let reference): .registry(try reference.naming(release))
        case .store(let reference): .store(try reference.naming(release))
        }
    }

    private static func naming(_ release: String, _ path: FilePath) -> FilePath {
        guard let last = path.lastComponent else { return path }
        let name = last.stem + "-" + release + (last.extension.map { "." + $0 } ?? "")
        return path.removingLastComponent().appending(name)
    }
}
