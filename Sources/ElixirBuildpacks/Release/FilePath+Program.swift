import Glibc
import SystemPackage

extension FilePath {
    /// Whether a program stands here.
    var isProgram: Bool { access(string, X_OK) == 0 }
}
