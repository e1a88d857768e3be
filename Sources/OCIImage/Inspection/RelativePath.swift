/// A path of an archive taken apart: the folder, and the name in it; neither leaves the tree.
struct RelativePath {
    let folder: UnsafeRawBufferPointer
    let name: UnsafeRawBufferPointer

    /// Runs `body` with the parts of a path; "/" at the ends, empty parts, "." and ".." are dropped.
    static func with(_ text: String, _ body: (RelativePath) -> Void) {
        var text = text
        text.withUTF8 { utf8 in
            var bytes = UnsafeRawBufferPointer(utf8)
            while let first = bytes.first, first == slash {
                bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            }
            if isClean(bytes) { return body(RelativePath(bytes)) }
            cleaned(bytes).withUnsafeBytes { body(RelativePath($0)) }
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        let cut = bytes.lastIndex(of: Self.slash)
        folder = UnsafeRawBufferPointer(rebasing: bytes[..<(cut ?? 0)])
        name = UnsafeRawBufferPointer(rebasing: bytes[(cut.map { $0 + 1 } ?? 0)...])
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// Whether no part is empty or begins with a dot that could be "." or "..", which nearly all are.
    private static func isClean(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var previous = slash
        for (place, byte) in bytes.enumerated() {
            if previous == slash {
                if byte == slash { return false }
                if byte == dot, place + 1 == bytes.count || bytes[place + 1] == slash || bytes[place + 1] == dot {
                    return false
                }
            }
            previous = byte
        }
        return bytes.isEmpty || previous != slash
    }

    private static func cleaned(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let parts = bytes.split(separator: slash).filter { !$0.elementsEqual([dot]) && !$0.elementsEqual([dot, dot]) }
        return Array(parts.joined(separator: CollectionOfOne(slash)))
    }
}
