/// One image of the store, in brief.
package struct StoredImage: Sendable, Hashable {
    /// Its name.
    package var reference: Reference
    /// The digest of its manifest.
    package var digest: Digest
    /// The image ID.
    package var id: Digest
    /// The size of its layers in bytes.
    package var size: Int64
    /// When it was written here, in seconds since 1970.
    package var time: Int64
}
