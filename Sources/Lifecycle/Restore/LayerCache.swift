import BuildpackAPI
import Diagnostics
import Digests
import Files
import Glibc
import LayerArchive
import SystemPackage

/// The cache of external buildpacks' layers: `committed` is what the last build left, `staging` what this one leaves.
///
/// Layers are plain tars named by their digests (CNB Platform specification, "Cache"). A new state takes the old one's
/// place by a rename, so that a build that is killed leaves the old one.
struct LayerCache {
    let volume: FilePath

    private var committed: FilePath { volume.appending("committed") }
    private var staging: FilePath { volume.appending("staging") }
    private var replaced: FilePath { volume.appending("replaced") }

    /// What the cache holds; a swap that a kill cut in two is undone first.
    func metadata() -> CacheMetadata {
        if !committed.exists, replaced.exists { _ = rename(replaced.string, committed.string) }
        return CacheMetadata(in: committed)
    }

    /// Unpacks a cached layer, once its digest is checked.
    /// - Throws: `Failure` where it is missing or not what it was.
    func extract(_ sha: String, _ subject: [String], into layers: FilePath) throws {
        let tar = tar(sha, in: committed)
        guard tar.kind == .file else { throw Failure(.malformed, "it is not in the cache") }
        guard try Self.digest(of: tar) == sha else { throw Failure(.malformed, "it is damaged in the cache") }
        var extraction = LayerExtraction(subject, into: layers)
        try extraction.extract(.file(tar))
    }

    /// Begins a new state.
    func begin() throws {
        try staging.remove()
        try staging.makeFolders()
    }

    /// Writes a layer into the new state.
    /// - Returns: the digest of its tar.
    func add(_ contents: LayerContents) throws -> String {
        let temporary = staging.appending("new.tar")
        let sink = try DigestSink(next: try FileSink(creating: temporary))
        try contents.write(to: sink)
        let sha = "sha256:" + (sink.digest ?? "")
        try temporary.move(to: tar(sha, in: staging))
        return sha
    }

    /// Puts the new state in the old one's place.
    func commit(_ metadata: CacheMetadata) throws {
        try metadata.write(in: staging)
        try replaced.remove()
        if committed.exists { try committed.move(to: replaced) }
        try staging.move(to: committed)
        try replaced.remove()
    }

    private func tar(_ sha: String, in folder: FilePath) -> FilePath {
        folder.appending(ProjectCache.escaped(sha) + ".tar")
    }

    private static func digest(of file: FilePath) throws -> String {
        let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        return try descriptor.closeAfter {
            var hash = try MessageDigest()
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { return "sha256:" + (try hash.finish()) }
                try chunk.withUnsafeBytes { try hash.update(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
            }
        }
    }
}
