import BuildpackAPI
import Commands
import SystemPackage

/// The buildpacks that a request names beside those that are built in, and the order that results.
struct GivenBuildpacks {
    let request: BuildRequest
    let builtIn: BuildpackStore
    let runner: any CommandRunner
    /// Where scripts of project.toml become folders.
    let scripts: FilePath
    let notice: (String) -> Void

    /// All buildpacks and the order of this build.
    /// - Throws: `BuildpackError` for a folder that is no buildpack, or one of an unknown API.
    func store() throws -> BuildpackStore {
        guard !request.buildpacks.isEmpty || !request.firstBuildpacks.isEmpty || !request.lastBuildpacks.isEmpty else {
            return builtIn
        }
        var given: [DirectoryBuildpack] = []
        let first = try request.firstBuildpacks.map { try reference($0, &given) }
        let groups = try groups(&given)
        let last = try request.lastBuildpacks.map { try reference($0, &given) }
        given = uniqued(given)
        for buildpack in given { buildpack.warnings.forEach(notice) }
        let replaced = Set(given.map(\.descriptor.id)).intersection(builtIn.all.map(\.id))
        for id in replaced.sorted() { notice("buildpack \(id): the one that was given is used, not the built-in one") }
        return BuildpackStore(
            given + builtIn.buildpacks, order: groups.map { Self.joined(first.compactMap { $0 }, $0, last) })
    }

    /// The groups; `from=builder` stands for each of the built-in ones in turn.
    private func groups(_ given: inout [DirectoryBuildpack]) throws -> [[BuildpackReference]] {
        guard !request.buildpacks.isEmpty else { return builtIn.order }
        let references = try request.buildpacks.map { try reference($0, &given) }
        guard references.contains(nil) else { return [references.compactMap { $0 }] }
        return builtIn.order.map { group in references.flatMap { $0.map { [$0] } ?? group } }
    }

    /// What goes into the order for a choice; `nil` is the built-in order.
    private func reference(
        _ choice: BuildpackChoice, _ given: inout [DirectoryBuildpack]
    ) throws -> BuildpackReference? {
        switch choice {
        case .builder: return nil
        case .named(let reference): return reference
        case .folder(let path):
            guard path.isDirectory else {
                throw BuildFailure(
                    exitCode: ExitCode.usage, message: "no buildpack in \(path): it is no folder",
                    advice: "name a folder with buildpack.toml; images and archives of buildpacks cannot be used yet")
            }
            given.append(try DirectoryBuildpack(path, runner: runner))
        case .script(let script):
            given.append(try DirectoryBuildpack(try script.folder(in: scripts), runner: runner))
        }
        return given.last.map { BuildpackReference(id: $0.descriptor.id, version: $0.descriptor.version) }
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
                notice("buildpack \(buildpack.title) is given twice: \(other) is used, not \(buildpack.directory)")
            }
            return false
        }.reversed()
    }

    /// A group with others in front of it and behind it; an id that the group has is not taken twice.
    private static func joined(
        _ first: [BuildpackReference], _ group: [BuildpackReference], _ last: [BuildpackReference?]
    ) -> [BuildpackReference] {
        let ids = Set(group.map(\.id))
        let isNew = { (reference: BuildpackReference) in !ids.contains(reference.id) }
        return first.filter(isNew) + group + last.compactMap { $0 }.filter(isNew)
    }
}

extension InlineScript {
    /// Writes the script as a buildpack's folder.
    func folder(in parent: FilePath) throws -> FilePath {
        let folder = parent.appending(ProjectCache.escaped(id == ".." ? "_" : id))
        folder.removeAllForced()
        try folder.appending("bin").makeDirectories()
        let manifest = """
            api = \(TOMLText.quoted(api))
            [buildpack]
            id = \(TOMLText.quoted(id))
            version = \(TOMLText.quoted(version))

            """
        let executable: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        try folder.appending("buildpack.toml").replaceFile(with: Array(manifest.utf8))
        try folder.appending("bin/detect").replaceFile(with: Array("#!/bin/sh\n".utf8), mode: executable)
        try folder.appending("bin/build").replaceFile(with: Array("#!\(shell)\n\(inline)\n".utf8), mode: executable)
        return folder
    }
}
