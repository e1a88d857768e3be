import CDeflate

/// Unpacks what is compressed inside of files, up to a limit.
final class Inflation {
    /// More than this is not unpacked of one piece.
    private static let limit = 128 << 20

    private let decompressor: OpaquePointer?

    init() { decompressor = libdeflate_alloc_decompressor() }

    deinit { decompressor.map(libdeflate_free_decompressor) }

    /// Unpacks zlib data of a known size; `nil` where it is none.
    func zlib(_ data: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        guard let decompressor, size > 0, size <= Self.limit else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let result = libdeflate_zlib_decompress(
                decompressor, data.baseAddress, data.count, buffer.baseAddress, size, &count)
            isWhole = result == LIBDEFLATE_SUCCESS
            if !isWhole { count = 0 }
        }
        return isWhole ? bytes : nil
    }

    /// Unpacks the members of a gzip file; `nil` where it is none, or larger than the limit.
    func gzip(_ data: UnsafeRawBufferPointer) -> [UInt8]? {
        guard data.count > 18, data[0] == 0x1f, data[1] == 0x8b else { return nil }
        var result: [UInt8] = []
        var rest = data
        while rest.count > 18, rest[0] == 0x1f, rest[1] == 0x8b {
            guard let (bytes, used) = member(rest), result.count + bytes.count <= Self.limit else { break }
            result += bytes
            rest = UnsafeRawBufferPointer(rebasing: rest[used...])
        }
        return result.isEmpty ? nil : result
    }

    private func member(_ data: UnsafeRawBufferPointer) -> (bytes: [UInt8], used: Int)? {
        guard let decompressor else { return nil }
        var room = max(data.count * 4, 65_536)
        while room <= Self.limit {
            var used = 0
            var result = LIBDEFLATE_BAD_DATA
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                result = libdeflate_gzip_decompress_ex(
                    decompressor, data.baseAddress, data.count, buffer.baseAddress, room, &used, &count)
                if result != LIBDEFLATE_SUCCESS { count = 0 }
            }
            if result == LIBDEFLATE_SUCCESS { return (bytes, used) }
            guard result == LIBDEFLATE_INSUFFICIENT_SPACE else { return nil }
            room *= 4
        }
        return nil
    }
}
