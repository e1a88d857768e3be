import Diagnostics
import Files
import Glibc
import SystemPackage

/// Writes a tar: ustar where it fits, else pax, byte for byte as Go's archive/tar writes it.
///
/// Equal entries give equal bytes. Headers and contents meet in one big buffer, so that the sink sees few, big writes.
/// A writer is used by one task at a time; after an error it is of no more use.
package final class TarWriter {
    private let sink: any ByteSink
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    /// What was written so far, without headers.
    private(set) var content = ContentSize()

    /// Creates a writer; the buffer is 256 KiB by default.
    package init(sink: any ByteSink, bufferSize: Int = 1 << 18) {
        self.sink = sink
        let size = max(bufferSize, 8 * TarBlock.size) / TarBlock.size * TarBlock.size
        buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// Adds an entry that has no content: a folder, a link, an empty file.
    /// - Throws: `Failure`, also for a file whose size is not 0.
    package func add(_ entry: TarEntry) throws(Failure) {
        try add(entry, content: [])
    }

    /// Adds an entry and its content.
    /// - Throws: `Failure`, also when the content is not of the entry's size.
    package func add(_ entry: TarEntry, content: [UInt8]) throws(Failure) {
        try add(entry) { (body) throws(Failure) in try body.write(content) }
    }

    /// Adds an entry whose content is read from an open file, from where it stands.
    /// - Throws: `Failure`, also of code `changed` when the file has become shorter than the entry's size.
    package func add(_ entry: TarEntry, contentOf file: FileDescriptor, name: String) throws(Failure) {
        try writeHeader(entry)
        var rest = entry.size
        while rest > 0 {
            let space = try freeSpace()
            let count = read(file.rawValue, space.baseAddress, min(space.count, Int(clamping: rest)))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(.unreadable, name) }
            guard count > 0 else {
                throw Failure(.changed, "\(name) became shorter while it was read", advice: "build again")
            }
            used += count
            rest -= Int64(count)
        }
        try pad(after: entry.size)
    }

    /// Adds an entry whose content the closure writes.
    /// - Throws: `Failure`, also when the content is not of the entry's size.
    package func add(_ entry: TarEntry, body: (any ByteSink) throws(Failure) -> Void) throws(Failure) {
        try writeHeader(entry)
        let sink = TarBodySink(writer: self, path: entry.path, rest: entry.size)
        try body(sink)
        try sink.finish()
        try pad(after: entry.size)
    }

    /// Writes the end of the archive, and finishes the sink.
    package func finish() throws(Failure) {
        try writeZeros(2 * TarBlock.size)
        try flush()
        try sink.finish()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let space = try freeSpace()
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(space.count))
            space.copyMemory(from: part)
            used += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
    }

    func writeHeader(_ entry: TarEntry) throws(Failure) {
        guard !entry.path.isEmpty, !entry.path.utf8.contains(0), entry.linkTarget?.utf8.contains(0) != true else {
            throw Failure(.unsupported, "not a valid path in an archive: \"\(entry.path)\"")
        }
        content.add(entry)
        let records = entry.extendedRecords
        if !records.isEmpty { try writeExtendedHeader(entry, records) }
        try withBlock { block in
            if let split = entry.splitPath, records.isEmpty {
                block.set(.name, split.name)
                block.set(.prefix, split.prefix)
            } else {
                block.set(.name, entry.path.asciiBytes)
            }
            block.set(.linkName, (entry.linkTarget ?? "").asciiBytes)
            block.set(.mode, Int64(entry.mode))
            block.set(.user, Int64(entry.owner.user))
            block.set(.group, Int64(entry.owner.group))
            block.set(.size, entry.size)
            block.set(.time, entry.time)
            block.set(.kind, CollectionOfOne(entry.flag))
            block.set(.deviceMajor, 0)
            block.set(.deviceMinor, 0)
        }
    }

    private func writeExtendedHeader(
        _ entry: TarEntry, _ records: [(key: String, value: String)]
    ) throws(Failure) {
        let data = records.flatMap { PaxRecord.bytes(key: $0.key, value: $0.value) }
        let slash = entry.path.lastIndex(of: "/").map { entry.path.index(after: $0) } ?? entry.path.startIndex
        let name = entry.path[..<slash] + "PaxHeaders.0/" + entry.path[slash...]
        try withBlock { block in
            block.set(.name, String(name).asciiBytes)
            for field in [TarField.mode, .user, .group, .time] { block.set(field, 0) }
            block.set(.size, Int64(data.count))
            block.set(.kind, CollectionOfOne(UInt8(ascii: "x")))
        }
        let body = TarBodySink(writer: self, path: entry.path, rest: Int64(data.count))
        try body.write(data)
        try pad(after: Int64(data.count))
    }

    private func withBlock(_ fill: (TarBlock) -> Void) throws(Failure) {
        if buffer.count - used < TarBlock.size { try flush() }
        let block = TarBlock(clearing: UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + TarBlock.size]))
        fill(block)
        block.seal()
        used += TarBlock.size
    }

    private func pad(after size: Int64) throws(Failure) {
        let over = Int(size % Int64(TarBlock.size))
        if over > 0 { try writeZeros(TarBlock.size - over) }
    }

    private func writeZeros(_ count: Int) throws(Failure) {
        if buffer.count - used < count { try flush() }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + count])
            .initializeMemory(as: UInt8.self, repeating: 0)
        used += count
    }

    private func freeSpace() throws(Failure) -> UnsafeMutableRawBufferPointer {
        if used == buffer.count { try flush() }
        return UnsafeMutableRawBufferPointer(rebasing: buffer[used...])
    }

    func flush() throws(Failure) {
        guard used > 0 else { return }
        let full = UnsafeRawBufferPointer(rebasing: buffer[..<used])
        used = 0
        try sink.write(full)
    }
}

/// Takes the content of one entry and sees that it has the promised size.
final class TarBodySink: ByteSink {
    private let writer: TarWriter
    private let path: String
    private var rest: Int64

    init(writer: TarWriter, path: String, rest: Int64) {
        self.writer = writer
        self.path = path
        self.rest = rest
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        rest -= Int64(bytes.count)
        guard rest >= 0 else { throw wrongSize }
        try writer.append(bytes)
    }

    func finish() throws(Failure) {
        guard rest == 0 else { throw wrongSize }
    }

    private var wrongSize: Failure {
        Failure(.changed, "\(path): the content does not have the given size")
    }
}
