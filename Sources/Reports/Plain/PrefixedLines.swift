import Lifecycle

/// Output with the buildpack's name before each line.
///
/// Works on bytes: a build may print hundreds of thousands of lines a second.
enum PrefixedLines {
    static func bytes(of output: Output) -> [UInt8] {
        let prefix = Array((output.buildpack.map { "[\(BuildpackName.short($0))] " } ?? "").utf8)
        var text = output.text
        return text.withUTF8 { bytes in prefixed(bytes, with: prefix) }
    }

    private static func prefixed(_ bytes: UnsafeBufferPointer<UInt8>, with prefix: [UInt8]) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2 + prefix.count + 1)
        var start = 0
        while start < bytes.count {
            let rest = UnsafeBufferPointer(rebasing: bytes[start...])
            let length = rest.firstIndex(of: newline) ?? rest.count
            result.append(contentsOf: prefix)
            result.append(contentsOf: rest.prefix(length))
            result.append(newline)
            start += length + 1
        }
        return result
    }
}
