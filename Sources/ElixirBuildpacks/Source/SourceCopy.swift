import BuildpackAPI
import Digests
import Files
import Glibc
import SystemPackage

/// The copy of a project in which mix works, kept in step with the project: only what changed is written.
///
/// What a build makes in the copy (`_build`, `deps`, generated files) stays. The project itself is never written to.
struct SourceCopy {
    /// What a look at the project brought.
    struct Changes {
        /// The paths that were written, relative to the project's folder.
        var written: [String] = []
        var removed: [String] = []
        var paths: [String] = []

        var isEmpty: Bool { written.isEmpty && removed.isEmpty }
    }

    private let source: FilePath
    private let copy: FilePath
    private let recordFile: FilePath
    private let selection: SourceSelection
    private let names: RecordedNames?

    /// - Parameters:
    ///   - source: the project's folder.
    ///   - copy: the copy's folder, made where it is missing.
    ///   - record: the file that remembers what was copied.
    ///   - names: how paths are called in it; by default as they are.
    init(
        of source: FilePath, at copy: FilePath, record: FilePath, selection: SourceSelection,
        names: RecordedNames? = nil
    ) {
        self.source = source.realPath ?? source
        self.copy = copy
        recordFile = record
        self.selection = selection
        self.names = names
    }

    /// Brings the copy in step.
    /// - Throws: `Failure` when a file cannot be read or written, `CancellationError`.
    func update() throws -> Changes {
        try copy.makeFolders()
        let before = CopyRecord(at: recordFile)
        var after = CopyRecord()
        var changes = Changes()
        let entries = try SourceWalk.entries(of: source, selection)
        let present = Set(entries.map { recorded($0.path) })
        try removeVanished(before, present, &changes)
        for entry in entries {
            try Task.checkCancellation()
            let name = recorded(entry.path)
            let (kept, isWritten) = try bring(entry, before.items[name])
            after.items[name] = kept
            changes.paths.append(entry.path)
            if isWritten { changes.written.append(entry.path) }
        }
        if !changes.isEmpty || after.items.count != before.items.count || isMoved(before, after) {
            try after.write(to: recordFile)
        }
        return changes
    }

    private func isMoved(_ before: CopyRecord, _ after: CopyRecord) -> Bool {
        after.items.contains { path, item in
            guard let old = before.items[path] else { return true }
            return item.kind == .file && (old.source != item.source || old.copied != item.copied)
        }
    }

    private func recorded(_ path: String) -> String { names?.name(of: path) ?? path }

    private func removeVanished(_ before: CopyRecord, _ present: Set<String>, _ changes: inout Changes) throws {
        var vanished = before.items.keys.filter { !present.contains($0) }
        let hashed = Set(vanished.filter(RecordedNames.isHashed))
        vanished.removeAll(where: hashed.contains)
        if !hashed.isEmpty, let names { vanished += names.paths(hashed, below: copy) }
        for path in vanished.sorted() {
            let place = copy.appending(path)
            // A build may have put a link in a folder's place: what is behind it is no part of the copy.
            try place.removingLastComponent().removeLinks(below: copy)
            try place.remove()
            changes.removed.append(path)
        }
    }

    private func bring(_ entry: SourceEntry, _ item: CopyRecord.Item?) throws -> (CopyRecord.Item, Bool) {
        let place = copy.appending(entry.path)
        switch entry.kind {
        case .folder:
            let isWritten = try bringFolder(place)
            return (CopyRecord.Item(kind: .folder, source: entry.stamp, copied: 0), isWritten)
        case .link:
            let isWritten = try bringLink(entry.origin, place)
            return (CopyRecord.Item(kind: .link, source: entry.stamp, copied: 0), isWritten)
        case .file: return try bringFile(entry, place, item)
        }
    }

    private func bringFolder(_ place: FilePath) throws -> Bool {
        if place.kind == .folder { return false }
        try place.remove()
        try place.makeFolders(mode: 0o755)
        return true
    }

    private func bringLink(_ link: FilePath, _ place: FilePath) throws -> Bool {
        guard let target = link.linkTarget, place.linkTarget != target else { return false }
        try place.remove()
        try place.makeLink(to: target)
        return true
    }

    private func bringFile(
        _ entry: SourceEntry, _ place: FilePath, _ item: CopyRecord.Item?
    ) throws -> (CopyRecord.Item, Bool) {
        let permissions = entry.stamp.mode & 0o777 | 0o600
        let there = FileStamp(of: place).flatMap { $0.kind == .file ? $0 : nil }
        if let item, let there, item.kind == .file, item.source == entry.stamp, item.copied == there.modified,
            entry.stamp.size == there.size
        {
            return (item, false)
        }
        if let there, entry.origin.hasSameBytes(as: place) {
            if there.permissions != permissions { chmod(place.nameBytes, permissions) }
            return (CopyRecord.Item(kind: .file, source: entry.stamp, copied: there.modified), false)
        }
        if there == nil { try place.remove() }
        // mix compares times of whole seconds with the start of its last compilation: a new file gets an old time, a
        // changed one keeps the moment of the change.
        let stamp = try entry.origin.copyFile(
            to: place, permissions: permissions,
            modified: there == nil ? oldTime(entry.stamp.modified) : nil)
        return (CopyRecord.Item(kind: .file, source: entry.stamp, copied: stamp.modified), true)
    }

    private func oldTime(_ modified: Int64) -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return min(modified, (Int64(now.tv_sec) - 10) * 1_000_000_000)
    }
}

/// How the record of a copy calls paths: by a keyed hash where they hold the value of a secret, so that it is not on the disk.
struct RecordedNames {
    /// What no path of a copy begins with.
    private static let mark = "//"

    let hash: KeyedHash
    let holdsSecret: @Sendable (String) -> Bool

    func name(of path: String) -> String { holdsSecret(path) ? Self.mark + hash.hex(of: path) : path }

    static func isHashed(_ name: String) -> Bool { name.hasPrefix(mark) }

    /// The paths in a folder that such names are of; the secret may have another value by now.
    func paths(_ names: Set<String>, below folder: FilePath, at relative: String = "") -> [String] {
        folder.pushing(FilePath(relative)).names.flatMap { name in
            let path = relative.isEmpty ? name : relative + "/" + name
            let inside = folder.appending(path).kind == .folder ? paths(names, below: folder, at: path) : []
            return names.contains(Self.mark + hash.hex(of: path)) ? [path] + inside : inside
        }
    }
}

/// What the last copying saw and made: one line an entry, so that nothing unchanged is read again.
struct CopyRecord {
    struct Item {
        var kind: SourceEntry.Kind
        var source: FileStamp
        /// When the copy was written, in nanoseconds.
        var copied: Int64
    }

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

    func write(to file: FilePath) throws {
        var text = ""
        for (path, item) in items {
            text += "\(item.kind.rawValue) \(item.copied) \(item.source.text) \(path)\0"
        }
        try file.replace(with: text.utf8)
    }
}
