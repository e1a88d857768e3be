import SystemPackage

/// An image in a folder in OCI layout: `oci:DIR[:TAG]`.
///
/// Mirrors the OCI image specification, "Image Layout". Other tags of the folder are kept.
package struct LayoutDirectory: Sendable, Hashable {
    /// The folder.
    package let path: FilePath
    /// The tag; `nil` reads the only image there is and writes one without a name.
    package let tag: String?
    /// What is read where the tag leads to an index of images.
    package let platform: Platform

    /// Takes a folder, which need not be there yet when it is written to; by default images for this machine are read.
    package init(_ path: FilePath, tag: String?, platform: Platform = .current) {
        self.path = path
        self.tag = tag
        self.platform = platform
    }

    var blobs: BlobDirectory { BlobDirectory(path.appending("blobs")) }
    var indexFile: FilePath { path.appending("index.json") }
}
