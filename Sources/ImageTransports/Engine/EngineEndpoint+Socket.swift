import Glibc
import SystemPackage

extension EngineEndpoint {
    /// Whether a socket stands at the path.
    func isThere(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}
