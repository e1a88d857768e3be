import Diagnostics
import ElixirBuildpacks
import HTTP
import SystemPackage

/// The program's own client, as the command line wires it.
struct FileDownloader: Downloader {
    func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int {
        do {
            return try await FileDownloads().fetch(url, to: file, limit: limit)
        } catch {
            try Task.checkCancellation()
            throw Failure(.transport, error.message)
        }
    }
}
