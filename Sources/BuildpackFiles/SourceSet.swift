import Files
import Glibc
import SystemPackage

/// The paths of an application's folder at one moment.
struct SourceSet {
    private let folder: FilePath
    private var paths: Set<String> = []

    /// Takes down what is there.
    init(_ folder: FilePath) {
        self.folder = folder
        visit("") { paths.insert($0) }
    }

    /// Removes what came since.
    func removeOthers() {
        var others: [String] = []
        visit("") { path in if !paths.contains(path) { others.append(path) } }
        for path in others { try? folder.appending(path).remove() }
    }

    /// Removes everything.
    func removeAll() {
        for name in folder.names { try? folder.appending(name).remove() }
    }

    private func visit(_ relative: String, _ body: (String) -> Void) {
        for name in (relative.isEmpty ? folder : folder.appending(relative)).names {
            let path = relative.isEmpty ? name : relative + "/" + name
            body(path)
            var status = stat()
            guard lstat(folder.appending(path).string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                continue
            }
            visit(path, body)
        }
    }
}
