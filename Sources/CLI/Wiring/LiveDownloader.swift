import Diagnostics
import ElixirBuildpacks
import HTTP
import SystemPackage

/// Fetches files for the buildpacks, by the client that speaks to registries too.
struct LiveDownloader: Downloader {
    func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int {
        do {
            return try await FileDownloads().fetch(url, to: file, limit: limit)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}
