internal import CCurl
import Synchronization

/// Handles of libcurl that wait for the next request, with the connections that they have open.
final class HTTPHandles: Sendable {
    // Pointers, which go from thread to thread one at a time.
    private let idle = Mutex<[UInt]>([])

    deinit {
        let left = idle.withLock { $0 }
        for handle in left { curl_easy_cleanup(UnsafeMutableRawPointer(bitPattern: handle)) }
    }

    /// A handle that nobody else has.
    func take() -> UnsafeMutableRawPointer? {
        let known = idle.withLock { $0.popLast() }
        return known.flatMap { UnsafeMutableRawPointer(bitPattern: $0) } ?? curl_easy_init()
    }

    /// Takes a handle back; its options are forgotten, its connections stay.
    func give(_ handle: UnsafeMutableRawPointer) {
        curl_easy_reset(handle)
        idle.withLock { $0.append(UInt(bitPattern: handle)) }
    }
}
