/// A hash that threads may work on one after the other.
final class RunningHash {
    private var hash: Sha256
    private var problem: ArchiveError?

    init() throws(ArchiveError) { hash = try Sha256() }

    /// Adds bytes; what fails is told by `finish`.
    func update(_ bytes: UnsafeRawBufferPointer) {
        do throws(ArchiveError) {
            try hash.update(bytes)
        } catch {
            problem = error
        }
    }

    /// The digest in hex.
    func finish() throws(ArchiveError) -> String {
        if let problem { throw problem }
        return try hash.finish()
    }
}
