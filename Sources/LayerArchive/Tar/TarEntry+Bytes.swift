import Diagnostics

extension TarEntry {
    /// The header blocks alone; the content and `padding` follow.
    ///
    /// For archives that are put together from parts that lie elsewhere.
    package func header() throws(Failure) -> [UInt8] {
        let sink = MemorySink()
        let writer = TarWriter(sink: sink, bufferSize: 8 * TarBlock.size)
        try writer.writeHeader(self)
        try writer.flush()
        return sink.bytes
    }

    /// The zeros that follow the content, up to a whole block.
    package var padding: [UInt8] {
        let over = Int(size % Int64(TarBlock.size))
        return Array(repeating: 0, count: over == 0 ? 0 : TarBlock.size - over)
    }

    /// The zeros at the end of an archive.
    package static var endOfArchive: [UInt8] { Array(repeating: 0, count: 2 * TarBlock.size) }
}
