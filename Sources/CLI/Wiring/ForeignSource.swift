import Commands
import Diagnostics
import ElixirBuildpacks
import Files
import ForeignPackages
import Glibc
import HTTP
import LayerArchive
import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SystemPackage

/// Gets what an image for another processor has in place of what was built here: nothing of it is run.
///
/// Erlang's native files come from the packages of the mirror, the run image too where it is made from this machine, and those of
/// dependencies from where these fetch them.
struct ForeignSource: Sendable {
    let wiring: Wiring

    /// The parts of the image.
    /// - Throws: `Failure` that names the native code without a counterpart, or what the mirror lacks.
    func parts(
        _ request: PlatformServices.ForeignRequest, notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.ForeignParts {
        guard let architecture = DebianArchitecture(request.platform) else {
            throw Failure(
                .usage, "mixpack knows no platform \(request.platform)",
                advice: "there are \(DebianArchitecture.all.map(\.platform.description).joined(separator: ", "))")
        }
        let launcher = try LauncherBinary.locate(
            executable: wiring.machine.executable, architecture: architecture.name)
        let code = try NativeCodeOfLayers(request.needs.layers)
        let packages = try await packages(for: architecture, notice)
        let layers = try await layers(request, code, packages, notice)
        let runImage = try await runImage(request, packages, notice)
        let folders = request.needs.layers.map { layers[$0] ?? $0 }
        let findings = try await RunImageCheck(runImage.image, blobs: wiring.store).findings(
            for: folders, scripts: request.needs.programs)
        return PlatformServices.ForeignParts(
            runImage: runImage, launcher: launcher, layers: layers,
            problems: ArchitectureQuestions.warnings(in: request.project)
                + findings.map { finding in
                    Diagnostic(
                        finding.isFatal ? .error : .warning, "\(request.platform): \(finding.message)",
                        advice: finding.advice)
                })
    }

    /// The packages of another processor, and those of this machine.
    private struct Packages {
        let mirror: ForeignMirror
        let installed: InstalledPackages
        let cache: FilePath
    }

    private func packages(
        for architecture: DebianArchitecture, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Packages {
        let cache = wiring.machine.cacheRoot.appending("foreign")
        let machine = try await AptMachine.read(wiring.runner, environment: wiring.machine.environment)
        let apt = PrivateApt(
            architecture, machine: machine, cache: cache, runner: wiring.runner, isOffline: wiring.isOffline,
            notice: notice)
        return Packages(
            mirror: ForeignMirror(apt, cache: cache), installed: try InstalledPackages(), cache: cache)
    }

    /// The run image that goes with this machine's: its counterpart, or the one for the platform at the same place.
    private func runImage(
        _ request: PlatformServices.ForeignRequest, _ packages: Packages,
        _ notice: @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        let own = request.runImage
        guard case .store(let name) = own.place, name.isOwn else {
            var wiring = wiring
            wiring.platform = request.platform
            let image = try await wiring.imported(own.place, as: .namedRunImage)
            let platform = image.configuration.platform
            guard platform.architecture == request.platform.architecture else {
                throw Failure(
                    .analysisFailed, "the run image \(own.place) is for \(platform) only",
                    advice: "name a run image that has \(request.platform) too, or leave --run-image out")
            }
            var found = PlatformServices.RunImage(place: own.place, image: image)
            found.missingPrograms = own.missingPrograms
            return found
        }
        let made = try await ForeignRunImage(
            store: wiring.store, mirror: packages.mirror, installed: packages.installed, cache: packages.cache
        ).image(for: own.image, blobs: wiring.store)
        if let line = VersionSkew.notice(made.skews, packages.mirror.architecture) { notice(line) }
        return PlatformServices.RunImage(place: .store(made.reference), image: made.image)
    }

    /// Copies of the layers with native code, with the other processor's files in it.
    private func layers(
        _ request: PlatformServices.ForeignRequest, _ code: NativeCodeOfLayers, _ packages: Packages,
        _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> [FilePath: FilePath] {
        try? request.folder.remove()
        guard code.ofErlang != nil || !code.others.isEmpty else { return [:] }
        let erlang = try await wiring.toolchain(of: request.project, variables: request.variables)
            .provide(notice: { _ in }).erlangRoot
        var copies: [FilePath: FilePath] = [:]
        // What was compiled here is refused before anything is fetched.
        let plans = try code.others.map { layer, paths in
            let libraries = try libraries(for: layer, request, erlang, packages, notice)
            return (layer, paths, libraries, plan: try libraries.plan(paths))
        }
        for (layer, paths, libraries, plan) in plans {
            let folder = try copy(layer, request)
            try await libraries.replace(plan, in: folder)
            try check(paths, in: folder, packages.mirror.architecture)
            copies[layer] = folder
        }
        if let (own, paths) = code.ofErlang {
            let files = try await ForeignNativeFiles(
                erlangRoot: erlang, mirror: packages.mirror, installed: packages.installed
            ).files(for: paths)
            let folder = try copy(own, request)
            for (path, file) in files {
                let place = folder.pushing(FilePath(path))
                try place.remove()
                _ = try file.copyFile(to: place, permissions: 0o755)
            }
            copies[own] = folder
        }
        return copies
    }

    private func copy(_ layer: FilePath, _ request: PlatformServices.ForeignRequest) throws -> FilePath {
        let buildpack = layer.removingLastComponent().lastComponent?.string ?? ""
        let folder = request.folder.appending(buildpack).appending(layer.lastComponent?.string ?? "")
        try folder.removingLastComponent().makeFolders()
        try layer.copyTree(to: folder)
        return folder
    }

    /// The libraries that the dependencies in a layer fetch: their sources are in the copy of the project beside it.
    private func libraries(
        for layer: FilePath, _ request: PlatformServices.ForeignRequest, _ erlang: FilePath, _ packages: Packages,
        _ notice: @escaping @Sendable (String) -> Void
    ) throws -> PrecompiledLibraries {
        guard let own = DebianArchitecture.current else {
            throw Failure(.unsupported, "mixpack does not know this machine's processor")
        }
        let layers = layer.removingLastComponent()
        let project = layers.appending("app").pushing(FilePath(request.contextPath))
        let home = ProjectCache(project: request.project, root: wiring.machine.cacheRoot)
            .cacheFolder(of: layers.lastComponent?.string ?? "").appending("home")
        return PrecompiledLibraries(
            sources: project.appending("deps"), home: home, shelf: packages.cache.appending("libraries"),
            erlangRoot: erlang, processors: (own.processor, packages.mirror.architecture.processor),
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
    private func check(_ paths: [String], in folder: FilePath, _ architecture: DebianArchitecture) throws {
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
