import Diagnostics
import Files
import SystemPackage

/// What can be removed from the store: the image of a name, or the previous one that is kept for comparing.
package struct StoreItem: Sendable, Hashable {
    package enum Part: Sendable, Hashable { case image, previous }

    package var reference: Reference
    package var part: Part
    /// When it was written, in nanoseconds since 1970: if it was written again since, it is another one and stays.
    package var time: Int64?

    package init(_ reference: Reference, _ part: Part = .image, time: Int64? = nil) {
        self.reference = reference
        self.part = part
        self.time = time
    }

    var key: StoreItem { StoreItem(reference, part) }
}

/// What a removal did.
package struct StoreRemoval: Sendable, Hashable {
    /// What is gone now.
    package var items: [StoreItem] = []
    /// The bytes that came free; blobs that somebody reads come free later.
    package var freed: Int64 = 0
}

/// What the store holds, and which part of it would come free with which name: the sizes of files, no blob is read.
package struct StoreInventory: Sendable, Hashable {
    /// One name, or the previous image of one.
    package struct Entry: Sendable, Hashable {
        package var item: StoreItem
        /// `nil` if the image cannot be read.
        package var digest: Digest?
        /// The sizes of its blobs by the hex digits of their digests.
        package var blobs: [String: Int64]
        /// The images with names of mixpack's own that its labels name: those that a builder's builds run on.
        package var named: Set<String>

        package init(_ item: StoreItem, digest: Digest?, blobs: [String: Int64], named: Set<String> = []) {
            self.item = item
            self.digest = digest
            self.blobs = blobs
            self.named = named
        }

        package var reference: Reference { item.reference }
        /// When it was written, in seconds since 1970.
        package var seconds: Int64 { (item.time ?? 0) / 1_000_000_000 }
        /// The bytes of all that it is made of.
        package var size: Int64 { blobs.values.reduce(0, +) }
        /// Whether mixpack gave the name: a run image, a buildpackage.
        package var isOwn: Bool { reference.isOwn }
    }

    /// Every name and every previous image, by name.
    package var entries: [Entry]
    /// The bytes of blobs that no image has: what killed programs left.
    package var unused: Int64
    private let users: [String: Set<StoreItem>]

    package init(_ entries: [Entry], unused: Int64 = 0) {
        self.entries = entries
        self.unused = unused
        var users: [String: Set<StoreItem>] = [:]
        for entry in entries { for blob in entry.blobs.keys { users[blob, default: []].insert(entry.item.key) } }
        self.users = users
    }

    /// The images, without the previous ones.
    package var images: [Entry] { entries.filter { $0.item.part == .image } }

    /// The entry of a name.
    package subscript(reference: Reference, part: StoreItem.Part) -> Entry? {
        entries.first { $0.reference.fullName == reference.fullName && $0.item.part == part }
    }

    /// The bytes of all blobs, each counted once.
    package var size: Int64 { freed(by: entries.map(\.item)) + unused }

    /// The bytes that come free if these are removed; an image takes the previous one of its name with it.
    package func freed(by items: some Sequence<StoreItem>) -> Int64 {
        var gone: Set<StoreItem> = []
        for item in items {
            gone.insert(item.key)
            if item.part == .image { gone.insert(StoreItem(item.reference, .previous)) }
        }
        var sizes: [String: Int64] = [:]
        for entry in entries where gone.contains(entry.item.key) { sizes.merge(entry.blobs) { first, _ in first } }
        return sizes.reduce(0) { sum, blob in
            sum + (users[blob.key]?.isSubset(of: gone) == true ? blob.value : 0)
        }
    }

    /// The bytes of an image that others have too.
    package func shared(_ entry: Entry) -> Int64 {
        let own: Set = [entry.item.key, StoreItem(entry.reference, .previous)]
        return entry.blobs.reduce(0) { sum, blob in
            sum + (users[blob.key]?.isSubset(of: own) == true ? 0 : blob.value)
        }
    }

    /// Whether other images have all of its layers that matter: it is their run image, or a tag of one of them.
    package func isShared(_ entry: Entry) -> Bool { shared(entry) * 2 > entry.size }

    /// Whether another image's labels name it, as those of a builder name its run image.
    package func isNamed(_ entry: Entry) -> Bool {
        let name = entry.reference.description
        return entries.contains { $0.item != entry.item && $0.named.contains(name) }
    }
}

extension ImageStore {
    /// Looks at all names and the files of their layouts.
    package func inventory() throws(Failure) -> StoreInventory {
        var entries: [StoreInventory.Entry] = []
        for reference in names() {
            if let entry = entry(StoreItem(reference), in: layout(of: reference)) { entries.append(entry) }
            let previous = StoreItem(reference, .previous)
            if let entry = entry(previous, in: previousLayout(of: reference)) { entries.append(entry) }
        }
        let used = Set(entries.flatMap(\.blobs.keys))
        let unused = blobs.folder.names.filter { !used.contains($0) }.map { blobs.folder.appending($0).fileSize ?? 0 }
        return StoreInventory(entries, unused: unused.reduce(0, +))
    }

    private func entry(_ item: StoreItem, in layout: LayoutDirectory) -> StoreInventory.Entry? {
        guard let time = layout.modified else { return nil }
        let folder = layout.blobs.folder
        let sizes = folder.names.compactMap { name in folder.appending(name).fileSize.map { (name, $0) } }
        let image = try? layout.readImage()
        return StoreInventory.Entry(
            StoreItem(item.reference, item.part, time: time), digest: image?.digest,
            blobs: Dictionary(sizes, uniquingKeysWith: { first, _ in first }),
            named: Self.ownNames(in: image?.configuration.config.labels ?? [:]))
    }

    /// The names of mixpack's own in the values of labels.
    private static func ownNames(in labels: [String: String]) -> Set<String> {
        let start = Reference.ownRegistry + "/"
        return labels.values.reduce(into: []) { names, text in
            for part in text.split(separator: start, omittingEmptySubsequences: false).dropFirst() {
                names.insert(start + part.prefix { $0.isLetter || $0.isNumber || "-_.:/".contains($0) })
            }
        }
    }
}
