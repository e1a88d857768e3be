import Text

extension TarEntry {
    /// The pax records for what a ustar header cannot hold, sorted by key; empty where ustar is enough.
    var extendedRecords: [(key: String, value: String)] {
        var records: [(key: String, value: String)] = []
        if !TarField.group.fits(Int64(owner.group)) { records.append(("gid", "\(owner.group)")) }
        let target = linkTarget ?? ""
        // Names that are not UTF-8 go in as their bytes, as Go and GNU tar write them.
        if !target.isASCII || target.utf8.count > TarField.linkName.size {
            records.append(("linkpath", target))
        }
        if !TarField.time.fits(time) { records.append(("mtime", "\(time)")) }
        if !path.isASCII || (path.utf8.count > TarField.name.size && splitPath == nil) {
            records.append(("path", path))
        }
        if !TarField.size.fits(size) { records.append(("size", "\(size)")) }
        if !TarField.user.fits(Int64(owner.user)) { records.append(("uid", "\(owner.user)")) }
        // A ustar prefix and pax records never meet in one header, so a long path goes into the records then.
        if !records.isEmpty, path.utf8.count > TarField.name.size, !records.contains(where: { $0.key == "path" }) {
            records.append(("path", path))
            records.sort { $0.key < $1.key }
        }
        return records
    }

    /// The path as ustar's prefix and name; `nil` where it cannot be split or need not be.
    var splitPath: (prefix: Substring.UTF8View, name: Substring.UTF8View)? {
        let bytes = path.utf8
        guard bytes.count > TarField.name.size, path.isASCII else { return nil }
        var end = bytes.endIndex
        if bytes.count > TarField.prefix.size + 1 {
            end = bytes.index(bytes.startIndex, offsetBy: TarField.prefix.size + 1)
        }
        guard let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")), slash > bytes.startIndex else { return nil }
        let name = path[bytes.index(after: slash)...].utf8
        guard !name.isEmpty, name.count <= TarField.name.size else { return nil }
        return (path[..<slash].utf8, name)
    }

    var flag: UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symlink: UInt8(ascii: "2")
        case .directory: UInt8(ascii: "5")
        case .special: UInt8(ascii: "6")
        }
    }

    /// Where a link points; `nil` for what is no link.
    package var linkTarget: String? {
        switch kind {
        case .symlink(let target), .hardLink(let target): target
        default: nil
        }
    }
}

extension String {
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// The ASCII bytes alone, for headers that stand beside a pax record.
    var asciiBytes: [UInt8] { utf8.filter { $0 < 0x80 } }
}

/// One record of a pax header: its own length, a space, `key=value`, a line end.
enum PaxRecord {
    static func bytes(key: String, value: String) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value.fileNameBytes + [UInt8(ascii: "\n")]
        var length = rest.count
        // The length counts its own digits, which may add one more.
        length += String(length).utf8.count
        let digits = String(rest.count + String(length).utf8.count)
        return Array(digits.utf8) + rest
    }

    /// The value of a key, the last one where it stands more than once; `nil` without it, or in a broken record.
    static func value(of key: String, in records: ArraySlice<UInt8>) -> [UInt8]? {
        let wanted = Array(" \(key)=".utf8)
        var rest = records
        var value: [UInt8]?
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count, length <= rest.count
            else { return value }
            let record = rest.prefix(length).dropFirst(digits.count)
            if record.starts(with: wanted) { value = Array(record.dropFirst(wanted.count).dropLast()) }
            rest = rest.dropFirst(length)
        }
        return value
    }
}
