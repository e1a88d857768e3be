import Diagnostics
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage

/// Writes an image's archive to a file, which is there whole or not at all.
enum ImageArchive {
    /// Writes next to the file, and puts it in its place at the end.
    static func write(
        _ content: JoinedContent, to file: FilePath, progress: BlobProgress?
    ) throws(Failure) {
        let temporary = file.removingLastComponent().appending(".\(file.lastComponent?.string ?? "image")-\(getpid())")
        _ = unlink(temporary.string)
        do throws(Failure) {
            let sink = try FileSink(creating: temporary, mode: [.ownerReadWrite, .groupRead, .otherRead])
            try content.write(to: sink) { progress?($0, content.size) }
            try sink.synchronize()
            guard !Task.isCancelled else { throw Failure(.unwritable, "cancelled") }
            guard rename(temporary.string, file.string) == 0 else {
                throw Failure(.unwritable, "\(file): \(String(cString: strerror(errno)))")
            }
        } catch {
            _ = unlink(temporary.string)
            throw error
        }
    }

    /// Whether the file has the size of the archive that would be written.
    static func hasSize(_ size: Int64, _ file: FilePath) -> Bool {
        var status = stat()
        return stat(file.string, &status) == 0 && Int64(status.st_size) == size
    }
}
