/// One header block of 512 bytes, written in place.
///
/// Numbers and texts are laid out as Go's archive/tar does, so that equal layers get equal digests whoever writes them.
struct TarBlock {
    static let size = 512

    private let bytes: UnsafeMutableRawBufferPointer

    /// Takes over 512 bytes and clears them.
    init(clearing bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Writes a text; what does not fit is cut.
    func set(_ field: TarField, _ text: some Collection<UInt8>) {
        var end = field.offset
        for byte in text.prefix(field.size) {
            bytes[end] = byte
            end += 1
        }
        // A "/" at the end of a cut path would make readers take a file for a folder.
        guard text.count > field.size else { return }
        while end > field.offset, bytes[end - 1] == UInt8(ascii: "/") {
            end -= 1
            bytes[end] = 0
        }
    }

    /// Writes a number in octal; one that does not fit is written as 0, because a pax record has it.
    func set(_ field: TarField, _ number: Int64) {
        var rest = field.fits(number) ? number : 0
        for place in (0..<field.size - 1).reversed() {
            bytes[field.offset + place] = UInt8(ascii: "0") + UInt8(rest & 7)
            rest >>= 3
        }
    }

    /// Writes the magic and, last of all, the checksum.
    func seal() {
        set(.magic, "ustar\u{0}00".utf8)
        let spaces = TarField.checksum.size * Int(UInt8(ascii: " "))
        let sum = bytes.reduce(spaces) { $0 + Int($1) }
        set(TarField(offset: TarField.checksum.offset, size: 7), Int64(sum))
        bytes[TarField.checksum.offset + 7] = UInt8(ascii: " ")
    }
}

/// A field of a tar header block: where it stands and how wide it is
/// ([POSIX.1-2008](https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06)).
struct TarField {
    let offset: Int
    let size: Int

    static let name = TarField(offset: 0, size: 100)
    static let mode = TarField(offset: 100, size: 8)
    static let user = TarField(offset: 108, size: 8)
    static let group = TarField(offset: 116, size: 8)
    static let size = TarField(offset: 124, size: 12)
    static let time = TarField(offset: 136, size: 12)
    static let checksum = TarField(offset: 148, size: 8)
    static let kind = TarField(offset: 156, size: 1)
    static let linkName = TarField(offset: 157, size: 100)
    static let magic = TarField(offset: 257, size: 8)
    static let deviceMajor = TarField(offset: 329, size: 8)
    static let deviceMinor = TarField(offset: 337, size: 8)
    static let prefix = TarField(offset: 345, size: 155)

    /// Whether a number can be written in octal with a NUL at the end.
    func fits(_ number: Int64) -> Bool {
        number >= 0 && (size >= 22 || number < Int64(1) << Int64((size - 1) * 3))
    }
}
