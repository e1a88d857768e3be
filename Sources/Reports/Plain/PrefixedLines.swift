import Glibc
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
        guard let base = bytes.baseAddress else { return result }
        result.reserveCapacity(bytes.count + bytes.count / 2 + prefix.count + 1)
        var start = 0
        while start < bytes.count {
            // memchr looks at many bytes at a time.
            let found = memchr(base + start, Int32(newline), bytes.count - start)
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
            result.append(contentsOf: end == start ? prefix.dropLast() : prefix[...])
            result.append(contentsOf: UnsafeBufferPointer(start: base + start, count: end - start))
            result.append(newline)
            start = end + 1
        }
        return result
    }
}
