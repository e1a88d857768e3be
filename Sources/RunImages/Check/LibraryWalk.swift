import LayerArchive
import SystemPackage

/// Follows the libraries that a release's files need into the image, and on from there.
struct LibraryWalk {
    let root: ImageRoot
    /// The names of the release's own files: they may load each other.
    let own: Set<String>
    /// What this machine has: a library that a file opens by name, and that is not here either, is not missed.
    let machine = LibrarySearch()
    private(set) var visited: Set<String> = []

    /// Notes what one file of the release needs and the image does not have.
    mutating func visit(_ binary: ReleaseBinary, _ list: inout FindingList) async throws {
        for soname in binary.elf.needed where !own.contains(soname) {
            if await isOfLoader(soname) { continue }
            guard let library = try await root.library(soname, startingIn: folders(of: binary.elf)) else {
                let installed = machine.find(soname, for: binary.elf, at: binary.location)
                list.addLibrary(
                    soname, neededBy: binary.path, installed: installed.flatMap { $0.isOfSystem ? $0 : nil })
                continue
            }
            let missing = (binary.elf.neededVersions[soname] ?? []).subtracting(library.elf.providedVersions)
            list.addVersions(missing, of: soname, offered: library.elf.providedVersions, neededBy: binary.path)
            try await visit(library, &list)
        }
        for soname in binary.elf.opened where !binary.isRuntime && !own.contains(soname) {
            guard machine.find(soname, for: binary.elf, at: binary.location) != nil,
                try await root.library(soname, startingIn: folders(of: binary.elf)) == nil
            else { continue }
            list.addOpened(soname, by: binary.path)
        }
    }

    /// Notes what a library of the image itself lacks.
    private mutating func visit(_ library: (path: String, elf: ElfFile), _ list: inout FindingList) async throws {
        guard visited.insert(library.path).inserted else { return }
        for soname in library.elf.needed {
            if await isOfLoader(soname) { continue }
            guard let next = try await root.library(soname, startingIn: folders(of: library.elf, at: library.path))
            else {
                let installed = machine.find(soname, for: library.elf, at: FilePath(library.path))
                list.addLibrary(soname, neededBy: library.path, installed: installed)
                continue
            }
            try await visit(next, &list)
        }
    }

    /// Whether the image's loader is the library itself: musl's is all of these, under names without a version.
    private func isOfLoader(_ soname: String) async -> Bool {
        guard Self.namesOfMusl.contains(soname) else { return false }
        for loader in DebianArchitecture.muslLoaders where await root.has(loader) { return true }
        return false
    }

    private static let namesOfMusl: Set<String> = [
        "libc.so", "libpthread.so", "librt.so", "libm.so", "libdl.so", "libutil.so", "libxnet.so",
    ]

    /// The run path's folders in the image; what lies beside a file of the release is among `own`.
    private func folders(of elf: ElfFile, at path: String? = nil) -> [String] {
        let origin = path.map { FilePath($0).removingLastComponent().string }
        return elf.runPath.compactMap { folder in
            guard folder.contains("$ORIGIN") else { return folder }
            return origin.map { folder.replacing("$ORIGIN", with: $0) }
        }
    }
}

/// A program or library of a release.
struct ReleaseBinary {
    /// Its path relative to the release's folder.
    let path: String
    /// Where it is on this machine.
    let location: FilePath
    let elf: ElfFile

    /// Whether it is a program of the Erlang runtime, which does without what it only opens by name.
    var isRuntime: Bool { path.split(separator: "/").contains { $0.hasPrefix("erts-") } }

    /// The programs and libraries below folders, but for the ones that a release can do without; links are not followed.
    /// - Throws: `Failure` when a file is broken, or a file or folder cannot be read.
    /// - Parameter isKnown: whether a file is not looked at, by its path in its folder.
    static func all(
        in folders: [FilePath], except isKnown: (_ path: String) -> Bool = { _ in false }
    ) throws -> [ReleaseBinary] {
        var binaries: [ReleaseBinary] = []
        for folder in folders {
            var paths: [String] = []
            try FolderScan(folder).run { entry in
                if case .file = entry.kind { paths.append(entry.path) }
            }
            for path in paths where !path.hasSuffix(".beam") && !isLeftOut(path) && !isKnown(path) {
                let location = folder.pushing(FilePath(path))
                guard let elf = try ElfFile(at: location) else { continue }
                binaries.append(ReleaseBinary(path: path, location: location, elf: elf))
            }
        }
        return binaries
    }

    private static func isLeftOut(_ path: String) -> Bool {
        let parts = path.split(separator: "/").suffix(2)
        return parts.first == "bin" && parts.last.map { RunImageFiles.leftOutPrograms.contains(String($0)) } == true
    }
}
