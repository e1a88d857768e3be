import Commands
import Diagnostics
import Digests
import ElixirBuildpacks
import Files
import ForeignPackages
import Glibc
import HTTP
import LayerArchive
import Lifecycle
import OCIImage
import RunImages
import SystemPackage
import Toolchains

/// Copies of the layers with native code, with the other processor's files in place of this machine's.
struct ForeignLayers: Sendable {
    let wiring: Wiring
    let request: PlatformServices.ForeignRequest
    let architecture: DebianArchitecture
    let machine: ForeignMachine
    let notice: @Sendable (String) -> Void

    /// The copies, by the folders of the layers; what has no native code is left out.
    /// - Throws: `Failure` that names the native code without a counterpart.
    func copies(of code: NativeCodeOfLayers) async throws -> [FilePath: FilePath] {
        try? request.folder.remove()
        guard code.ofErlang != nil || !code.others.isEmpty else { return [:] }
        let toolchain = wiring.toolchain(of: request.project, variables: request.variables)
        let erlang = try await toolchain.provide(notice: { _ in }).erlangRoot
        var copies: [FilePath: FilePath] = [:]
        // What was compiled here is refused before anything is fetched.
        let plans = try code.others.map { layer, paths in
            let libraries = try libraries(for: layer, erlang)
            return (layer, paths, libraries, plan: try libraries.plan(paths))
        }
        for (layer, paths, libraries, plan) in plans {
            let folder = try copy(layer)
            try await libraries.replace(plan, in: folder)
            try check(paths, in: folder)
            copies[layer] = folder
        }
        if let (own, paths) = code.ofErlang {
            let portable = try Self.portableFiles(of: own.removingLastComponent().appending("base"), in: erlang)
            let files = try await files(for: paths, portable, toolchain, erlang)
            let folder = try copy(own)
            for (path, file) in files {
                let place = folder.pushing(FilePath(path))
                try place.remove()
                _ = try file.copyFile(to: place, permissions: 0o755)
            }
            copies[own] = folder
        }
        return copies
    }

    // MARK: - Erlang

    private func files(
        for paths: [String], _ portable: [String], _ toolchain: ProjectToolchain, _ erlang: FilePath
    ) async throws -> [String: FilePath] {
        let folder = machine.cache.appending("erlang")
        if let place = request.toolchainImage {
            return try await taken(from: place, like: erlang, in: folder)
                .files(for: paths, portable: portable, of: erlang)
        }
        let build = try await toolchain.counterpart(
            of: erlang, for: architecture.platform.architecture, in: folder, notice: notice)
        if let build {
            try Self.keep(build.folder)
            return try ForeignErlang(build.folder, from: build.origin, for: architecture)
                .files(for: paths, portable: portable, of: erlang)
        }
        return try await ForeignNativeFiles(
            erlangRoot: erlang, mirror: try await machine.mirror(), installed: try InstalledPackages()
        ).files(for: paths, portable: portable)
    }

    /// The Erlang of an image for the other processor; it is taken out of the image once.
    private func taken(from place: ImagePlace, like own: FilePath, in root: FilePath) async throws -> ForeignErlang {
        var wiring = wiring
        wiring.platform = request.platform
        let place = located(place, wiring)
        if case .registry(let name) = place, wiring.isOffline {
            throw Failure(
                .fetchFailed, "\(name) is in a registry, and mixpack may not use the network",
                advice: "name a copy on this machine, such as oci:DIR")
        }
        let image = try await wiring.image(at: place.description).image
        let platform = image.configuration.platform
        guard platform.architecture == request.platform.architecture else {
            throw Failure(
                .analysisFailed, "the image \(place) is for \(platform) only",
                advice: "--toolchain-from takes an image for \(request.platform)")
        }
        let version = ToolInstall(.erlang, at: own)?.version ?? ""
        let folder = root.appending("image-\(image.digest.short)-otp-\(version)")
        let sealed = SealedFolder(folder)
        try sealed.removeIfDamaged(notice: notice)
        if !folder.isFolder {
            try root.makeFolders()
            ErlangOfImage.removeAbandoned(in: root)
            notice("taking OTP \(version) for \(architecture.name) from \(place)")
            let imported = try await wiring.imported(place, as: .toolchain)
            // Only what was taken out is kept.
            defer {
                _ = try? wiring.store.remove([StoreItem(try OwnImage.toolchain.reference(imported.image.digest.short))])
            }
            try await ErlangOfImage(imported.image, blobs: imported, name: place.description)
                .write(version: version, to: folder)
            try sealed.seal()
        }
        try Self.keep(folder)
        return ForeignErlang(folder, from: place.description, for: architecture)
    }

    /// Marks a kept Erlang as used, and removes those that were not used for the longest time.
    private static func keep(_ used: FilePath) throws {
        try used.setModified(Int64(time(nil)) * 1_000_000_000)
        let root = used.removingLastComponent()
        let kept = root.names.map(root.appending).filter {
            $0.isFolder && $0.lastComponent?.string.contains("otp-") == true
        }
        let byUse = kept.sorted { (FileStamp(of: $0)?.modified ?? 0) > (FileStamp(of: $1)?.modified ?? 0) }
        for old in byUse.dropFirst(mostKept) { try? SealedFolder(old).remove() }
    }

