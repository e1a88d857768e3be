internal import CDeflate
internal import CZstd
import Diagnostics

/// Compresses one block after another, each to a gzip member or a zstd frame of its own; used by one thread at a time.
final class BlockCompressor {
    private enum Handle {
        case gzip(OpaquePointer)
        case zstd(OpaquePointer, level: Int32)
    }

    private let handle: Handle
    private let output: UnsafeMutableRawBufferPointer
    let input: UnsafeMutableRawBufferPointer
    var used = 0

    init(_ method: CompressionMethod) throws(Failure) {
        let size = method.blockSize
        let bound: Int
        switch method {
        case .gzip(let level):
            guard let compressor = libdeflate_alloc_compressor(level) else { throw Self.unsupported(method) }
            handle = .gzip(compressor)
            bound = libdeflate_gzip_compress_bound(compressor, size)
        case .zstd(let level):
            guard let context = ZSTD_createCCtx() else { throw Self.unsupported(method) }
            handle = .zstd(context, level: level)
            bound = ZSTD_compressBound(size)
        }
        input = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        output = UnsafeMutableRawBufferPointer.allocate(byteCount: bound, alignment: 64)
    }

    deinit {
        switch handle {
        case .gzip(let compressor): libdeflate_free_compressor(compressor)
        case .zstd(let context, _): ZSTD_freeCCtx(context)
        }
        input.deallocate()
        output.deallocate()
    }

    /// The block compressed, which stands until the next call; `nil` if the library failed.
    func compress() -> UnsafeRawBufferPointer? {
        let count: Int
        switch handle {
        case .gzip(let compressor):
            count = libdeflate_gzip_compress(compressor, input.baseAddress, used, output.baseAddress, output.count)
            guard count > 0 else { return nil }
        case .zstd(let context, let level):
            count = ZSTD_compressCCtx(context, output.baseAddress, output.count, input.baseAddress, used, level)
            guard ZSTD_isError(count) == 0 else { return nil }
        }
        return UnsafeRawBufferPointer(rebasing: output[..<count])
    }

    private static func unsupported(_ method: CompressionMethod) -> Failure {
        Failure(.unsupported, "no compression \(method)")
    }
}
