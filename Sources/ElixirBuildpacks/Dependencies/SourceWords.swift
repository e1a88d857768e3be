import Files
import Glibc
import SystemPackage

/// The words in a dependency's code, to see what of the outside it may read.
struct SourceWords {
    private let bytes: [UInt8]
    /// Whether it has code for a compiler of the machine's.
    let isNative: Bool

    private static let largest: Int64 = 4 << 20
    private static let code: Set<String> = ["ex", "exs", "erl", "hrl", "eex", "src", "config", "script", "yrl", "xrl"]
    private static let native: Set<String> = ["c", "cc", "cpp", "h", "rs", "toml", "zig", "mk"]

    /// Reads the code below a folder.
    init(folder: FilePath) throws {
        var bytes: [UInt8] = []
        var isNative = false
        var open = [folder]
        while let place = open.popLast() {
            for name in place.names where name != ".git" {
                let path = place.appending(name)
                guard let stamp = FileStamp(of: path) else { continue }
                switch stamp.kind {
                case .folder: open.append(path)
                case .file:
                    let ending = name.split(separator: ".").last.map(String.init) ?? ""
                    isNative = isNative || Self.native.contains(ending) || name.hasPrefix("Makefile")
                    if Self.code.contains(ending), stamp.size <= Self.largest { bytes += try path.bytes() + [10] }
                case .link, .other, .missing: continue
                }
            }
        }
        self.bytes = bytes
        self.isNative = isNative
    }

    /// Whether a word occurs in the code.
    func contains(_ word: String) -> Bool {
        let needle = Array(word.utf8)
        guard let first = needle.first else { return true }
        return bytes.withUnsafeBytes { text in
            guard let start = text.baseAddress else { return false }
            var offset = 0
            while offset + needle.count <= text.count,
                let found = memchr(start + offset, Int32(first), text.count - offset - needle.count + 1)
            {
                if memcmp(found, needle, needle.count) == 0 { return true }
                offset = UnsafeRawPointer(found) - start + 1
            }
            return false
        }
    }

    /// The variables whose names occur in the code.
    func named(among variables: [String: String]) -> [String: String] { variables.filter { contains($0.key) } }
}
