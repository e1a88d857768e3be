import BuildpackAPI
import Diagnostics
import Files
import OCIImage
import SystemPackage
import TOMLCoding

/// The buildpacks that a request names beside those that are built in, and the order that results.
struct GivenBuildpacks {
    let request: BuildRequest
    let builtIn: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    /// The builder whose buildpacks are the built-in ones, and in which all run; `nil` is this machine.
    var room: BuilderRoom?
    let notice: (String) -> Void

    /// All buildpacks and the order of this build.
    /// - Throws: `Failure` for a folder that is no buildpack, or one of an unknown API; `BuildFailure` for a place
    ///   that has none.
    func store() async throws -> BuildpackStore {
        let choices = [request.firstBuildpacks, request.buildpacks, request.lastBuildpacks]
        guard choices.contains(where: { !$0.isEmpty }) else { return joinedBySystem(builtIn) }
        var loaded = Loaded()
        for choice in choices.joined() { try await load(choice, &loaded) }
        // A name that no buildpack has may be a buildpackage's in a registry; all folders had to be known first.
        for case .named(let reference) in choices.joined() { try await loadNamed(reference, &loaded) }
        removeOthers(than: loaded.packages)
        let given = uniqued(loaded.buildpacks)
        for buildpack in given { buildpack.warnings.forEach(notice) }
        let replaced = Set(given.map(\.descriptor.id)).intersection(builtIn.all.map(\.id))
        for id in replaced.sorted() { notice("buildpack \(id): using the given one, not the built-in one") }
        let references = choices.map { $0.map { loaded.reference($0) } }
        let (first, middle, last) = (references[0], references[1], references[2])
        return joinedBySystem(
            BuildpackStore(
                given + builtIn.buildpacks,
                order: groups(middle).map { Self.joined(first.compactMap { $0 }, $0, last.compactMap { $0 }) }))
    }

    /// The same with the extensions and buildpacks that the builder has in front of every group, and those behind it.
    private func joinedBySystem(_ store: BuildpackStore) -> BuildpackStore {
        guard let builder = room?.builder else { return store }
        let extensions = builder.extensionOrder.isEmpty ? [[]] : builder.extensionOrder
        let order = extensions.flatMap { group in
            // A group passes without its extensions.
            let optional = group.map { BuildpackReference(id: $0.id, version: $0.version, isOptional: true) }
            return store.order.map { Self.joined(optional + builder.firstBuildpacks, $0, builder.lastBuildpacks) }
        }
        return BuildpackStore(store.buildpacks, order: order)
    }

    /// The groups; `from=builder` stands for each of the built-in ones in turn, and so does `from=mixpack` without a builder.
    private func groups(_ references: [BuildpackReference?]) -> [[BuildpackReference]] {
        guard !references.isEmpty else { return builtIn.order }
        guard references.contains(nil) else { return [references.compactMap { $0 }] }
        return builtIn.order.map { group in references.flatMap { $0.map { [$0] } ?? group } }
    }

    // MARK: Loading

    /// What was loaded, and what goes into the order for each choice.
    private struct Loaded {
        var buildpacks: [DirectoryBuildpack] = []
        var references: [BuildpackChoice: BuildpackReference] = [:]
        var packages: Set<String> = []

        /// What goes into the order; `nil` is the built-in order.
        func reference(_ choice: BuildpackChoice) -> BuildpackReference? {
            if let known = references[choice] { return known }
            if case .named(let reference) = choice { return reference }
            return nil
        }

        mutating func add(_ buildpack: DirectoryBuildpack, for choice: BuildpackChoice) {
            buildpacks.append(buildpack)
            references[choice] = BuildpackReference(
                id: buildpack.descriptor.id, version: buildpack.descriptor.version)
        }

        mutating func add(_ package: BuildpackageReader.Contents, for choice: BuildpackChoice) {
            buildpacks += package.buildpacks
            references[choice] = package.main
            if let name = package.folder.lastComponent?.string { packages.insert(name) }
        }
    }

