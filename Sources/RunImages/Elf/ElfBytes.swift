import Diagnostics

/// The bytes of an ELF file, read with every offset checked.
struct ElfBytes {
    let bytes: [UInt8]
    let isBigEndian: Bool
    let name: String

    /// An unsigned number of `width` bytes.
    func number(at offset: Int, width: Int) throws(Failure) -> UInt64 {
        guard offset >= 0, width <= bytes.count, offset <= bytes.count - width else { throw broken("ends too early") }
        var value: UInt64 = 0
        for index in 0..<width {
            let byte = UInt64(bytes[offset + index])
            value |= byte << UInt64(8 * (isBigEndian ? width - 1 - index : index))
        }
        return value
    }

    /// A number that counts bytes or places in the file.
    func count(at offset: Int, width: Int) throws(Failure) -> Int {
        let value = try number(at: offset, width: width)
        guard let count = Int(exactly: value) else { throw broken("holds a number that is out of range") }
        return count
    }

    /// A text that ends in a zero byte.
    func text(at offset: Int) throws(Failure) -> String {
        guard offset >= 0, offset < bytes.count, let end = bytes[offset...].prefix(4096).firstIndex(of: 0) else {
            throw broken("holds a text without an end")
        }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    func broken(_ what: String) -> Failure { Failure(.malformed, "\(name): the ELF file \(what)") }
}
