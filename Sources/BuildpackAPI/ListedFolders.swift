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

    /// So many folders are read at once, in memory that is theirs until then.
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
                let part = rest.prefix(Self.atOnce).filter { !isUncopied($0.place) }
                rest = rest.dropFirst(Self.atOnce)
                let found = Self.read(part, selection)
                // What is read while the task is cancelled ends early.
                try Task.checkCancellation()
                for (folder, entries) in zip(part, found) {
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
        let cancellation = Cancellation()
        guard folders.count >= fewest else {
            return folders.map { entries(of: $0.place, $0.path, selection, cancellation) }
        }
        let found = Mutex([[Entry]?](repeating: nil, count: folders.count))
        DispatchQueue.concurrentPerform(iterations: folders.count) { index in
            let entries = entries(of: folders[index].place, folders[index].path, selection, cancellation)
            found.withLock { $0[index] = entries }
        }
        return found.withLock { $0 }
    }

    /// What is in a folder, in the order of the names' bytes; `nil` if it cannot be read.
    /// - Parameter cancellation: ends the look early.
    static func entries(
        of folder: FilePath, _ path: String, _ selection: SourceSelection, _ cancellation: Cancellation = Cancellation()
    ) -> [Entry]? {
        guard !cancellation.isThere, let listing = try? FolderListing(folder) else { return nil }
        var found: [Entry] = []
        found.reserveCapacity(listing.entries.count)
        let start = path.isEmpty ? "" : path + "/"
        for entry in listing.entries {
            if cancellation.isThere { break }
            guard let stamp = listing.status(of: entry.name).map(FileStamp.init) else { continue }
            let name = entry.text
            let below = start + name
            let isFolder = stamp.kind == .link ? folder.appending(name).isFolder : stamp.kind == .folder
            let isSelected = selection.includes(name: name, path: below, isFolder: isFolder)
            found.append(Entry(name: name, path: below, stamp: stamp, isSelected: isSelected))
        }
        return found
    }

    /// Whether the task was cancelled, for threads that are none of its own: its own thread, which reads too, tells them.
    final class Cancellation: Sendable {
        private let isSeen = Atomic(false)

        var isThere: Bool {
            if Task.isCancelled { isSeen.store(true, ordering: .relaxed) }
            return isSeen.load(ordering: .relaxed)
        }
    }
}
