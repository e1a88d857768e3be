import Files
import SystemPackage

/// One file, folder or link of a project that takes part in its build.
package struct SourceEntry {
    /// What an entry is.
    package enum Kind: String, Sendable {
        case file = "f"
        case folder = "d"
        case link = "l"
    }

    /// The path relative to the project's folder.
    package var path: String
    /// What it is in a copy.
    package var kind: Kind
    /// Where its content comes from: elsewhere for what a link brings in from outside the project.
    package var origin: FilePath
    /// The origin's stamp; of a link its own.
    package var stamp: FileStamp
}
