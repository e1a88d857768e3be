import Diagnostics
import Glibc
import SystemPackage

extension FilePath {
    /// The whole file; links are followed, anything but a regular file is refused.
    /// - Parameter limit: the most bytes that are taken.
    /// - Throws: `Failure` of code `notFound`, `unreadable`, or `overLimit` for a file that is larger.
    package func bytes(limit: Int = .max) throws(Failure) -> [UInt8] {
        // A pipe would be waited for; what is no regular file is refused below.
        let number = open(nameBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            throw .system(errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable, string)
        }
        defer { _ = close(number) }
        guard let stamp = FileStamp(open: number) else { throw .system(.unreadable, string) }
        guard stamp.kind == .file else { throw Failure(.unreadable, "\(string) is not a file") }
        guard stamp.size <= limit else {
            throw Failure(.overLimit, "\(string) has \(stamp.size) bytes, more than the \(limit) allowed")
        }
        // One more than the size tells a file that grew, and one of /proc, whose size is 0.
        return try read(number, expected: Int(stamp.size) + 1, limit: limit)
    }

    /// The whole file as text, invalid UTF-8 repaired; `nil` where it cannot be read.
    package var text: String? { (try? bytes()).map { String(decoding: $0, as: UTF8.self) } }

    private func read(_ number: Int32, expected: Int, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var size = expected
        while true {
            guard let part = FileDescriptor(rawValue: number).filled(size) else {
                throw .system(.unreadable, string)
            }
            // The first part is all of a file that does not grow.
            if bytes.isEmpty { bytes = part } else { bytes += part }
            guard bytes.count <= limit else {
                throw Failure(.overLimit, "\(string) has more than \(limit) bytes")
            }
            if part.count < size { return bytes }
            size = 1 << 16
        }
    }
}

extension FileDescriptor {
    /// The next bytes, fewer than asked for only at the end of the file; `nil` is an error.
    package func filled(_ size: Int) -> [UInt8]? {
        var isGood = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            while count < size {
                let got = Glibc.read(rawValue, space.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                isGood = got >= 0
                if got <= 0 { return }
                count += got
            }
        }
        return isGood ? bytes : nil
    }
}
