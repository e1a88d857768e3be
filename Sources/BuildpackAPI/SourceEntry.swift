public import Files
public import SystemPackage

/// One file, folder or link of a project that takes part in its build.
public struct SourceEntry {
    /// What an entry is.
    public enum Kind: String, Sendable {
        case file = "f"
        case folder = "d"
        case link = "l"
    }

    /// The path relative to the project's folder.
    public var path: String
    /// What it is in a copy.
    public var kind: Kind
    /// Where its content comes from: elsewhere for what a link brings in from outside the project.
    public var origin: FilePath
    /// The origin's stamp; of a link its own.
    public var stamp: FileStamp
}
