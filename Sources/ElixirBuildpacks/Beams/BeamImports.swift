import Toolchains

/// The functions of other modules that a module calls, as its .beam file lists them.
///
/// Source: the chunks `AtU8` and `ImpT` that `beam_lib` documents, and `erts/emulator/beam/beam_file.c` for the lengths
/// that OTP 28 packs. A compressed file, or one that is not as it should be, has none.
struct BeamImports {
    struct Function: Hashable {
        var module: String
        var name: String
        var arity: Int
    }

    let functions: [Function]

    init(_ file: [UInt8]) {
        let chunks = BeamFile(file).chunks
        let atoms = chunks["AtU8"].flatMap { Self.atoms($0) } ?? []
        functions = chunks["ImpT"].map { Self.functions($0, atoms) } ?? []
    }

    private static func atoms(_ chunk: ArraySlice<UInt8>) -> [String]? {
        var reader = BeamReader(chunk)
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
        var reader = BeamReader(chunk)
        guard let count = reader.number(), count <= chunk.count / 12 else { return [] }
        return (0..<count).compactMap { _ in
            guard let module = reader.number(), let name = reader.number(), let arity = reader.number(),
                atoms.indices.contains(module - 1), atoms.indices.contains(name - 1)
            else { return nil }
            return Function(module: atoms[module - 1], name: atoms[name - 1], arity: arity)
        }
    }
}
