/// How much a layer or an image holds: the bytes of its files without the headers of tar, and how many files and links.
package struct ContentSize: Sendable, Hashable, Codable {
    package var bytes: Int64
    package var files: Int

    package init(bytes: Int64 = 0, files: Int = 0) {
        self.bytes = bytes
        self.files = files
    }

    /// Counts an entry; folders have no content.
    package mutating func add(_ entry: TarEntry) {
        guard entry.kind != .directory else { return }
        bytes += entry.size
        files += 1
    }

    package static func + (left: ContentSize, right: ContentSize) -> ContentSize {
        ContentSize(bytes: left.bytes + right.bytes, files: left.files + right.files)
    }
}
