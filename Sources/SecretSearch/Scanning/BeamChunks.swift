/// The chunks of a compiled Erlang module (an IFF file), with what is compressed in them unpacked.
///
/// Module attributes and other literals lie in `LitT`, since OTP 28 without compression; terms written with compression
/// (`Dbgi`, `Docs`, `ExCk`) begin with 131, 80 and their size.
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
