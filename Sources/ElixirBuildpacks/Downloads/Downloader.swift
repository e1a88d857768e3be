import SystemPackage

/// What fetches files from the network: handed in, so that the buildpacks know of no client.
package protocol Downloader: Sendable {
    /// Fetches what stands at an address into a file, which is made or emptied first.
    /// - Parameter limit: the most bytes that are taken.
    /// - Returns: the status of the answer, such as 200 or 404.
    /// - Throws: `Failure` when there is no whole answer, `CancellationError`.
    func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int

    /// Whether anything can be fetched at all; where not, mix itself fetches what it can.
    var isThere: Bool { get }
}

extension Downloader {
    /// It is.
    package var isThere: Bool { true }
}
