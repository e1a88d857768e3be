import Diagnostics
import Glibc
import SystemPackage

extension FilePath {
    /// Removes what stands here, a folder with all it holds; nothing happens where nothing is.
    ///
    /// Goes down by open folders, one at a time: neither the length of a path, nor a loop of links, nor a folder that
    /// its owner shut, nor the depth stops it. Links are removed, never followed.
    /// - Throws: `Failure` of code `unwritable` that names the path that stays.
    package func remove() throws(Failure) {
        if unlink(nameBytes) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        guard kind == .folder else { throw .system(.unwritable, string) }
        try empty()
        guard rmdir(nameBytes) == 0 || errno == ENOENT else { throw .system(.unwritable, string) }
    }

    /// Removes what this folder holds; the folder stays.
    /// - Throws: `Failure` of code `unwritable` that names the path that stays.
    package func empty() throws(Failure) {
        try FolderRemoval(root: self).run()
    }
}

/// One removal of all that a folder holds.
private struct FolderRemoval {
    /// A folder on the way down, and those in it that are still to be removed.
    struct Level {
        var name: [CChar]
        var folders: [[CChar]]
        /// The folder that it is in; `nil` of the one that everything is in.
        var above: OpenFolder.Identity?
    }

    let root: FilePath
    var levels: [Level] = []

    func run() throws(Failure) {
        var removal = self
        var folder = try OpenFolder(root)
        removal.levels = [Level(name: [0], folders: try removal.clear(folder))]
        while let last = removal.levels.indices.last {
            if let next = removal.levels[last].folders.popLast() {
                removal.levels.append(Level(name: next, folders: [], above: folder.identity))
                folder = try OpenFolder(at: folder, next, shown: removal.shown())
                removal.levels[last + 1].folders = try removal.clear(folder)
            } else if let above = removal.levels[last].above {
                folder = try OpenFolder.above(folder, expecting: above, shown: removal.shown())
                let name = removal.levels[last].name
                guard unlinkat(folder.descriptor, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
                    throw .system(.unwritable, removal.shown())
                }
                removal.levels.removeLast()
            } else {
                removal.levels = []
            }
        }
    }

    /// Removes all but the folders, and names those.
    private func clear(_ folder: borrowing OpenFolder) throws(Failure) -> [[CChar]] {
        let mode = FileStamp(open: folder.descriptor)?.mode ?? 0o700
        if mode & 0o700 != 0o700 { fchmod(folder.descriptor, 0o700) }
        var folders: [[CChar]] = []
        for entry in try folder.entries(shown: shown()) {
            if (entry.kind ?? folder.stamp(of: entry.name)?.kind) == .folder {
                folders.append(entry.name)
            } else if unlinkat(folder.descriptor, entry.name, 0) != 0, errno != ENOENT {
                throw .system(.unwritable, shown() + "/" + entry.text)
            }
        }
        return folders
    }

    /// The path of the folder that it is at.
    private func shown() -> String {
        levels.dropFirst().reduce(root.string) { path, level in
            "\(path)/\(FolderListing.Entry(name: level.name, kind: nil).text)"
        }
    }
}
