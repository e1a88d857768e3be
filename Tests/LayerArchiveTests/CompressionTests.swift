import Diagnostics
import Glibc
import LayerArchive
import SystemPackage
import TestSupport
import Testing

@Suite struct CompressionTests {
    static let methods: [CompressionMethod] = [.gzip(), .gzip(level: 1), .zstd(), .zstd(level: 10)]
    static let sizes = [0, 1, 1000, 1 << 20, (1 << 20) + 1, 4_500_000]

    @Test("what is compressed comes back", arguments: methods, sizes)
    func roundTrip(method: CompressionMethod, size: Int) throws {
        let input = bytes(size)
        let output = MemorySink()
        try Decompression.copy(.bytes(try compress(input, method, threads: 2)), to: output, limit: Int64(size))
        #expect(output.bytes == input)
    }

    @Test("the bytes do not depend on the number of threads", arguments: methods)
    func deterministic(method: CompressionMethod) throws {
        let input = bytes(9_000_000)
        let one = try compress(input, method, threads: 1)
        #expect(try compress(input, method, threads: 5) == one)
        #expect(one.count < input.count)
    }

    @Test("the usual programs unpack it", arguments: ["gzip", "zstd"])
    func otherPrograms(name: String) async throws {
        let tool = try findTool(name)
        try await withTemporaryFolder { folder in
            let input = bytes(5_000_000)
            let file = folder.appending("x")
            let sink = try FileSink(creating: file)
            try sink.write(try compress(input, name == "gzip" ? .gzip() : .zstd(), threads: 2))
            let end = try await run(tool, ["-d", "-c", file.string, "--force"]).succeeded()
            #expect(end.output == String(decoding: input, as: UTF8.self))
        }
    }

    @Test("a bomb is refused at the limit")
    func bomb() throws {
        let packed = try compress(Array(repeating: 0, count: 5_000_000), .gzip(), threads: 2)
        let error = #expect(throws: Failure.self) {
            try Decompression.copy(.bytes(packed), to: MemorySink(), limit: 1_000_000)
        }
        #expect(error?.code == .overLimit)
    }

    @Test("a stream that is cut off is an error", arguments: [CompressionMethod.gzip(), .zstd()])
    func cutOff(method: CompressionMethod) throws {
        let packed = try compress(bytes(1_500_000), method, threads: 1)
        let error = #expect(throws: Failure.self) {
            try Decompression.copy(.bytes(Array(packed.dropLast(20))), to: try DigestSink(), limit: .max)
        }
        #expect(error?.message.contains("runcated") == true, "\(error?.message ?? "")")
    }

    @Test("a damaged stream never passes for the whole one", arguments: [CompressionMethod.gzip(), .zstd()])
    func damaged(method: CompressionMethod) throws {
        let input = bytes(1_500_000)
        var packed = try compress(input, method, threads: 1)
        packed[packed.count / 2] ^= 0x55
        let output = MemorySink()
        // libarchive does not compare gzip's own checksum: digests are what tells.
        try? Decompression.copy(.bytes(packed), to: output, limit: .max)
        #expect(output.bytes != input)
    }

    private func compress(_ input: [UInt8], _ method: CompressionMethod, threads: Int) throws -> [UInt8] {
        let memory = MemorySink()
        let sink = try CompressionSink(method, next: memory, threads: threads)
        try sink.write(input)
        try sink.finish()
        return memory.bytes
    }

    /// Text that compresses about as source code does, and is nowhere the same for long.
    private func bytes(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        let seed = (0..<50_000).map { index in
            if index % 7 == 0 { state = state &* 1_664_525 &+ 1_013_904_223 }
            return UInt8(ascii: "a") + UInt8(truncatingIfNeeded: (state >> 20) % 26)
        }
        var text: [UInt8] = []
        var round = 0
        while text.count < count {
            text.append(contentsOf: "\(round)".utf8)
            text.append(contentsOf: seed.dropFirst(round * 97 % 40_000))
            round += 1
        }
        return Array(text.prefix(count))
    }
}
