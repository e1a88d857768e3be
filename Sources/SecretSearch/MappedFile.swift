import Diagnostics
import Files
import Glibc
import SystemPackage

/// A file's bytes in memory, without a copy.
enum MappedFile {
    /// Lends the bytes of a file to `body`.
    /// - Throws: `Failure` when it cannot be read.
    static func withBytes<Result>(
        of path: FilePath, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let number = open(path.nameBytes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        let path = path.string
        guard number >= 0 else { throw Failure.system(.unreadable, path) }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw Failure.system(.unreadable, path) }
        let size = Int(status.st_size)
        guard size > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        // A small file is read faster than it is mapped.
        guard size > 65_536 else { return try read(number, size, path, body) }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, number, 0), start != MAP_FAILED else {
            throw Failure.system(.unreadable, path)
        }
        defer { munmap(start, size) }
        return try body(UnsafeRawBufferPointer(start: start, count: size))
    }

    private static func read<Result>(
        _ number: Int32, _ size: Int, _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { buffer in
            var count = 0
            while count < size {
                let got = Glibc.read(number, buffer.baseAddress.map { $0 + count }, size - count)
                if got < 0 { throw Failure.system(.unreadable, path) }
                if got == 0 { break }
                count += got
            }
            return try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        }
    }
}
