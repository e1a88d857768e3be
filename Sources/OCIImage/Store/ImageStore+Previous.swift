import Diagnostics
import Files
import Glibc
import SystemPackage

extension ImageStore {
    /// The image that a name had before the one it has; `nil` where none was kept.
    package func previousImage(of reference: Reference) throws(Failure) -> Image? {
        try previousLayout(of: reference).storedImage()
    }

    /// When the image before was kept, in seconds since 1970: when it was replaced.
    package func previousTime(of reference: Reference) -> Int64? {
        var status = stat()
        guard stat(previousLayout(of: reference).indexFile.string, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec)
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
        let writer = BlobWriter(directory: layout.blobs)
        let all = [image.descriptor, image.manifest.config] + image.manifest.layers
        for blob in all { try writer.add(blob, content: try blobs.content(blob)) }
        try layout.publish(image, imageName: reference.fullName)
        prune(layout, keeping: Set(all.map(\.digest)))
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