    /// How many Erlangs for other processors are kept, of 50 to 100 MB each.
    private static let mostKept = 4

    /// Where an image with only a name is: in the image store if it has it for this platform, else in its registry.
    private func located(_ place: ImagePlace, _ wiring: Wiring) -> ImagePlace {
        guard case .store(let name) = place else { return place }
        let images = (try? wiring.images(named: name.description))?.images
        let known = images ?? [try? wiring.store.image(for: name)].compactMap(\.self)
        guard !known.contains(where: { $0.configuration.platform.architecture == request.platform.architecture })
        else { return place }
        notice(
            "the image store has no \(name) for \(request.platform); asking its registry for \(name.engineName)")
        return .registry(name)
    }

    /// The files of a layer that this machine's Erlang has too, but for its scripts, which know their place.
    private static func portableFiles(of layer: FilePath, in erlang: FilePath) throws -> [String] {
        guard layer.isFolder else { return [] }
        var paths: [String] = []
        try FolderScan(layer).run { entry in
            guard case .file = entry.kind, entry.path.hasPrefix("lib/"), erlang.appending(entry.path).isFile
            else { return }
            paths.append(entry.path)
        }
        return paths.sorted()
    }

    // MARK: - Other layers

    private func copy(_ layer: FilePath) throws -> FilePath {
        let buildpack = layer.removingLastComponent().lastComponent?.string ?? ""
        let folder = request.folder.appending(buildpack).appending(layer.lastComponent?.string ?? "")
        try folder.removingLastComponent().makeFolders()
        try layer.copyTree(to: folder)
        return folder
    }

    /// The libraries that the dependencies in a layer fetch: their sources are in the copy of the project beside it.
    private func libraries(
        for layer: FilePath, _ erlang: FilePath
    ) throws -> PrecompiledLibraries {
        guard let own = DebianArchitecture.current else {
            throw Failure(.unsupported, "mixpack does not know this machine's processor")
        }
        let layers = layer.removingLastComponent()
        let project = layers.appending("app").pushing(FilePath(request.contextPath))
        let home = ProjectCache(project: request.project, root: wiring.machine.cacheRoot)
            .cacheFolder(of: layers.lastComponent?.string ?? "").appending("home")
        return PrecompiledLibraries(
            sources: project.appending("deps"), home: home, shelf: machine.cache.appending("libraries"),
            erlangRoot: erlang, processors: (own.processor, architecture.processor),
            downloader: FileDownloads(), isOffline: wiring.isOffline, unpack: Self.unpack, notice: notice)
    }

    /// Writes members of a tar to files.
    private static func unpack(_ archive: FilePath, _ files: [String: FilePath]) throws -> Set<String> {
        let reader = try TarReader(.file(archive), limits: TarLimits(entries: 10_000, totalSize: 2 << 30))
        var left = files
        while let entry = try reader.next() {
            try Task.checkCancellation()
            let member = entry.path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
            guard case .file = entry.kind, let place = left.removeValue(forKey: member) else { continue }
            try place.remove()
            try reader.copyContent(to: try FileSink(creating: place))
            guard chmod(place.nameBytes, 0o755) == 0 else { throw Failure.system(.unwritable, place.string) }
        }
        return Set(left.keys)
    }

    /// No file for another processor gets into an image, whatever an archive holds.
    private func check(_ paths: [String], in folder: FilePath) throws {
        for path in paths {
            guard try ElfFile(at: folder.pushing(FilePath(path)))?.machine != architecture.machine else { continue }
            throw Failure(
                .exportFailed, "the archive for \(architecture.platform) has a \(path) that is not for it",
                advice: "the package's archive is wrong: ask its authors, and build without --platform until then")
        }
    }
}

/// The native code in the launch layers of an application.
struct NativeCodeOfLayers {
    /// The layer with Erlang's own, and the paths of its files there.
    private(set) var ofErlang: (layer: FilePath, paths: [String])?
    /// The layers with that of dependencies and of the project, with the paths of its files there.
    private(set) var others: [(layer: FilePath, paths: [String])] = []

    /// Looks at every file but those that are known to have none.
    /// - Throws: `Failure` when a folder or a file cannot be read.
    init(_ layers: [FilePath]) throws {
        for layer in layers {
            var paths: [String] = []
            try FolderScan(layer).run { entry in
                guard case .file = entry.kind, !entry.path.hasSuffix(".beam") else { return }
                if Self.isNative(layer.appending(entry.path)) { paths.append(entry.path) }
            }
            guard !paths.isEmpty else { continue }
            if layer.lastComponent?.string == "base-native" {
                ofErlang = (layer, paths.sorted())
            } else {
                others.append((layer, paths.sorted()))
            }
        }
    }

    private static func isNative(_ file: FilePath) -> Bool {
        guard let descriptor = try? FileDescriptor.open(file, .readOnly, options: .closeOnExec) else { return false }
        defer { try? descriptor.close() }
        return descriptor.filled(4).map(ElfFile.isElf) ?? false
    }
}
