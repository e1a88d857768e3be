import Diagnostics
import Files
import Glibc
import SystemPackage

extension ImageStore {
    /// Removes images and kept previous images, and the blobs that nothing else has.
    ///
    /// An image goes with the previous one of its name. What was written after it was looked at stays. Blobs that a
    /// transaction or a `HeldImage` has stay until that ends.
    @discardableResult
    package func remove(_ items: [StoreItem]) throws(Failure) -> StoreRemoval {
        var removal = StoreRemoval()
        guard lockFile.fileSize != nil else { return removal }
        let lock = try FileLock(creating: lockFile)
        defer { lock.release() }
        for item in items {
            guard let freed = remove(item) else { continue }
            removal.items.append(item)
            removal.freed += freed
        }
        return removal
    }

    /// The bytes set free; `nil` if it is not there, or another one by now.
    private func remove(_ item: StoreItem) -> Int64? {
        let layout = layout(of: item)
        guard let time = layout.modified, item.time == nil || item.time == time else { return nil }
        guard unlink(layout.indexFile.string) == 0 else { return nil }
        var freed = clear(layout)
        if item.part == .image {
            let previous = previousLayout(of: item.reference)
            unlink(previous.indexFile.string)
            freed += clear(previous)
        }
        return freed
    }

    private func layout(of item: StoreItem) -> LayoutDirectory {
        switch item.part {
        case .image: layout(of: item.reference)
        case .previous: previousLayout(of: item.reference)
        }
    }

    /// Removes a layout's own files and the folders that are empty then: a repository may have its folder in a tag's.
    private func clear(_ layout: LayoutDirectory) -> Int64 {
        let freed = prune(layout, keeping: [])
        try? layout.blobs.path.remove()
        for name in ["oci-layout", "index.json"] { unlink(layout.path.appending(name).string) }
        var folder = layout.path
        while folder.starts(with: root), rmdir(folder.string) == 0 { folder.removeLastComponent() }
        return freed
    }

    /// Removes the blobs that no image has and no transaction holds, and what killed removals left.
    /// - Returns: The bytes set free.
    @discardableResult
    package func collectGarbage() throws(Failure) -> Int64 {
        guard lockFile.fileSize != nil else { return 0 }
        let lock = try FileLock(creating: lockFile)
        defer { lock.release() }
        StoreTransaction.sweep(staging)
        var freed: Int64 = 0
        for layout in unfinishedLayouts { freed += clear(layout) }
        // Where the file system has no links, layouts have copies.
        let used = Set(try inventory().entries.flatMap(\.blobs.keys))
        for name in blobs.folder.names where !used.contains(name) {
            freed += removeUnlinked(blobs.folder.appending(name))
        }
        return freed
    }

    /// The layouts without an index: they are written and removed under the lock, so a killed removal left them.
    private var unfinishedLayouts: [LayoutDirectory] {
        ["layouts", "previous"].flatMap { unfinishedLayouts(in: root.appending($0)) }
    }

    private func unfinishedLayouts(in folder: FilePath) -> [LayoutDirectory] {
        let names = folder.names
        let isLayout = names.contains("index.json")
        return names.flatMap { name -> [LayoutDirectory] in
            let path = folder.appending(name)
            guard path.kind == .folder else { return [] }
            // A repository may be called blobs; what is in it are folders then.
            if name == "blobs", Self.hasBlobs(path.appending("sha256")) {
                return isLayout ? [] : [LayoutDirectory(folder, tag: nil)]
            }
            return unfinishedLayouts(in: path)
        }
    }

    private static func hasBlobs(_ folder: FilePath) -> Bool {
        folder.names.contains { $0.utf8.count == 64 && folder.appending($0).kind == .file }
    }

    /// Removes a layout's blobs but for some, and those of the store that had no other name.
    /// - Returns: The bytes set free.
    @discardableResult
    func prune(_ layout: LayoutDirectory, keeping: Set<Digest>) -> Int64 {
        let kept = Set(keeping.map(\.hex))
        var freed: Int64 = 0
        for name in layout.blobs.folder.names where !kept.contains(name) {
            try? layout.blobs.folder.appending(name).remove()
            freed += removeUnlinked(blobs.folder.appending(name))
        }
        return freed
    }

    /// Removes those of some blobs that nothing has any more: after their last reader.
    func removeUnused(_ names: [String]) {
        guard let lock = try? FileLock(creating: lockFile) else { return }
        defer { lock.release() }
        for name in names { _ = removeUnlinked(blobs.folder.appending(name)) }
    }

    /// Gives every image that has one of these blobs the file that the store has now, where theirs is another one.
    func replaceInLayouts(_ blobs: Set<String>) throws(Failure) {
        for folder in ["layouts", "previous"] { try replace(blobs, in: root.appending(folder)) }
    }

    private func replace(_ blobs: Set<String>, in folder: FilePath) throws(Failure) {
        for name in folder.names {
            let path = folder.appending(name)
            if name == "sha256", folder.lastComponent?.string == "blobs" {
                for blob in path.names where blobs.contains(blob) { try relink(blob, at: path.appending(blob)) }
            } else if path.kind == .folder {
                try replace(blobs, in: path)
            }
        }
    }

    private func relink(_ blob: String, at place: FilePath) throws(Failure) {
        let source = blobs.folder.appending(blob)
        guard FileStamp(behind: place)?.inode != FileStamp(behind: source)?.inode else { return }
        let new = place.removingLastComponent().appending(".\(FilePath.uniqueName()).new")
        guard link(source.string, new.string) == 0 else { throw .system(.unwritable, new.string) }
        try new.move(to: place)
    }

    /// Removes a blob that has no other link, neither from a layout nor from a transaction.
    private func removeUnlinked(_ path: FilePath) -> Int64 {
        var status = stat()
        guard stat(path.string, &status) == 0, status.st_nlink == 1, unlink(path.string) == 0 else { return 0 }
        return Int64(status.st_size)
    }

    /// The image that a name had before the one it has; `nil` where none was kept.
    package func previousImage(of reference: Reference) throws(Failure) -> Image? {
        try previousLayout(of: reference).storedImage()
    }

    /// When the image before was kept, in seconds since 1970: when it was replaced.
    package func previousTime(of reference: Reference) -> Int64? {
        previousLayout(of: reference).time
    }

    /// Keeps the image that a name has, in the place of one kept before, so that `next` can be compared with it.
    ///
    /// Its blobs are hard links: layers that both images have cost nothing. Nothing happens where `next` is that image.
    package func keepPrevious(of reference: Reference, before next: Image) throws(Failure) {
        guard let image = try image(for: reference), image.digest != next.digest else { return }
        let lock = try FileLock(creating: lockFile)
        defer { lock.release() }
        let layout = previousLayout(of: reference)
        try layout.blobs.folder.makeFolders()
        for blob in image.blobs { try layout.blobs.add(blob, content: try blobs.content(blob)) }
        try layout.publish(NamedContent(image), imageName: reference.fullName)
        prune(layout, keeping: Set(image.blobs.map(\.digest)))
    }

    func previousLayout(of reference: Reference) -> LayoutDirectory {
        LayoutDirectory(root.appending("previous").appending(reference.layoutPath.components), tag: reference.layoutTag)
    }
}