    private func load(_ choice: BuildpackChoice, _ loaded: inout Loaded) async throws {
        switch choice {
        case .builder, .named: break
        case .own:
            // Without a builder they are the built-in ones.
            guard let room else { return }
            loaded.add(try await packages.contents(of: services.ownBuildpacks(room.builder.root)), for: choice)
        case .folder(let path):
            guard path.isFolder else {
                throw Failure(
                    .usage, "no buildpack in \(path): it is not a folder",
                    advice: "name a folder with buildpack.toml, FILE.cnb, or an image place such as docker://REF")
            }
            loaded.add(try DirectoryBuildpack(path, runner: services.runner, room: room), for: choice)
        case .script(let script):
            loaded.add(
                try DirectoryBuildpack(try script.folder(in: cache.scripts), runner: services.runner, room: room),
                for: choice)
        case .archive(let name):
            let archives = BuildpackArchives(services: services, folder: cache.packages)
            let folder = try await archives.folder(of: name, notice)
            if let name = folder.package.lastComponent?.string { loaded.packages.insert(name) }
            loaded.add(try DirectoryBuildpack(folder.buildpack, runner: services.runner, room: room), for: choice)
        case .image(let place): loaded.add(try await packages.contents(of: place), for: choice)
        }
    }

    private func loadNamed(_ reference: BuildpackReference, _ loaded: inout Loaded) async throws {
        let known = Set(loaded.buildpacks.map(\.descriptor.id) + builtIn.all.map(\.id))
        guard !known.contains(reference.id), reference.version == nil, reference.id.contains(where: "/:".contains),
            let name = try? Reference(reference.id)
        else { return }
        let place = try await services.locate(.store(name), notice)
        loaded.add(try await packages.contents(of: place), for: .named(reference))
    }

    private var packages: BuildpackageReader {
        BuildpackageReader(services: services, folder: cache.packages, room: room)
    }

    /// Removes the packages that this build does not use.
    private func removeOthers(than used: Set<String>) {
        for name in cache.packages.names where !used.contains(name) {
            try? cache.packages.appending(name).remove()
        }
    }

    /// Of two with the same id and version the later counts.
    private func uniqued(_ given: [DirectoryBuildpack]) -> [DirectoryBuildpack] {
        var seen: [String: FilePath] = [:]
        return given.reversed().filter { buildpack in
            guard let other = seen[buildpack.title] else {
                seen[buildpack.title] = buildpack.directory
                return true
            }
            if other != buildpack.directory {
                notice("buildpack \(buildpack.title) is given twice: using \(other), not \(buildpack.directory)")
            }
            return false
        }.reversed()
    }

    /// A group with others in front of it and behind it; an id that the group has is not taken twice.
    private static func joined(
        _ first: [BuildpackReference], _ group: [BuildpackReference], _ last: [BuildpackReference]
    ) -> [BuildpackReference] {
        let ids = Set(group.map(\.id))
        let isNew = { (reference: BuildpackReference) in !ids.contains(reference.id) }
        return first.filter(isNew) + group + last.filter(isNew)
    }
}

extension InlineScript {
    /// Writes the script as a buildpack's folder.
    func folder(in parent: FilePath) throws -> FilePath {
        let folder = parent.appending(ProjectCache.escaped(id == ".." ? "_" : id))
        try folder.remove()
        try folder.appending("bin").makeFolders()
        let manifest: TOMLTable = ["api": .string(api), "buildpack": ["id": .string(id), "version": .string(version)]]
        let executable: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        try folder.appending("buildpack.toml").replace(with: TOMLWriter.text(of: manifest).utf8)
        try folder.appending("bin/detect").replace(with: "#!/bin/sh\n".utf8, mode: executable)
        try folder.appending("bin/build").replace(with: "#!\(shell)\n\(inline)\n".utf8, mode: executable)
        return folder
    }
}
