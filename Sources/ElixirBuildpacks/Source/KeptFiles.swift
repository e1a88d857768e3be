import Diagnostics
import Digests
import Files
import SystemPackage

/// The folders that a build leaves to the next one, such as `_build` and the copied sources: whether something else has written
/// to them since.
///
/// Their files go into the next image, and mix compares no contents. The record is one hash of all stamps, because names of
/// files may be secret. A stamp holds the time of the last change, which programs cannot set.
struct KeptFiles {
    let folders: [FilePath]
    let record: FilePath

    /// Whether a file is not as the last build left it.
    ///
    /// A build that was killed left no record; then mix's own manifests say what is done.
    func haveChanged() throws(Failure) -> Bool {
        guard record.exists else { return false }
        guard record.isFile, let known = record.text else { return true }
        return try known != stamps()
    }

    /// Removes the record, before a build writes to the folders.
    func open() throws(Failure) { try record.remove() }

    /// Keeps how the folders are now.
    func close() throws(Failure) { try record.replace(with: try stamps().utf8) }

    private func stamps() throws(Failure) -> String {
        var digest = try MessageDigest()
        for folder in folders { try FolderDigest.add(folder, .stamps, to: &digest) }
        return try digest.finish()
    }
}
