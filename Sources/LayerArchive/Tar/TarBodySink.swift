import Diagnostics

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
        Failure(.changed, "\(path): the content is not of the size that was given")
    }
}
