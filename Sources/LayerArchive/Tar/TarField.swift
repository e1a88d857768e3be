/// A field of a tar header block: where it stands and how wide it is (POSIX.1-2008, pax, "ustar Interchange Format").
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
