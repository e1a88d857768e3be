import BuildpackAPI
import SystemPackage

/// What the last copying saw and made: one line an entry, so that nothing unchanged is read again.
struct CopyRecord {
    /// One entry of the record.
    struct Item {
        var kind: SourceEntry.Kind
        /// The source's stamp.
        var source: FileStamp
        /// When the copy was written, in nanoseconds.
        var copied: Int64
    }

    /// The entries by path.
    var items: [String: Item] = [:]

    init() {}

    /// Reads a record; one that is missing or damaged is empty, and then everything is compared.
    init(at file: FilePath) {
        guard let bytes = try? file.fileBytes() else { return }
        for line in bytes.split(separator: 0) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: false)
            guard fields.count == 6, let kind = SourceEntry.Kind(rawValue: Self.text(fields[0])),
                let size = Int64(Self.text(fields[1])), let modified = Int64(Self.text(fields[2])),
                let mode = UInt32(Self.text(fields[3])), let copied = Int64(Self.text(fields[4]))
            else { continue }
            let stamp = FileStamp(size: size, modified: modified, mode: mode)
            items[Self.text(fields[5])] = Item(kind: kind, source: stamp, copied: copied)
        }
    }

    /// Writes the record.
    func write(to file: FilePath) throws {
        var text = ""
        for (path, item) in items {
            let stamp = item.source
            text += "\(item.kind.rawValue) \(stamp.size) \(stamp.modified) \(stamp.mode) \(item.copied) \(path)\0"
        }
        try file.replace(with: text.utf8)
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
