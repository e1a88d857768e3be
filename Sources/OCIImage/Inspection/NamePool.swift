/// Many short names in one array of bytes.
struct NamePool: Sendable {
    /// Where a name stands.
    struct Slice: Sendable, Hashable {
        var start: UInt32
        var length: UInt32
        static let empty = Slice(start: 0, length: 0)
    }

    private(set) var storage: [UInt8] = []

    mutating func add(_ name: some Collection<UInt8>) -> Slice {
        let start = UInt32(storage.count)
        storage.append(contentsOf: name)
        return Slice(start: start, length: UInt32(storage.count) - start)
    }

    func bytes(_ slice: Slice) -> ArraySlice<UInt8> {
        storage[Int(slice.start)..<Int(slice.start) + Int(slice.length)]
    }

    func withStorage<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        storage.withUnsafeBufferPointer(body)
    }

    func text(_ slice: Slice) -> String { String(decoding: bytes(slice), as: UTF8.self) }
}
