import Glibc
public import SystemPackage

extension FilePath {
    /// Writes a file whose name is any bytes, in this folder, which is made where it is missing.
    public func writeRaw(_ name: [UInt8], _ text: String = "text", linkTo target: [UInt8]? = nil) throws {
        try makeFolder()
        let path = string.utf8CString.dropLast() + ([47] + name + [0]).map { CChar(bitPattern: $0) }
        if let target {
            guard symlink(target.map { CChar(bitPattern: $0) } + [0], Array(path)) == 0 else {
                throw Errno(rawValue: errno)
            }
            return
        }
        let number = open(Array(path), O_CREAT | O_WRONLY, 0o644)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        try FileDescriptor(rawValue: number).closeAfter { _ = try FileDescriptor(rawValue: number).writeAll(text.utf8) }
    }

    /// The names in this folder as the system has them, sorted.
    public func rawNames() throws -> [[UInt8]] {
        guard let stream = opendir(string) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            withUnsafeBytes(of: &entry.pointee.d_name) { names.append(Array($0.prefix { $0 != 0 })) }
        }
        return names.filter { $0 != [46] && $0 != [46, 46] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
