import BuildpackAPI
import Files
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
        guard let bytes = try? file.bytes() else { return }
        for line in bytes.split(separator: 0) {
            let fields = String(decoding: line, as: UTF8.self).split(
                separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
            guard fields.count == 8, let kind = SourceEntry.Kind(rawValue: String(fields[0])),
                let copied = Int64(fields[1]), let stamp = FileStamp(fields: fields[2..<7])
            else { continue }
            items[String(fields[7])] = Item(kind: kind, source: stamp, copied: copied)
        }
    }

    /// Writes the record.
    func write(to file: FilePath) throws {
        var text = ""
        for (path, item) in items {
            text += "\(item.kind.rawValue) \(item.copied) \(item.source.text) \(path)\0"
        }
        try file.replace(with: text.utf8)
    }
}
