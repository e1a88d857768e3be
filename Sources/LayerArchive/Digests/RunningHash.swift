import Diagnostics
import Digests

/// A hash that threads may work on one after the other.
final class RunningHash {
    private var hash: MessageDigest
    private var problem: Failure?

    init() throws(Failure) { hash = try MessageDigest() }

    /// Adds bytes; what fails is told by `finish`.
    func update(_ bytes: UnsafeRawBufferPointer) {
        do throws(Failure) {
            try hash.update(bytes)
        } catch {
            problem = error
        }
    }

    /// The digest in hex.
    func finish() throws(Failure) -> String {
        if let problem { throw problem }
        return try hash.finish()
    }
}
