/// Finds a node by its folder and its name: open addressing over node numbers, a quarter of a dictionary's time and memory.
struct NodeTable: Sendable {
    private var slots: [Int32] = Array(repeating: -1, count: 1 << 10)
    private var used = 0

    /// The slot of a name: with the node that has it, or free.
    func slot(parent: Int32, name: UnsafeRawBufferPointer, nodes: [FileTree.Node], names: NamePool) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(parent, name) & mask
        while slots[slot] >= 0 {
            let node = nodes[Int(slots[slot])]
            if node.parent == parent, Int(node.name.length) == name.count,
                names.bytes(node.name).elementsEqual(name)
            {
                return slot
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// The node in a slot; `nil` where it is free.
    func node(in slot: Int) -> Int32? { slots[slot] < 0 ? nil : slots[slot] }

    /// Puts a node into a free slot; the table grows when it is half full, and slots change then.
    mutating func set(_ slot: Int, to node: Int32, nodes: [FileTree.Node], names: NamePool) {
        slots[slot] = node
        used += 1
        if used * 2 > slots.count { grow(nodes, names) }
    }

    private mutating func grow(_ nodes: [FileTree.Node], _ names: NamePool) {
        let old = slots
        slots = Array(repeating: -1, count: old.count * 4)
        let mask = slots.count - 1
        for node in old where node >= 0 {
            let entry = nodes[Int(node)]
            var slot = names.bytes(entry.name).withUnsafeBytes { Self.hash(entry.parent, $0) } & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = node
        }
    }

    /// FNV-1a, with the folder's number as the seed.
    private static func hash(_ parent: Int32, _ name: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(bitPattern: Int64(parent)) &* 0x9e37_79b9_7f4a_7c15
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x7fff_ffff_ffff_ffff)
    }
}

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
