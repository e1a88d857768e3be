import Dispatch
import Files
import Synchronization
import SystemPackage

/// The folders of a tree and what is in each, read on all processors: most of a look at a large project is the kernel's work.
///
/// Read is what a walk goes into by itself; not what links lead to, nor what takes no part.
struct ListedFolders {
    /// Something in a folder.
    struct Entry: Sendable {
        let name: String
        /// Its path relative to the root.
        let path: String
        let stamp: FileStamp
        /// Whether the selection has it.
        let isSelected: Bool
    }

    /// A folder of the tree.
    private struct Folder: Sendable {
        let place: FilePath
        let path: String
    }

    /// So many folders are read between two looks at whether the task was cancelled.
    private static let atOnce = 256
    /// Fewer are read faster by one thread.
    private static let fewest = 16

    private var folders: [String: [Entry]] = [:]

    /// Reads the folders level by level; one that cannot be read is not there.
    /// - Parameter isUncopied: whether nothing in a folder may be looked at.
    /// - Throws: `CancellationError`.
    init(root: FilePath, _ selection: SourceSelection, isUncopied: (FilePath) -> Bool) throws {
        var level = [Folder(place: root, path: "")]
        while !level.isEmpty {
            var next: [Folder] = []
            var rest = level[...]
            while !rest.isEmpty {
                try Task.checkCancellation()
                let part = rest.prefix(Self.atOnce).filter { !isUncopied($0.place) }
                rest = rest.dropFirst(Self.atOnce)
                for (folder, entries) in zip(part, Self.read(part, selection)) {
                    guard let entries else { continue }
                    folders[folder.path] = entries
                    next += entries.filter { $0.isSelected && $0.stamp.kind == .folder }.map {
                        Folder(place: folder.place.appending($0.name), path: $0.path)
                    }
                }
            }
            level = next
        }
    }

    /// What is in a folder, by its path relative to the root; `nil` for one that was not read.
    subscript(path: String) -> [Entry]? { folders[path] }

    private static func read(_ folders: [Folder], _ selection: SourceSelection) -> [[Entry]?] {
        guard folders.count >= fewest else { return folders.map { entries(of: $0.place, $0.path, selection) } }
        let found = Mutex([[Entry]?](repeating: nil, count: folders.count))
        DispatchQueue.concurrentPerform(iterations: folders.count) { index in
            let entries = entries(of: folders[index].place, folders[index].path, selection)
            found.withLock { $0[index] = entries }
        }
        return found.withLock { $0 }
    }

    /// What is in a folder, in the order of the names' bytes; `nil` if it cannot be read.
    static func entries(of folder: FilePath, _ path: String, _ selection: SourceSelection) -> [Entry]? {
        guard let listing = try? FolderListing(folder) else { return nil }
        var found: [Entry] = []
        found.reserveCapacity(listing.entries.count)
        for entry in listing.entries {
            guard let stamp = listing.status(of: entry.name).map(FileStamp.init) else { continue }
            let name = entry.text
            let below = path.isEmpty ? name : path + "/" + name
            let isFolder = stamp.kind == .link ? folder.appending(name).isFolder : stamp.kind == .folder
            let isSelected = selection.includes(name: name, path: below, isFolder: isFolder)
            found.append(Entry(name: name, path: below, stamp: stamp, isSelected: isSelected))
        }
        return found
    }
}
