import Diagnostics
import Files
import Glibc
import SystemPackage

extension ImageStore {
    /// Removes the image of a name, and the blobs that no other image has.
    /// - Returns: Whether there was one.
    @discardableResult
    package func remove(_ reference: Reference) throws(Failure) -> Bool {
        guard lockFile.fileSize != nil else { return false }
        let lock = try FileLock(creating: lockFile)
        defer { lock.release() }
        let layout = layout(of: reference)
        guard unlink(layout.indexFile.string) == 0 else { return false }
        prune(layout, keeping: [])
        try? layout.path.remove()
        removePrevious(of: reference)
        return true
    }

    /// Removes the blobs that no image has and no transaction holds.
    /// - Returns: The bytes set free.
    @discardableResult
    package func collectGarbage() throws(Failure) -> Int64 {
        guard lockFile.fileSize != nil else { return 0 }
        let lock = try FileLock(creating: lockFile)
        defer { lock.release() }
        var used: Set<String> = []
        for stored in try list() {
            guard let image = try image(for: stored.reference) else { continue }
            used.formUnion(image.blobs.map(\.digest.hex))
        }
        var freed: Int64 = 0
        for name in blobs.folder.names where !used.contains(name) {
            freed += removeUnlinked(blobs.folder.appending(name))
        }
        return freed
    }

    /// Removes a layout's blobs but for some, and those of the store that had no other name.
    func prune(_ layout: LayoutDirectory, keeping: Set<Digest>) {
        let kept = Set(keeping.map(\.hex))
        for name in layout.blobs.folder.names where !kept.contains(name) {
            try? layout.blobs.folder.appending(name).remove()
            _ = removeUnlinked(blobs.folder.appending(name))
        }
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
        try layout.publish(image, imageName: reference.fullName)
        prune(layout, keeping: Set(image.blobs.map(\.digest)))
    }

    /// Removes the image that was kept for a name.
    func removePrevious(of reference: Reference) {
        let layout = previousLayout(of: reference)
        guard layout.indexFile.fileSize != nil else { return }
        prune(layout, keeping: [])
        try? layout.path.remove()
    }

    private func previousLayout(of reference: Reference) -> LayoutDirectory {
        LayoutDirectory(root.appending("previous").appending(reference.layoutPath.components), tag: reference.layoutTag)
    }
}
