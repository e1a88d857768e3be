import LayerArchive
import SystemPackage

/// A program or library of a release.
struct ReleaseBinary {
    /// Its path relative to the release's folder.
    let path: String
    /// Where it is on this machine.
    let location: FilePath
    let elf: ElfFile

    /// The programs and libraries below folders, but for the ones that a release can do without; links are not followed.
    /// - Throws: `Failure` when a file is broken, or a file or folder cannot be read.
    static func all(in folders: [FilePath]) throws -> [ReleaseBinary] {
        var binaries: [ReleaseBinary] = []
        for folder in folders {
            var paths: [String] = []
            try FolderScan(folder).run { entry in
                if case .file = entry.kind { paths.append(entry.path) }
            }
            for path in paths where !isLeftOut(path) {
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
