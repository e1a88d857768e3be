import Diagnostics
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// Gets the buildpacks and extensions that a builder.toml names.
package struct ModuleLoading: Sendable {
    let services: PlatformServices
    /// The folder of builder.toml: what its paths are relative to.
    let folder: FilePath
    /// Where tars are unpacked.
    let scratch: FilePath

    package init(services: PlatformServices, folder: FilePath, scratch: FilePath) {
        self.services = services
        self.folder = folder
        self.scratch = scratch
    }

    /// The modules of all sources; of one that comes twice the later counts.
    /// - Throws: `Failure` at the place in builder.toml.
    package func modules(
        of sources: [BuilderFile.ModuleSource], _ kind: LoadedModule.Kind, _ notice: (String) -> Void
    ) async throws -> [LoadedModule] {
        var found: [String: LoadedModule] = [:]
        for source in sources {
            let loaded: [LoadedModule]
            do {
                loaded = try await modules(of: source, kind, notice)
                try check(loaded, against: source, kind)
            } catch let error as Failure {
                var failure = error.code == .unsupportedAPI ? error : error.coded(.usage)
                failure.place = failure.place ?? source.place
                throw failure
            }
            for module in loaded {
                module.warnings.forEach { notice("warning: \($0)") }
                let title = module.module.title
                if found[title] != nil, kind == .extension || loaded.count == 1 {
                    notice("warning: \(kind.word) \(title) is given twice: the later one counts")
                }
                found[title] = module
            }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    private func check(
        _ loaded: [LoadedModule], against source: BuilderFile.ModuleSource, _ kind: LoadedModule.Kind
    ) throws(Failure) {
        let fits = loaded.contains { found in
            source.id.map { $0 == found.module.id } ?? true
                && source.version.map { $0 == found.module.version } ?? true
        }
        guard !fits else { return }
        let wanted = [source.id, source.version].compactMap { $0 }.joined(separator: "@")
        throw Failure(
            .usage,
            "\(source.uri) is the \(kind.word) \(loaded.map(\.module.title).joined(separator: ", ")), not \(wanted)")
    }

    private func modules(
        of source: BuilderFile.ModuleSource, _ kind: LoadedModule.Kind, _ notice: (String) -> Void
    ) async throws -> [LoadedModule] {
        if let problem = BuildpackChoice.problem(ofURI: source.uri), !isPlace(source.uri),
            !source.uri.hasPrefix("https://"), !source.uri.hasPrefix("file://")
        {
            throw Failure(.usage, "\(source.uri) cannot be used", advice: problem)
        }
        let uri = source.uri.hasPrefix("file://") ? String(source.uri.dropFirst("file://".count)) : source.uri
        if let place = place(uri) {
            guard kind == .buildpack else {
                throw Failure(.usage, "\(uri) cannot be used: extensions are read from folders and tars")
            }
            if place.isRegistry { notice("looking for buildpacks at \(place)") }
            let (image, blobs) = try await services.image(place)
            return try await PackageModules(image: image, blobs: blobs, name: "\(place)").modules()
        }
        let isRemote = uri.hasPrefix("https://")
        let path = isRemote ? FilePath(uri) : absolute(uri)
        if isRemote || (BuildpackChoice.isArchive(uri) && !path.isFolder) {
            let archives = BuildpackArchives(services: services, folder: scratch, manifest: kind.manifest)
            return [
                try LoadedModule(
                    try await archives.folder(of: isRemote ? uri : path.string, notice).buildpack, kind)
            ]
        }
        return [try LoadedModule(path, kind)]
    }

    private func isPlace(_ uri: String) -> Bool { (try? ImagePlace(uri)) != nil }

    /// The image place that a uri names.
    private func place(_ uri: String) -> ImagePlace? {
        if uri.hasSuffix(".cnb"), !uri.contains(":"), !absolute(uri).isFolder { return .layoutArchive(absolute(uri)) }
        switch try? ImagePlace(uri) {
        case .layout(let path, let tag): return .layout(absolute(path.string), tag: tag)
        case .layoutArchive(let path): return .layoutArchive(absolute(path.string))
        case .dockerArchive(let path): return .dockerArchive(absolute(path.string))
        case .some(let place): return place
        case nil: return nil
        }
    }

    private func absolute(_ path: String) -> FilePath {
        let path = FilePath(path)
        return (path.isAbsolute ? path : folder.pushing(path)).lexicallyNormalized()
    }
}
