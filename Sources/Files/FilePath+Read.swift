import Diagnostics
import Glibc
import SystemPackage

extension FilePath {
    /// The whole file; links are followed, anything but a regular file is refused.
    /// - Parameter limit: the most bytes that are taken.
    /// - Throws: `Failure` of code `notFound`, `unreadable`, or `overLimit` for a file that is larger.
    package func bytes(limit: Int = .max) throws(Failure) -> [UInt8] {
        // A pipe would be waited for; what is no regular file is refused below.
        let number = open(string, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            throw .system(errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable, string)
        }
        defer { _ = close(number) }
        var status = Glibc.stat()
        guard fstat(number, &status) == 0 else { throw .system(.unreadable, string) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(.unreadable, "\(string) is not a file") }
        guard status.st_size <= limit else {
            throw Failure(.overLimit, "\(string) has \(status.st_size) bytes, more than the \(limit) allowed")
        }
        // One more than the size tells a file that grew, and one of /proc, whose size is 0.
        return try read(number, expected: Int(status.st_size) + 1, limit: limit)
    }

    /// The whole file as text, invalid UTF-8 repaired; `nil` where it cannot be read.
    package var text: String? { (try? bytes()).map { String(decoding: $0, as: UTF8.self) } }

    private func read(_ number: Int32, expected: Int, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var size = expected
        while true {
            let (part, isWhole) = Self.part(number, size)
            guard isWhole != nil else { throw .system(.unreadable, string) }
            bytes += part
            guard bytes.count <= limit else {
                throw Failure(.overLimit, "\(string) has more than the \(limit) bytes allowed")
            }
            if isWhole == true { return bytes }
            size = 1 << 16
        }
    }

    /// At most so many bytes, and whether the file ends with them; `nil` is an error.
    private static func part(_ number: Int32, _ size: Int) -> ([UInt8], isWhole: Bool?) {
        var isWhole: Bool? = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            while count < size {
                let got = Glibc.read(number, space.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    isWhole = got == 0 ? true : nil
                    return
                }
                count += got
            }
        }
        return (bytes, isWhole)
    }
}
