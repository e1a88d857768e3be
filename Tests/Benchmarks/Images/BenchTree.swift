import Glibc
import SystemPackage
import TestSupport

/// A generated folder of many files: a third of the bytes cannot be compressed, the rest is like source code.
struct BenchTree {
    let folder: FilePath
    let megabytes: Int
    private static let filesPerFolder = 100

    /// 30 files a megabyte.
    private var fileCount: Int { megabytes * 30 }

    /// Writes the files; the same ones each time.
    func write() throws {
        let noise = Self.noise(16 << 20)
        let text = Self.text(16 << 20)
        let mean = (megabytes << 20) / fileCount
        for number in 0..<fileCount {
            let place = folder.appending("\(number / Self.filesPerFolder)")
            if number % Self.filesPerFolder == 0 { try place.makeFolder() }
            // From a quarter of the mean to seven quarters.
            let size = mean / 4 + (number * 7919) % (mean * 3 / 2)
            let pool = number % 3 == 0 ? noise : text
            let start = (number * 104_729) % (pool.count - size)
            try Self.write(pool[start..<start + size], to: place.appending("file-\(number)"))
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .init(rawValue: 0o644))
        try file.closeAfter { _ = try bytes.withUnsafeBytes { try file.writeAll($0) } }
    }

    private static func noise(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { space, written in
            var state: UInt64 = 88_172_645_463_325_252
            for place in stride(from: 0, to: count, by: 8) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                UnsafeMutableRawBufferPointer(space).storeBytes(of: state, toByteOffset: place, as: UInt64.self)
            }
            written = count
        }
    }

    /// Words in an order that does not repeat.
    private static func text(_ count: Int) -> [UInt8] {
        let words = [
            "defmodule ", "def ", "do\n  ", "end\n", "case ", "with {:ok, value} <- ", "Enum.map(", "fn item -> ",
            "GenServer.call(pid, ", "|> String.split(\"\\n\")", "%{name: name, id: id}", "socket", "assigns", "0x1f, ",
            "[head | tail]", "raise ArgumentError, ",
        ].map { Array($0.utf8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        var state: UInt32 = 1
        while bytes.count < count {
            state = state &* 1_664_525 &+ 1_013_904_223
            bytes += words[Int(state >> 28)]
            if state >> 24 & 7 == 0 { bytes += "value_\(state >> 12) ".utf8 }
        }
        return Array(bytes.prefix(count))
    }
}
