/// One record of a pax header: its own length, a space, `key=value`, a line end.
enum PaxRecord {
    static func bytes(key: String, value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        // The length counts its own digits, which may add one more.
        length += String(length).utf8.count
        let digits = String(rest.utf8.count + String(length).utf8.count)
        return Array((digits + rest).utf8)
    }
}
