import Files
import SystemPackage

extension FilePath {
    /// Writes a file that other programs read, and the folders above it where they are missing.
    /// - Throws: `Failure` of code `unwritable`.
    func writeText(_ text: String) throws {
        try removingLastComponent().makeFolders(mode: 0o755)
        try replace(with: text.utf8, mode: [.ownerReadWrite, .groupRead, .otherRead])
    }
}
