import Glibc

/// One block that is compressed on a thread of its own.
///
/// The block is the thread's from `init` until `finish` has waited for it, so that no two threads ever use it at once.
final class CompressionJob {
    let compressor: BlockCompressor
    private var thread: pthread_t?
    private var result: UnsafeRawBufferPointer?

    init(_ compressor: BlockCompressor) {
        self.compressor = compressor
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<CompressionJob>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        if status == 0 {
            self.thread = thread
        } else {
            // Without a thread to spare the work is done here.
            context.takeRetainedValue().run()
        }
    }

    /// Waits for the block.
    func finish() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let thread { pthread_join(thread, nil) }
        thread = nil
        guard let result else { throw ArchiveError(.unsupported, "a block cannot be compressed") }
        return result
    }

    private func run() { result = compressor.compress() }
}
