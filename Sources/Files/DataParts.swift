import Glibc

/// The parts of an open file that hold data, in order; all between them are holes, which read as zeros.
package struct DataParts: Sequence, IteratorProtocol {
    // SEEK_DATA and SEEK_HOLE of unistd.h.
    private static let (data, hole): (Int32, Int32) = (3, 4)

    private let descriptor: Int32
    private let size: Int64
    private var place: Int64 = 0

    /// Takes a file of that size; the place at which it is read changes.
    package init(of descriptor: Int32, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    package mutating func next() -> Range<Int64>? {
        guard place < size else { return nil }
        let start = Int64(lseek(descriptor, off_t(place), Self.data))
        // Nothing but a hole is left, or the file system knows of no holes.
        guard start >= 0 else {
            defer { place = size }
            return errno == ENXIO ? nil : place..<size
        }
        let end = Int64(lseek(descriptor, off_t(start), Self.hole))
        place = end > start ? Swift.min(end, size) : size
        return start < place ? start..<place : nil
    }
}
