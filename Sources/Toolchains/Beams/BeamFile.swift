/// The chunks of a module's .beam file.
///
/// Source: the IFF file that `beam_lib` documents. A compressed file, or one that is not as it should be, has none.
package struct BeamFile: Sendable {
    /// The chunks' bytes by their names, such as `AtU8`.
    package let chunks: [String: ArraySlice<UInt8>]

    /// `FOR1`, the size and `BEAM`, then chunks: a name, a size, and bytes that are filled up to four.
    package init(_ file: [UInt8]) {
        var reader = BeamReader(file[...])
        var chunks: [String: ArraySlice<UInt8>] = [:]
        if reader.text(4) == "FOR1", reader.number() != nil, reader.text(4) == "BEAM" {
            while let name = reader.text(4), let size = reader.number(), let bytes = reader.bytes(size) {
                chunks[name] = bytes
                _ = reader.bytes(-size & 3)
            }
        }
        self.chunks = chunks
    }

    /// The chunks that make a module what it does, those that `beam_lib:md5/1` is made of; `nil` for what is no module.
    ///
    /// The others say where and by what it was compiled, and how to debug it.
    package var code: [String: ArraySlice<UInt8>]? {
        let code = chunks.filter { Self.codeNames.contains($0.key) }
        return code["Code"] == nil ? nil : code
    }

    private static let codeNames: Set = ["Atom", "AtU8", "Code", "StrT", "ImpT", "ExpT", "FunT", "LitT"]
}

/// Reads the numbers and texts of .beam files, piece by piece; `nil` is the end.
package struct BeamReader {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    package mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    package mutating func text(_ count: Int) -> String? { bytes(count).map { String(decoding: $0, as: UTF8.self) } }

    package mutating func byte() -> Int? { bytes(1)?.first.map(Int.init) }

    package mutating func number() -> Int? { bytes(4).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    package mutating func signedNumber() -> Int? { number().map { Int(Int32(truncatingIfNeeded: $0)) } }

    /// A small number of the compact terms: up to 15 in a byte, up to 2047 in two.
    package mutating func packed() -> Int? {
        guard let first = byte() else { return nil }
        guard first & 0b1000 != 0 else { return first >> 4 }
        guard first & 0b1_0000 == 0, let second = byte() else { return nil }
        return (first & 0b1110_0000) << 3 | second
    }
}
