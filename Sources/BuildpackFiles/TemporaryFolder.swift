import Glibc
import SystemPackage

/// A folder for one run of a program.
struct TemporaryFolder {
    let path: FilePath

    /// Makes it in `folder`, by default `/tmp`.
    init(_ folder: String?) throws {
        var template = Array("\(folder ?? "/tmp")/buildpack-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: template)
    }

    /// Removes it with all it holds.
    func remove() { FileText.removeAll(path) }
}
