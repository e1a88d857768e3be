import Glibc
import SecretSearch
import SystemPackage
import Testing

@Suite("A secret's own memory")
struct SecretBufferTests {
    /// A text that is nowhere else in this process.
    private static func secret() -> String {
        String((0..<512).map { _ in Character(UnicodeScalar(UInt8.random(in: 0x61...0x7A))) })
    }

    /// What lies at an address now, whoever it belongs to; the kernel reads it.
    private static func memory(at address: UInt, count: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open("/proc/self/mem", .readOnly)
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = bytes.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, count, off_t(address)) }
        return Array(bytes.prefix(max(0, read)))
    }

    private static func address(of buffer: SecretBuffer) -> UInt {
        buffer.withBytes { UInt(bitPattern: $0.baseAddress) }
    }

    /// How many of the value's parts of eight bytes are there.
    private static func parts(of value: String, in memory: [UInt8]) -> Int {
        let bytes = Array(value.utf8)
        return stride(from: 0, to: min(bytes.count, memory.count) - 8, by: 8)
            .filter { memory[$0..<$0 + 8] == bytes[$0..<$0 + 8] }.count
    }

    @Test("The bytes are there while someone holds them, and overwritten when nobody does")
    func overwritten() throws {
        let value = Self.secret()
        var first: SecretBuffer? = SecretBuffer(value)
        var second = first
        let address = Self.address(of: try #require(first))
        first = nil
        #expect(Self.parts(of: value, in: try Self.memory(at: address, count: 512)) == 63)
        #expect(second?.withValue { $0 } == value)
        second = nil
        #expect(Self.parts(of: value, in: try Self.memory(at: address, count: 512)) == 0)
    }

    @Test("It prints as nothing, however it is printed, and compares by value")
    func shows() {
        let value = Self.secret()
        let buffer = SecretBuffer(value)
        var dumped = ""
        dump(buffer, to: &dumped)
        for text in ["\(buffer)", String(reflecting: buffer), "\([buffer])", dumped] { #expect(!text.contains(value)) }
        #expect(buffer == SecretBuffer(value))
        #expect(buffer != SecretBuffer(value + "x"))
        #expect(SecretBuffer("").count == 0)
    }
}
