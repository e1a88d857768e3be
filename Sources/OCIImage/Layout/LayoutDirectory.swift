public import SystemPackage

/// An image in a folder in OCI layout: `oci:DIR[:TAG]`.
///
/// Mirrors the OCI image specification, "Image Layout". Other tags of the folder are kept.
public struct LayoutDirectory: Sendable, Hashable {
    /// The folder.
    public let path: FilePath
    /// The tag; `nil` reads the only image there is and writes one without a name.
    public let tag: String?

    /// Takes a folder, which need not be there yet when it is written to.
    public init(_ path: FilePath, tag: String?) {
        self.path = path
        self.tag = tag
    }

    var blobs: BlobDirectory { BlobDirectory(path.appending("blobs")) }
    var indexFile: FilePath { path.appending("index.json") }
}
