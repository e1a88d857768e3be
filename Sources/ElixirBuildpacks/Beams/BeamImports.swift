/// The functions of other modules that a module calls, as its .beam file lists them.
///
/// Source: the chunks `AtU8` and `ImpT` of the IFF file that `beam_lib` documents, and `erts/emulator/beam/beam_file.c`
/// for the lengths that OTP 28 packs. A compressed file, or one that is not as it should be, has none.
struct BeamImports {
    struct Function: Hashable {
        var module: String
        var name: String
        var arity: Int
    }

    let functions: [Function]

    init(_ file: [UInt8]) {
        let chunks = Self.chunks(file)
        let atoms = chunks["AtU8"].flatMap { Self.atoms($0) } ?? []
        functions = chunks["ImpT"].map { Self.functions($0, atoms) } ?? []
    }

    /// `FOR1`, the size and `BEAM`, then chunks: a name, a size, and bytes that are filled up to four.
    private static func chunks(_ file: [UInt8]) -> [String: ArraySlice<UInt8>] {
        var reader = Reader(file[...])
        guard reader.text(4) == "FOR1", reader.number() != nil, reader.text(4) == "BEAM" else { return [:] }
        var chunks: [String: ArraySlice<UInt8>] = [:]
        while let name = reader.text(4), let size = reader.number(), let bytes = reader.bytes(size) {
            chunks[name] = bytes
            _ = reader.bytes(-size & 3)
        }
        return chunks
    }

    private static func atoms(_ chunk: ArraySlice<UInt8>) -> [String]? {
        var reader = Reader(chunk)
        guard let count = reader.signedNumber(), abs(count) <= chunk.count else { return nil }
        var atoms: [String] = []
        for _ in 0..<abs(count) {
            // Where the count is negative, lengths are packed.
            guard let length = count < 0 ? reader.packed() : reader.byte(), let text = reader.text(length) else {
                return nil
            }
            atoms.append(text)
        }
        return atoms
    }

    private static func functions(_ chunk: ArraySlice<UInt8>, _ atoms: [String]) -> [Function] {
        var reader = Reader(chunk)
        guard let count = reader.number(), count <= chunk.count / 12 else { return [] }
        return (0..<count).compactMap { _ in
            guard let module = reader.number(), let name = reader.number(), let arity = reader.number(),
                atoms.indices.contains(module - 1), atoms.indices.contains(name - 1)
            else { return nil }
            return Function(module: atoms[module - 1], name: atoms[name - 1], arity: arity)
        }
    }

    private struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func text(_ count: Int) -> String? { bytes(count).map { String(decoding: $0, as: UTF8.self) } }

        mutating func byte() -> Int? { bytes(1)?.first.map(Int.init) }

        mutating func number() -> Int? { bytes(4).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

        mutating func signedNumber() -> Int? { number().map { Int(Int32(truncatingIfNeeded: $0)) } }

        /// A small number of the compact terms: up to 15 in a byte, up to 2047 in two.
        mutating func packed() -> Int? {
            guard let first = byte() else { return nil }
            guard first & 0b1000 != 0 else { return first >> 4 }
            guard first & 0b1_0000 == 0, let second = byte() else { return nil }
            return (first & 0b1110_0000) << 3 | second
        }
    }
}
