import CBrotli
import CDeflate
import CZstd

/// Unpacks what is compressed inside of files, up to a limit.
final class Inflation {
    /// More than this is not unpacked of one piece.
    fileprivate static let limit = 128 << 20

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

extension Inflation {
    /// Unpacks the frames of a zstd file; `nil` where it is none.
    ///
    /// What lies behind the limit is left out.
    func zstd(_ data: UnsafeRawBufferPointer) -> [UInt8]? {
        guard data.count > 8, data.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), let stream = ZSTD_createDStream() else {
            return nil
        }
        defer { ZSTD_freeDStream(stream) }
        var input = ZSTD_inBuffer(src: data.baseAddress, size: data.count, pos: 0)
        return unpacked { room in
            var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let result = ZSTD_decompressStream(stream, &output, &input)
            let isOver = ZSTD_isError(result) != 0 || input.pos == input.size && output.pos < output.size
            return (output.pos, isOver)
        }
    }

    /// Unpacks a brotli stream; `nil` where it is none.
    ///
    /// Brotli has no mark at its front: the file's name tells.
    func brotli(_ data: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
        defer { BrotliDecoderDestroyInstance(state) }
        var left = data.count
        var next = data.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return unpacked { room in
            var free = room.count
            var place = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let result = BrotliDecoderDecompressStream(state, &left, &next, &free, &place, nil)
            return (room.count - free, result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
        }
    }

    /// Puts together what a decoder writes, piece by piece, up to the limit.
    private func unpacked(
        _ step: (UnsafeMutableRawBufferPointer) -> (count: Int, isOver: Bool)
    ) -> [UInt8]? {
        var result: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 17)
        while result.count <= Self.limit {
            let (count, isOver) = room.withUnsafeMutableBytes(step)
            result += room.prefix(count)
            if isOver || count == 0 { break }
        }
        return result.isEmpty ? nil : result
    }
}

/// The chunks of a compiled Erlang module (an IFF file), with what is compressed in them unpacked.
///
/// Module attributes and other literals lie in `LitT`, since OTP 28 without compression; terms written with compression
/// (`Dbgi`, `Docs`, `ExCk`) begin with 131, 80 and their size.
///
/// Source: [beam_lib](https://www.erlang.org/doc/apps/stdlib/beam_lib.html).
struct BeamChunks {
    private let data: UnsafeRawBufferPointer

    /// Takes a file; `nil` where it is no module.
    init?(_ data: UnsafeRawBufferPointer) {
        guard data.count > 12, data.prefix(4).elementsEqual("FOR1".utf8), data[8..<12].elementsEqual("BEAM".utf8)
        else { return nil }
        self.data = data
    }

    /// Hands over every piece that was compressed.
    func unpacked(by inflation: Inflation, _ body: (UnsafeRawBufferPointer) -> Void) {
        var place = 12
        while place + 8 <= data.count {
            let size = word(at: place + 4)
            let start = place + 8
            guard start + size <= data.count else { return }
            let payload = UnsafeRawBufferPointer(rebasing: data[start..<(start + size)])
            if let bytes = unpack(payload, isLiterals: data[place..<(place + 4)].elementsEqual("LitT".utf8), inflation)
            {
                bytes.withUnsafeBytes(body)
            }
            // Chunks begin at multiples of four.
            place = start + (size + 3) & ~3
        }
    }

    private func unpack(_ payload: UnsafeRawBufferPointer, isLiterals: Bool, _ inflation: Inflation) -> [UInt8]? {
        let header: Int
        if isLiterals {
            header = 4
        } else if payload.count > 6, payload[0] == 131, payload[1] == 80 {
            header = 6
        } else {
            return nil
        }
        guard payload.count > header else { return nil }
        let size = Self.word(payload, at: header - 4)
        return inflation.zlib(UnsafeRawBufferPointer(rebasing: payload[header...]), size: size)
    }

    private func word(at place: Int) -> Int { Self.word(data, at: place) }

    private static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}
